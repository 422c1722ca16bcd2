"""What the test of a killed worker does in a process of its own: `python -m tests.faults.post VERB`."""
# ruff: noqa: E402 - Django is set up before anything of ours is imported

import os
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")

import django

django.setup()

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, utc_now
from vestry.notify import api as notify
from vestry.notify.models import Message


def queue():
    """Write twelve messages down."""
    for number in range(12):
        notify.send(
            to=f"resident-{number}@example.org",
            subject=f"Number {number}",
            body="Your reference is MB-7K3N-9QFA.",
            about=Ref("case", "MB-7K3N-9QFA"),
            key=str(number),
            now=utc_now(),
            actor=SYSTEM,
        )


def overdue():
    """As if the lease of whoever was killed had run out."""
    Message.objects.filter(state="queued").update(next_try=utc_now() - timedelta(seconds=1))


def settled():
    """Wait until nothing is left to send."""
    while Message.objects.filter(state="queued").exists():
        time.sleep(0.1)


def ids():
    """Every message's id and state."""
    for message in Message.objects.order_by("pk"):
        print(message.message_id, message.state, message.attempts)


if __name__ == "__main__":
    council = councils.establish(
        slug="harrowmere", name="Harrowmere", hosts=["localhost"], contact_email="hello@harrowmere.example"
    )
    with councils.scope(council):
        {"queue": queue, "overdue": overdue, "settled": settled, "ids": ids}[sys.argv[1]]()
