"""Writing messages down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from vestry.councils import api as councils
from vestry.design.capability import Contact
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.notify import rules
from vestry.notify.events import MessageQueued
from vestry.notify.models import Message

# What a message that holds a code is called in the timeline. The space keeps it apart from every name that a
# definition may give a message.
CODE = "a code"


def fill(template: str, words: dict[str, str]) -> str:
    """Put words into a template: ``((reference))``, or ``((garden??Put the lid down.))`` when it isn't "no".

    Case, spaces, hyphens and underscores in a word don't count. An unknown word stays as it is written.
    """
    return rules.fill(template, words)


def unknown_words(template: str, known: frozenset[str]) -> list[str]:
    """The ((words)) of a template that nothing will fill, as they are written there."""
    spelt = {rules.as_word(word) for word in known}
    return [found.written for found in rules.placeholders(template) if found.word not in spelt]


def send(  # noqa: PLR0913 - each is said by its name
    *,
    to: Contact | str,
    subject: str,
    body: str,
    about: Ref,
    key: str,
    now: datetime,
    actor: Ref,
    called: str = "message",
    secret: bool = False,
) -> None:
    """Write down one email to be sent; nothing more happens for a ``key`` already used.

    ``called`` names the message in the timeline, such as ``confirmation``. One that is ``secret`` opens a
    door: officers never see its text, and it is forgotten once gone. Somebody without an email address is not
    written to.
    """
    said = {"subject": subject, "body": body, "called": called, "secret": secret}
    _write_down(to, about, key, now, actor, said)


def send_code(
    *, to: Contact | str, subject: str, body: str, about: Ref, key: str, now: datetime, actor: Ref
) -> None:
    """As `send`, for a secret that is asked for again where it does not arrive: it is nobody's work."""
    send(
        to=to,
        subject=subject,
        body=body,
        about=about,
        key=key,
        now=now,
        actor=actor,
        called=CODE,
        secret=True,
    )


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
                "body": rules.storable(said["body"]),
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
