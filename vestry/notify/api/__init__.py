"""The door to notify: tell people, and know that it went.

1. `send` (or `send_code`) writes a message down, once for each key, in the transaction of whoever speaks.
2. The worker calls `deliver_due`: each due message is claimed, handed to the port ``notify.email`` with no
   transaction open, and marked. A worker killed in between sends it again, with the same Message-ID.
3. What can't be sent now is tried again, for two days; what can't be sent at all is marked as failed.
4. Whoever carries our email may say what became of it: `take_receipt` when they do, and the worker's
   `ask_receipts` when they don't.
5. `forget` erases whom messages went to and what they said, `forget_codes` that of codes after 30 days.
6. `sent` and `about` show officers what went out, and how far it came.
"""

from __future__ import annotations

from vestry.notify.api.delivering import deliver_due
from vestry.notify.api.forgetting import forget, forget_codes, is_to_send
from vestry.notify.api.receipts import NoReceipts, ask_receipts, take_receipt
from vestry.notify.api.showing import MessageView, about, sent
from vestry.notify.api.writing import CODE, fill, send, send_code, unknown_words
from vestry.notify.ports import NotAReceipt, NotFromThem
from vestry.notify.rules import DELIVERED, FAILED, QUEUED, SENT

__all__ = [
    "CODE",
    "DELIVERED",
    "FAILED",
    "QUEUED",
    "SENT",
    "MessageView",
    "NoReceipts",
    "NotAReceipt",
    "NotFromThem",
    "about",
    "ask_receipts",
    "deliver_due",
    "fill",
    "forget",
    "forget_codes",
    "is_to_send",
    "send",
    "send_code",
    "sent",
    "take_receipt",
    "unknown_words",
]
