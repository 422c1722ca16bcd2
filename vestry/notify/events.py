"""What notify states. The subject is the thing a message is about."""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = "The number of a message and the name of its template; never whom it went to or what it says."


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Fact):
    """A message is written and waits to be sent."""

    name = "notify.message_queued"
    sentence = mark("An email is ready to send: {called}.")
    privacy = _PRIVACY

    message: int
    called: str


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """The mail server took the message. Whether it was read, nobody can know."""

    name = "notify.message_sent"
    sentence = mark("An email was sent: {called}.")
    privacy = _PRIVACY

    message: int
    called: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """The message will not be tried again: its address was refused, or every try failed."""

    name = "notify.message_failed"
    sentence = mark("An email could not be sent: {called}. See the list of messages for the reason.")
    told = mark("We could not send you an email about this.")
    privacy = _PRIVACY

    message: int
    called: str
    attempts: int
