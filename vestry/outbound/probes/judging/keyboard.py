"""By keyboard alone: whether every control is come to and seen to be, and a form can be filled in."""

from __future__ import annotations

from vestry.kernel import mark
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.judging.said import Judge, Said, listed, met, not_known, not_met, partly
from vestry.outbound.probes.keyboard import Gone
from vestry.outbound.probes.seen import Seen

MISSES = 2


def by_keyboard(seen: Seen) -> Said:
    """E11: Tab comes to every control in order, shows it, is let go, and the form can be filled in."""
    gone = _gone(seen)
    held = next((each.trapped for each in gone if each.trapped), "")
    if held:
        return not_met(mark("The keyboard cannot get away from “{name}”."), name=held)
    stuck = [name for each in gone for name in each.stuck]
    if stuck:
        return not_met(mark("The form cannot be filled in by keyboard: {names}."), names=listed(stuck))
    wrong = [
        *(f"not reached: {name}" for each in gone for name in each.missed),
        *(f"focus not seen: {name}" for each in gone for name in each.hidden),
        *(f"out of order: {name}" for each in gone for name in each.back),
    ]
    if len(set(wrong)) > MISSES:
        return not_met(mark("By keyboard: {wrong}."), wrong=listed(wrong))
    lost = next((each.lost for each in gone if each.lost), "")
    if lost:
        return not_known(mark("The keyboard could not be followed further than “{name}”."), name=lost)
    if wrong:
        return partly(mark("By keyboard: {wrong}."), wrong=listed(wrong))
    stops = sum(len(each.stops) for each in gone)
    if not any(each.form for each in gone):
        return not_known(
            mark("{stops} controls were come to in order, but no form was seen to be filled in."), stops=stops
        )
    return met(mark("{stops} controls were come to in order, and a form can be filled in."), stops=stops)


def _gone(seen: Seen) -> list[Gone]:
    if isinstance(seen.gone_through, NotReached):
        raise seen.gone_through
    if not seen.gone_through:
        raise NotReached(mark("It was not looked at."))
    return seen.gone_through


JUDGES = {"E11": Judge(says=by_keyboard, evidence=("keyboard.json",))}
