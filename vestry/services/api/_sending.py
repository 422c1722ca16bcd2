"""Between the button and the confirmation, while only another site can go on: money has to come first.

1. `send` accepts the answers, makes what is held last, and lets each step that owes something get ready for
   it: the journey is *sending*. Where nothing is owed, or all of it is settled already, it is
   confirmed at once.
2. `depart` says where to go; nothing of this room is locked meanwhile.
3. Whoever learns first that it was settled finishes: the person who is back (`look`), the fact
   (`finish_settled`), the clock (`sending_due`). Under the row's lock, so once.
4. Where it can't be confirmed any more, it is stranded: each step that was settled is told, and the person
   chooses again, without settling it twice, or gets it back.

What was accepted stays as it was accepted: nobody who pays in time is told on their return that it is too
late. See docs/decisions/0021.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from vestry.design.capability import Elsewhere, Stop, Stopped
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services.api import _where as pages
from vestry.services.api._finishing import CannotConfirm, accept, accepted, confirm
from vestry.services.api._row import abandon, course, find, journeying, touch, view
from vestry.services.api._versions import definition_of
from vestry.services.api._where import SentBack, Where
from vestry.services.definition.language import CHECK, Item
from vestry.services.events import JourneyAccepted, JourneyStranded, JourneyTakenBack
from vestry.services.journeys import CannotHold, Journeying, Walk, hold_on, owed
from vestry.services.journeys import release as release_step
from vestry.services.models import Journey

# For so long what is held lasts while somebody is at the other site. Later it is good while nobody takes it.
AWAY = timedelta(minutes=30)
# For so long at least they can come back, however soon the service forgets those who stay away.
RETURN = timedelta(hours=3)

Agrees = Callable[[Where], bool]


@dataclass(frozen=True, kw_only=True)
class Waits:
    """A journey that is being sent, with what was accepted and how it stands elsewhere."""

    journey: Journeying
    walked: Walk
    owed: list[tuple[Item, Elsewhere]]

    @property
    def settled(self) -> bool:
        """Whether nothing is left to settle."""
        return all(each.state == "settled" for _item, each in self.owed)

    def visit(self, item: Item) -> Any:
        """It as the capability of one step sees it."""
        return self.journey.visit(item, self.walked.said, self.walked.words)


def send(
    row: Journey, token: str, now: datetime, *, channel: str, agrees: Agrees | None = None
) -> Where | None:
    """Send a locked journey that goes on: confirm it, or wait for another site. The page to wait on, if any.

    Raises `SentBack`; with the page *check* where somebody does not agree with it as it is by now.
    """
    seen = view(row, token)
    journey, walked = accept(row, seen, now)
    if agrees and not agrees(checked := pages.where(journey, walked, seen, CHECK)):
        raise SentBack(replace(checked, again=True))
    if not owed(journey, walked):
        _confirm(row, journey, walked, seen, channel=channel)
        return None
    try:
        journey = replace(journey, held=hold_on(journey, walked, now + AWAY))
    except CannotHold as refusal:
        raise SentBack(pages.stopped_at(walked, refusal.item.id, _stop(refusal.why), seen)) from None
    # The same shape as later, so that nothing is accepted now that would not be confirmed then.
    items = [item.id for item in walked.items]
    walked = accepted(journey, items, dict(walked.said))
    waits = [(item, each) for item, each in owed(journey, walked) if each.state != "settled"]
    if not waits:
        _confirm(row, journey, walked, seen, channel=channel)
        return None
    row.state, row.held = Journey.SENDING, dict(journey.held)
    day = journey.today.day.isoformat()
    row.sending = {"channel": channel, "items": items, "said": dict(walked.said), "on": day}
    _stay(row, now)
    row.save()
    fact = JourneyAccepted(channel=channel, waits=tuple(item.id for item, _each in waits))
    ledger.record(fact, subject=_about(row), **course(row, now))
    return pages.paying(journey, walked, view(row, token))


def _confirm(row: Journey, journey: Journeying, walked: Walk, seen: Any, *, channel: str) -> None:
    try:
        confirm(row, journey, walked, channel=channel)
    except CannotConfirm as refusal:
        raise SentBack(pages.stopped_at(walked, refusal.item.id, refusal.stop, seen)) from None


def as_it_stands(row: Journey, token: str, now: datetime) -> Where | None:
    """The page of a journey that was sent, is being sent, or was stranded; None for one that just goes on."""
    if row.state == Journey.SUBMITTED:
        return pages.done(row, token)
    seen = view(row, token)
    if row.state == Journey.SENDING:
        waits = waiting(row, now)
        return pages.paying(waits.journey, waits.walked, seen)
    if stranded := row.sending.get("stranded"):
        found = _stands_still(row, stranded, now)
        stop = Stop(title=stranded["title"], reason=stranded["reason"], instead=stranded["instead"])
        return pages.stranded(found, stop, stranded["step"], seen)
    return None


def _stands_still(row: Journey, stranded: dict[str, Any], now: datetime) -> tuple[Elsewhere, ...]:
    """What was settled when it was stranded, as it stands by now: it may have been given back."""
    if "items" in row.sending:
        return tuple(each for _item, each in waiting(row, now).owed)
    return tuple(Elsewhere(state="settled", title=title) for title in stranded["settled"])


def stands_now(row: Journey, token: str, now: datetime) -> Where | None:
    """The page of a locked journey that is being sent, finished if it is settled by now; None when it was."""
    _settle_if_settled(row, now)
    return None if row.state == Journey.SUBMITTED else as_it_stands(row, token, now)


def waiting(row: Journey, now: datetime) -> Waits:
    """A journey that is being sent, or was stranded, with what was accepted of it."""
    journey = journeying(row, now)
    # A price that depends on the day is the one that was accepted, also for whoever pays after midnight.
    day = date.fromisoformat(row.sending["on"])
    journey = replace(journey, today=replace(journey.today, day=day))
    walked = accepted(journey, row.sending["items"], row.sending["said"])
    return Waits(journey=journey, walked=walked, owed=owed(journey, walked))


def depart(*, token: str, service: str = "", back: str, now: datetime) -> str:
    """The address of the other site, for somebody who sends; what is held lasts from now on again.

    Call it outside any transaction: it may ask that site. Raises `SentBack` with the page to show instead:
    where the other site is away, where what was held is gone, where nothing is left to settle.
    `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        shown = _ready(row, token, now)
    if shown:
        raise SentBack(shown)
    waits = waiting(row, now)
    item = next((item for item, each in waits.owed if each.state != "settled"), None)
    if item is None:
        # A notice of the other site came in between.
        raise SentBack(look(token=token, service=service, now=now))
    capability = waits.journey.capabilities[item.word]
    try:
        return capability.depart(item.options, waits.visit(item), back)
    except Stopped as stopped:
        seen = view(row, token)
        away = Elsewhere(state="failed", title=stopped.stop.title, text=stopped.stop.reason)
        where = pages.paying(waits.journey, waits.walked, seen)
        raise SentBack(replace(where, title=away.title, owed=(away,), again=True)) from None


def _ready(row: Journey, token: str, now: datetime) -> Where | None:
    """Make ready to leave for the other site; the page to show instead, if they cannot."""
    seen = view(row, token)
    if row.state != Journey.SENDING:
        return as_it_stands(row, token, now) or Where(kind="check", step="check", journey=seen)
    waits = waiting(row, now)
    if waits.settled:
        settle(row, waits)
        return as_it_stands(row, token, now)
    try:
        row.held = hold_on(waits.journey, waits.walked, now + AWAY)
    except CannotHold as refusal:
        _take_back(row, waits, "gone")
        return pages.stopped_at(waits.walked, refusal.item.id, _stop(refusal.why), seen)
    _stay(row, now)
    row.save()
    return None


def look(*, token: str, service: str = "", now: datetime) -> Where:
    """Ask the other site how it stands, for somebody who is back; finish if it is settled.

    Call it outside any transaction: it may ask that site. Raises `NoSuchJourney`.
    """
    row = find(token, now, service)
    if row.state == Journey.SENDING:
        waits = waiting(row, now)
        for item, each in waits.owed:
            if each.state != "settled":
                waits.journey.capabilities[item.word].look(item.options, waits.visit(item))
        with ledger.transaction():
            row = find(token, now, service, lock=True)
            _settle_if_settled(row, now)
    shown = as_it_stands(row, token, now)
    return shown or Where(kind="check", step="check", journey=view(row, token))


def give_up(*, token: str, service: str = "", now: datetime) -> Where:
    """Give up what another site had to settle, so that the answers can be changed; if it was settled, finish.

    Raises `NoSuchJourney`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state == Journey.SENDING and not _settle_if_settled(row, now):
            _take_back(row, waiting(row, now), "changed")
        shown = as_it_stands(row, token, now)
    return shown or Where(kind="check", step="check", journey=view(row, token))


def finish_settled(*, journey: int, now: datetime) -> bool:
    """Finish a journey whose everything owed is settled; nothing otherwise. Whether it is finished now."""
    with ledger.transaction():
        row = Journey.objects.select_for_update(of=("self",)).select_related("version")
        row = row.filter(pk=journey, state=Journey.SENDING).first()
        return row is not None and _settle_if_settled(row, now)


def sending_due(row: Journey, now: datetime) -> bool:
    """A locked journey that was sent long ago and nobody came back to. Whether it came to an end."""
    waits = waiting(row, now)
    if waits.settled:
        settle(row, waits)
        return True
    if any(each.state == "waiting" for _item, each in waits.owed):
        # Money may be on its way: nobody's answers are deleted meanwhile.
        _stay(row, now)
        row.save(update_fields=["touched_at", "open_until", "link_until", "kept_until"])
        return False
    abandon(row, now, left=False)
    return True


def _settle_if_settled(row: Journey, now: datetime) -> bool:
    if row.state != Journey.SENDING:
        return False
    waits = waiting(row, now)
    if waits.settled:
        settle(row, waits)
    return waits.settled


def settle(row: Journey, waits: Waits) -> None:
    """Confirm a locked journey for which everything is settled; where that can't be, it is stranded."""
    channel = row.sending["channel"]
    try:
        # A savepoint: of what can't be confirmed whole, nothing is.
        with ledger.transaction():
            confirm(row, waits.journey, waits.walked, channel=channel)
    except CannotConfirm as refusal:
        _strand(row, waits, refusal)


def _strand(row: Journey, waits: Waits, refusal: CannotConfirm) -> None:
    stop, now = refusal.stop, waits.journey.now
    settled = [(item, each) for item, each in waits.owed if each.state == "settled"]
    for item, _each in settled:
        waits.journey.capabilities[item.word].strand(item.options, waits.visit(item), stop)
    row.state = Journey.STARTED
    row.sending["stranded"] = {
        "step": refusal.item.id,
        "title": stop.title,
        "reason": stop.reason,
        "instead": stop.instead,
        "settled": [each.title for _item, each in settled],
    }
    _stay(row, now)
    row.save()
    fact = JourneyStranded(step=refusal.item.id)
    ledger.record(fact, subject=_about(row), **course(row, now))


def _take_back(row: Journey, waits: Waits, why: str) -> None:
    """Give up what is owed and not settled; the answers can be changed again, and what else is held stays."""
    held = dict(row.held)
    for item, each in waits.owed:
        if each.state != "settled" and item.id in held:
            release_step(waits.journey, waits.walked, item)
            del held[item.id]
    row.state, row.sending, row.held = Journey.STARTED, {}, held
    touch(row, waits.journey.definition, waits.journey.now)
    row.save()
    fact = JourneyTakenBack(why=why)
    ledger.record(fact, subject=_about(row), **course(row, waits.journey.now))


def _stay(row: Journey, now: datetime) -> None:
    """Keep the address open for whoever is away, however short that of the service is."""
    touch(row, definition_of(row.version), now)
    row.open_until = max(row.open_until, now + RETURN)
    row.kept_until = max(row.kept_until, row.open_until)


def _stop(why: Any) -> Stop:
    if isinstance(why, Stopped):
        return why.stop
    return Stop(title=_("This cannot be sent as it is"), reason=why.sentence)


def _about(row: Journey) -> Ref:
    return Ref("journey", str(row.pk))
