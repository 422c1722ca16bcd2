"""Handing messages over."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.utils.translation import gettext as _

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, port
from vestry.ledger import api as ledger
from vestry.notify import rules
from vestry.notify.events import MessageFailed, MessageSent
from vestry.notify.models import Message, Messages
from vestry.notify.ports import Email, OutboundEmail, Rejected, Unreachable
from vestry.notify.rules import FAILED, QUEUED, SENT

log = structlog.get_logger()

# One call handles so many at most, so that one council's post does not keep another's waiting.
AT_ONCE = 20


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
        _fail(message, str(rejected), "permanent", now)
    except Unreachable as unreachable:
        return _try_later(message, str(unreachable), now)
    except Exception as fault:  # noqa: BLE001 - one message that breaks the adapter must not stop the others
        # The text of an exception may quote an address; its kind never does.
        log.warning("message_broke", message=message.pk, error=type(fault).__name__)
        reason = _("Vestry made a mistake (%(kind)s). Tell whoever runs it for you.")
        return _try_later(message, reason % {"kind": type(fault).__name__}, now)
    else:
        _settle(message, email, now)
    return True


def _outbound(message: Message, council: councils.CouncilView) -> OutboundEmail:
    return OutboundEmail(
        message_id=message.message_id,
        tried_before=message.attempts > 1,
        written_at=message.queued_at,
        to=message.to,
        to_name=message.to_name,
        sender_name=council.name,
        reply_to=council.contact_email,
        subject=message.subject,
        body=message.body,
        wrapped=rules.laid_out(message.body),
    )


def _settle(message: Message, email: Email, now: datetime) -> None:
    wait = rules.ask_after(0) if email.receipts else None
    keep_text = not message.secret or email.desk_is_mailbox
    with ledger.transaction():
        # It went, whoever holds the claim by now: any later try would be one too many.
        went = Message.objects.filter(pk=message.pk, state=QUEUED).update(
            state=SENT,
            done_at=now,
            last_error="",
            body=message.body if keep_text else "",
            ask_at=now + wait if wait else None,
            asks=0,
        )
        if went:
            fact = MessageSent(message=message.pk, called=message.called, attempts=message.attempts)
            ledger.record(fact, subject=Ref.read(message.about), actor=SYSTEM, now=now)


def _try_later(message: Message, reason: str, now: datetime) -> bool:
    wait = rules.wait_after(message.attempts)
    if wait is None:
        _fail(message, reason, "temporary", now)
        return True
    Message.objects.still_mine(message).update(next_try=now + wait, last_error=reason)
    return False


def _fail(message: Message, reason: str, failure: str, now: datetime) -> None:
    with ledger.transaction():
        fail(Message.objects.still_mine(message), message, reason=reason, failure=failure, now=now)


def fail(found: Messages, message: Message, *, reason: str, failure: str, now: datetime) -> None:
    """Mark a message as failed for good, if it is still among those found; in the caller's transaction."""
    text = "" if message.secret else message.body
    marked = found.update(
        state=FAILED, failure=failure, done_at=now, last_error=reason, body=text, ask_at=None
    )
    if marked:
        fact = MessageFailed(
            message=message.pk, called=message.called, attempts=message.attempts, failure=failure
        )
        ledger.record(fact, subject=Ref.read(message.about), actor=SYSTEM, now=now)
