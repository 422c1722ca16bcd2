"""What became of messages that went out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from vestry.kernel import SYSTEM, Fact, Ref, Refused, port
from vestry.ledger import api as ledger
from vestry.notify import rules
from vestry.notify.api.delivering import fail
from vestry.notify.events import MessageDelivered, MessageReturned
from vestry.notify.models import Message
from vestry.notify.ports import Receipt, Receipts, Unreachable
from vestry.notify.rules import DELIVERED, FAILED, QUEUED

# As many as are asked about in one turn: each is a question over the network.
AT_ONCE = 20


class NoReceipts(Refused):
    """Nobody sends us receipts: the way our email goes has none."""


def take_receipt(*, token: str, body: bytes, now: datetime) -> None:
    """Take what whoever carries our email says became of a message. Twice, or late, does no harm.

    One about a message that is not this council's changes nothing, and looks the same.
    Raises `NoReceipts`, `NotFromThem`, `NotAReceipt`.
    """
    receipts: Receipts | None = port("notify.email").receipts
    if receipts is None:
        raise NoReceipts
    receipt = receipts.read(token, body)
    if receipt:
        _became(receipt, now)


def ask_receipts(*, now: datetime) -> int:
    """Ask what became of the current council's messages whose receipt is overdue. How many were asked about.

    Call it outside any transaction: the network is asked in it. A question nobody hears ends the round.
    """
    receipts: Receipts | None = port("notify.email").receipts
    if receipts is None:
        return 0
    asked = 0
    for message in Message.objects.claim_unanswered(now, AT_ONCE):
        try:
            receipt = receipts.ask(message.message_id)
        except Unreachable:
            # The claim's lease ends soon enough, and nothing has been missed.
            return asked
        wait = rules.ask_after(message.asks + 1)
        # Only what is still to be known is asked again: a receipt may have come by itself meanwhile.
        Message.objects.filter(pk=message.pk, ask_at__isnull=False).update(
            ask_at=now + wait if wait else None, asks=message.asks + 1
        )
        if receipt:
            _became(receipt, now)
        asked += 1
    return asked


def _became(receipt: Receipt, now: datetime) -> None:
    with ledger.transaction():
        found = Message.objects.filter(message_id=receipt.message_id)
        message = found.select_for_update().first()
        if message is None:
            return
        wait = rules.wait_after(message.attempts)
        after = rules.state_after(
            message.state, receipt.became, can_go_again=bool(wait and message.body.strip())
        )
        if after == message.state:
            return
        if after == FAILED:
            failure = "permanent" if receipt.became == "permanent" else "temporary"
            fail(found, message, reason=_reason(receipt), failure=failure, now=now)
        elif after == DELIVERED:
            found.update(state=DELIVERED, failure="", done_at=now, last_error="", ask_at=None)
            _state(MessageDelivered(message=message.pk, called=message.called), message, now)
        elif after == QUEUED and wait:
            found.update(
                state=QUEUED, done_at=None, next_try=now + wait, last_error=_reason(receipt), ask_at=None
            )
            _state(MessageReturned(message=message.pk, called=message.called), message, now)


def _state(fact: Fact, message: Message, now: datetime) -> None:
    ledger.record(fact, subject=Ref.read(message.about), actor=SYSTEM, now=now)


def _reason(receipt: Receipt) -> str:
    if receipt.became == "permanent":
        return _("There is no such mailbox, or it takes no email from us.")
    if receipt.became == "temporary":
        return _("The mailbox did not take it for days. It may be full, or take it for unwanted email.")
    return _("It got stuck between our provider and the mail servers.")
