"""One turn of asking the provider about what is due: what one question comes to keeps no other waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from vestry.pay.models import Payment, Refund
from vestry.pay.ports import NotThere, Rejected, Unreachable

# One may have a fault of its own; when so many in a row are not answered, nobody is there to answer.
UNHEARD = 3

Due = TypeVar("Due", Payment, Refund)


def go_round(
    due: Sequence[Due],
    ask: Callable[[Due], None],
    put_off: Callable[[Due, str], None],
    free: Callable[[Sequence[Due]], object],
) -> int:
    """``ask`` about each; ``put_off`` those it did not work for. How many it worked for.

    Where nobody answers, the rest is given ``free`` unasked: it comes before what was put off.
    """
    done = unheard = 0
    for number, each in enumerate(due, start=1):
        try:
            ask(each)
        except (NotThere, Rejected, Unreachable) as fault:
            put_off(each, str(fault))
            unheard += 1
            if unheard == UNHEARD:
                free(due[number:])
                break
        else:
            done, unheard = done + 1, 0
    return done
