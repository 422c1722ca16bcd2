"""The door to notify: tell people, and know that it went.

1. `send` (or `send_code`) writes a message down, once for each key, in the transaction of whoever speaks.
2. The worker calls `deliver_due`: each due message is claimed, handed to the port ``notify.email`` with no
   transaction open, and marked. A worker killed in between sends it again, with the same Message-ID.
3. What can't be sent now is tried again, for two days; what can't be sent at all is marked as failed.
4. `sent` shows officers what went out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.utils.translation import gettext as _

from vestry.councils import api as councils
from vestry.design.capability import Contact
from vestry.kernel import SYSTEM, Ref, port
from vestry.ledger import api as ledger
from vestry.notify import rules
from vestry.notify.events import MessageFailed, MessageQueued, MessageSent
from vestry.notify.models import FAILED, QUEUED, SENT, Message
from vestry.notify.ports import Email, OutboundEmail, Rejected, Unreachable

__all__ = [
    "FAILED",
    "QUEUED",
    "SENT",
    "MessageView",
    "deliver_due",
    "fill",
    "send",
    "send_code",
    "sent",
    "unknown_words",
]

log = structlog.get_logger()

# One call handles so many at most, so that one council's post does not keep another's waiting.
AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message as the desk shows it.

    ``state`` is ``queued``, ``sent`` or ``failed``. ``hidden`` is true when the text is not for officers'
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
    attempts: int
    queued_at: datetime
    done_at: datetime | None
    next_try: datetime | None
    last_error: str


def fill(template: str, words: dict[str, str]) -> str:
    """Put words into a template: ``((reference))``, or ``((garden??Put the lid down.))`` when it isn't "no".

    Case, spaces, hyphens and underscores in a word don't count. An unknown word stays as it is written.
    """
    return rules.fill(template, words)


def unknown_words(template: str, known: frozenset[str]) -> list[str]:
    """The ((words)) of a template that nothing will fill, as they are written there."""
    spelt = {rules.as_word(word) for word in known}
    return [found.written for found in rules.placeholders(template) if found.word not in spelt]


def send(
    *,
    to: Contact | str,
    subject: str,
    body: str,
    about: Ref,
    key: str,
    now: datetime,
    actor: Ref,
    called: str = "message",
) -> None:
    """Write down one email to be sent; nothing more happens for a ``key`` already used.

    ``called`` names the message in the timeline, such as ``confirmation``. Somebody without an email
    address is not written to.
    """
    _write_down(to, about, key, now, actor, {"subject": subject, "body": body, "called": called})


def send_code(
    *, to: Contact | str, subject: str, body: str, about: Ref, key: str, now: datetime, actor: Ref
) -> None:
    """As `send`, for a text that opens a door: officers never see it, and it is forgotten once gone."""
    said = {"subject": subject, "body": body, "called": "code", "secret": True}
    _write_down(to, about, key, now, actor, said)


def _write_down(
    to: Contact | str, about: Ref, key: str, now: datetime, actor: Ref, said: dict[str, Any]
) -> None:
    contact = Contact(email=to) if isinstance(to, str) else to
    address = rules.one_line(contact.email)
    if not address:
        return
    with ledger.transaction():
        message, new = Message.objects.get_or_create(
            key=key,
            defaults={
                **said,
                "subject": rules.one_line(said["subject"]),
                "body": rules.laid_out(said["body"]),
                "about": str(about),
                "to": address,
                "to_name": rules.one_line(contact.name),
                "message_id": _new_message_id(),
                "queued_at": now,
                "next_try": now,
            },
        )
        if new:
            fact = MessageQueued(message=message.pk, called=message.called)
            ledger.record(fact, subject=about, actor=actor, now=now)


def _new_message_id() -> str:
    hosts = councils.current().hosts
    return f"<{uuid.uuid4().hex}@{hosts[0] if hosts else 'vestry.invalid'}>"


def deliver_due(*, now: datetime) -> int:
    """Hand over the current council's due messages. Returns how many are settled: sent, or failed for good.

    Several workers may do this at once. Call it outside any transaction: the network is asked in it.
    A try that fails for now ends the round, so that a dead mail server costs one time-out, not one for each
    message.
    """
    council, started = councils.current(), monotonic()
    for settled in range(AT_ONCE):
        # A lease begins when a message is claimed: behind a slow server, that is long after the round began.
        moment = now + timedelta(seconds=int(monotonic() - started))
        message = Message.objects.claim_due(moment)
        if message is None or not _deliver(message, council, moment):
            return settled
    return AT_ONCE


def _deliver(message: Message, council: councils.CouncilView, now: datetime) -> bool:
    try:
        email: Email = port("notify.email")
        email.send(_outbound(message, council))
    except Rejected as rejected:
        _fail(message, str(rejected), now)
    except Unreachable as unreachable:
        return _try_later(message, str(unreachable), now)
    except Exception as fault:  # noqa: BLE001 - one message that breaks the adapter must not stop the others
        # The text of an exception may quote an address; its kind never does.
        log.warning("message_broke", message=message.pk, error=type(fault).__name__)
        reason = _("Vestry made a mistake (%(kind)s). Tell whoever runs it for you.")
        return _try_later(message, reason % {"kind": type(fault).__name__}, now)
    else:
        _settle(message, now, keep_text=not message.secret or email.desk_is_mailbox)
    return True


def _outbound(message: Message, council: councils.CouncilView) -> OutboundEmail:
    return OutboundEmail(
        message_id=message.message_id,
        written_at=message.queued_at,
        to=message.to,
        to_name=message.to_name,
        sender_name=council.name,
        reply_to=council.contact_email,
        subject=message.subject,
        body=message.body,
    )


def _settle(message: Message, now: datetime, *, keep_text: bool) -> None:
    with ledger.transaction():
        # It went, whoever holds the claim by now: any later try would be one too many.
        went = Message.objects.filter(pk=message.pk, state=QUEUED).update(
            state=SENT, done_at=now, last_error="", body=message.body if keep_text else ""
        )
        if went:
            fact = MessageSent(message=message.pk, called=message.called, attempts=message.attempts)
            ledger.record(fact, subject=Ref.read(message.about), actor=SYSTEM, now=now)


def _try_later(message: Message, reason: str, now: datetime) -> bool:
    wait = rules.wait_after(message.attempts)
    if wait is None:
        _fail(message, reason, now)
        return True
    Message.objects.still_mine(message).update(next_try=now + wait, last_error=reason)
    return False


def _fail(message: Message, reason: str, now: datetime) -> None:
    with ledger.transaction():
        text = "" if message.secret else message.body
        if Message.objects.still_mine(message).update(
            state=FAILED, done_at=now, last_error=reason, body=text
        ):
            fact = MessageFailed(message=message.pk, called=message.called, attempts=message.attempts)
            ledger.record(fact, subject=Ref.read(message.about), actor=SYSTEM, now=now)


def sent(*, limit: int = 100) -> list[MessageView]:
    """The council's newest messages, in whatever state they are."""
    in_view = port("notify.email").desk_is_mailbox
    return [_view(message, in_view) for message in Message.objects.order_by("-queued_at", "-pk")[:limit]]


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
        attempts=message.attempts,
        queued_at=message.queued_at,
        done_at=message.done_at,
        next_try=message.next_try if message.state == QUEUED else None,
        last_error=message.last_error,
    )
