"""What officers see of messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vestry.kernel import Ref, port
from vestry.notify.models import Message
from vestry.notify.rules import FAILED, QUEUED


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message as the desk shows it.

    ``state`` is ``queued``, ``sent``, ``delivered`` or ``failed``; ``failure`` then says how: ``permanent``
    (no such mailbox) or ``temporary`` (tried for days). ``hidden`` is true when the text is not for officers'
    eyes (it holds a code); ``body`` is empty then. ``last_error`` says in plain words what went wrong.
    """

    id: int
    called: str
    about: Ref
    to: str
    subject: str
    body: str
    hidden: bool
    state: str
    failure: str
    attempts: int
    queued_at: datetime
    done_at: datetime | None
    next_try: datetime | None
    last_error: str


def sent(*, limit: int = 100, failed: bool = False) -> list[MessageView]:
    """The council's newest messages, in whatever state; with ``failed``, only those that did not arrive."""
    found = Message.objects.filter(state=FAILED) if failed else Message.objects.all()
    return _views(found.order_by("-queued_at", "-pk")[:limit])


def about(ref: Ref) -> list[MessageView]:
    """All messages about one thing, oldest first, for whoever may see that thing."""
    return _views(Message.objects.filter(about=str(ref)).order_by("queued_at", "pk"))


def _views(found: Iterable[Message]) -> list[MessageView]:
    in_view = port("notify.email").desk_is_mailbox
    return [_view(message, in_view) for message in found]


def _view(message: Message, in_view: bool) -> MessageView:
    hidden = message.secret and not in_view
    return MessageView(
        id=message.pk,
        called=message.called,
        about=Ref.read(message.about),
        to=message.to,
        subject=message.subject,
        body="" if hidden else message.body,
        hidden=hidden,
        state=message.state,
        failure=message.failure,
        attempts=message.attempts,
        queued_at=message.queued_at,
        done_at=message.done_at,
        next_try=message.next_try if message.state == QUEUED else None,
        last_error=message.last_error,
    )
