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
    """Whoever carries our email took the message. Whether it was read, nobody can know."""

    name = "notify.message_sent"
    sentence = mark("An email was sent: {called}.")
    privacy = _PRIVACY

    message: int
    called: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact):
    """The message is in the mailbox it was meant for."""

    name = "notify.message_delivered"
    sentence = mark("An email was delivered: {called}.")
    privacy = _PRIVACY

    message: int
    called: str


@dataclass(frozen=True, kw_only=True)
class MessageReturned(Fact):
    """The message was taken, but never tried on its way: it waits to be sent again."""

    name = "notify.message_returned"
    sentence = mark("An email did not go out after all, and is sent again: {called}.")
    privacy = _PRIVACY

    message: int
    called: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """The message will not be tried again: its address was refused, or every try failed."""

    name = "notify.message_failed"
    sentence = mark("An email could not be delivered: {called}. Ring or write instead.")
    told = mark("We could not send you an email about this.")
    privacy = _PRIVACY

    message: int
    called: str
    attempts: int
    failure: str
    """``permanent`` or ``temporary``."""
