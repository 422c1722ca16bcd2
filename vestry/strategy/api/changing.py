"""Changing it: by whoever a layer belongs to. See `strategy.api`; what a change would do, `foreseeing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.strategy import events, models
from vestry.strategy.api.outlines import end_statement, put_links, reword_row, settle
from vestry.strategy.api.reading import layers
from vestry.strategy.api.refusals import (
    LeftBehind,
    NameTaken,
    NoSuchLayer,
    NotAbove,
    NotAName,
    NotDecidedHere,
    SaysNothing,
    ServesNothing,
    SkipsLayer,
    StillServed,
)
from vestry.strategy.api.revisions import touch
from vestry.strategy.api.views import StatementView, get_statement, linked, row_of, standing
from vestry.strategy.api.walking import batches
from vestry.strategy.rules.changes import ADD, ASSIGN, END, LINK, MOVE, REWORD, UNLINK, Change
from vestry.strategy.rules.graph import SERVES
from vestry.strategy.rules.layers import SERVICES, Layer, depths
from vestry.strategy.rules.markdown import called
from vestry.strategy.rules.outline import SLUG_LENGTH, is_name
from vestry.strategy.rules.words import spoken

MAY_CHANGE, MAY_PROPOSE = "strategy.change", "strategy.propose"


def layer_of(slug: str) -> Layer:
    """A layer by its name. Raises `NoSuchLayer`."""
    found = next((layer for layer in layers() if layer.slug == slug), None)
    if found is None:
        raise NoSuchLayer(layer=slug)
    return found


def decides(officer: people.OfficerView, layer: Layer) -> bool:
    """Whether an officer may change what a layer says."""
    if not layer.changed_by:
        return people.allowed(officer, MAY_PROPOSE)
    return bool(people.reach(officer, MAY_CHANGE, by=layer.changed_by))


def must_decide(officer: people.OfficerView, *layers: Layer) -> None:
    """Raises `NotDecidedHere`."""
    for layer in layers:
        if not decides(officer, layer):
            raise NotDecidedHere(layer=layer.title)


def tidy(sentence: str) -> str:
    """A sentence without what nobody sees. Raises `SaysNothing`."""
    sentence = " ".join(sentence.replace("\x00", "").split())
    if not spoken(sentence):
        raise SaysNothing
    return sentence


def name_for(sentence: str) -> str:
    """A short name nobody has yet, made of the first words of a sentence. Raises `SaysNothing`."""
    name = called(tidy(sentence))
    taken = set(
        models.Statement.objects.filter(slug__startswith=name[: SLUG_LENGTH - 4]).values_list(
            "slug", flat=True
        )
    )
    tries = (f"{name[: SLUG_LENGTH - 4].rstrip('-')}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in [name, *tries] if each not in taken)


def too_long(change: Change, layer: Layer) -> int:
    """By how many words a new or reworded sentence is over what its layer should have; 0 when it is not. It
    is told, and hinders nobody.
    """
    return max(len(spoken(change.sentence)) - layer.words, 0) if change.kind in {REWORD, ADD} else 0


def layers_for(change: Change, *, lock: bool = False) -> list[Layer]:
    """The layer a change is in; and the one it leads to. Raises `NoSuchStatement`, `NoSuchLayer`."""
    begins = [] if change.kind == ADD else [row_of(change.slug, lock=lock).layer]
    return [layer_of(slug) for slug in [*begins, *([change.layer] if change.kind in {ADD, MOVE} else [])]]


NONE: frozenset[str] = frozenset()


def check(change: Change, *, foretold: frozenset[str] = NONE, moving: frozenset[str] = NONE) -> None:
    """Raises what stands in the way of a change, whoever makes it: `NoSuchStatement`, `NotUnderstood`.
    ``foretold`` are statements whose coming or going is proposed too, and need not have happened yet;
    ``moving`` those that change their layer in one go with it: whether all fits is seen when all is done.
    """
    if change.kind == ADD:
        return _check_new(change, foretold | moving)
    row = row_of(change.slug)
    if change.kind == MOVE:
        layer_of(change.layer)
        if change.slug in change.serves:
            raise NotAbove
        check_serves(change.layer, change.serves, foretold | moving)
        if not moving:
            check_served(change.slug, change.layer)
    elif change.kind == REWORD:
        tidy(change.sentence)
    elif change.kind == END:
        links = models.Link.objects.filter(parent=change.slug, kind=SERVES, until=None)
        if links.exclude(child__in=foretold).exists():
            raise StillServed
    elif change.kind == LINK:
        _check_link(change, row, foretold | moving)
    elif (
        change.kind == UNLINK
        and change.how == SERVES
        and depths(layers())[row.layer]
        and not any(how == SERVES for _, how in _left(change))
    ):
        raise ServesNothing
    return None


def _check_link(change: Change, row: models.Statement, foretold: frozenset[str]) -> None:
    if change.parent not in foretold:
        row_of(change.parent)
    if change.parent == change.slug:
        raise NotAbove
    if change.how == SERVES:
        check_serves(row.layer, {change.parent: change.because}, foretold)


def _check_new(change: Change, foretold: frozenset[str]) -> None:
    tidy(change.sentence)
    if not is_name(change.slug):
        raise NotAName
    if models.Statement.objects.filter(slug=change.slug).exists():
        raise NameTaken
    check_serves(change.layer, change.serves, foretold)


def check_serves(layer: str, serves: Mapping[str, str], foretold: frozenset[str] = frozenset()) -> None:
    """Raises what is wrong with what a statement of a layer would serve."""
    depth = depths(layers())
    mine = depth[layer]
    if mine and not serves:
        raise ServesNothing
    for parent, reason in serves.items():
        if parent in foretold:
            continue
        steps = mine - depth[row_of(parent).layer]
        if steps < 1:
            raise NotAbove
        if steps > 1 and not reason:
            raise SkipsLayer


def check_served(slug: str, layer: str) -> None:
    """Raises `LeftBehind` for what could not serve a statement in a layer as it does now."""
    found, depth = layer_of(layer), depths(layers())
    links = models.Link.objects.filter(parent=slug, kind=SERVES, until=None).order_by("pk")
    reasons = dict(links.values_list("child", "reason"))
    of = dict.fromkeys(reasons, SERVICES)
    for batch in batches(each for each in reasons if ":" not in each):
        of |= dict(models.Statement.objects.filter(slug__in=batch).values_list("slug", "layer"))
    for child, reason in reasons.items():
        steps = depth[of[child]] - depth[layer]
        if steps < 1 or (steps > 1 and not reason and ":" not in child):
            raise LeftBehind(slug=slug, layer=found.title, child=child)


def check_moved(slug: str) -> None:
    """Raises what is wrong with where a statement stands, now that everything is done."""
    row = row_of(slug)
    check_serves(row.layer, {to: why for (to, how), why in linked(slug).items() if how == SERVES})
    check_served(slug, row.layer)


def carry_out(
    *,
    officer: people.OfficerView,
    change: Change,
    decided_in: str = "",
    reason: str = "",
    now: datetime,
) -> None:
    """Make a change, from today on; everything below what it changes is marked to be read again.

    Raises `NoSuchStatement`, `NotDecidedHere`, `NotUnderstood`.
    """
    with ledger.transaction():
        must_decide(officer, *layers_for(change, lock=True))
        do(change, Decision(by=officer.ref, where=decided_in, reason=reason, now=now))
        touch()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who decided something, where, why and when."""

    by: Ref
    where: str
    reason: str
    now: datetime


def do(change: Change, decision: Decision, *, moving: frozenset[str] = NONE) -> None:
    """Make a change that is decided; inside a transaction that ends with `touch`. ``moving``: see `check`."""
    check(change, moving=moving)
    _VERBS[change.kind](change, decision)


def _reword(change: Change, decision: Decision) -> None:
    row, sentence = row_of(change.slug, lock=True), tidy(change.sentence)
    if standing(row).sentence == sentence:
        return
    reword_row(
        row,
        sentence,
        since=local_day(decision.now),
        by=decision.by,
        now=decision.now,
        decided=decision.where,
        reason=decision.reason,
    )


def _add(change: Change, decision: Decision) -> None:
    today, sentence = local_day(decision.now), tidy(change.sentence)
    last = models.Statement.objects.order_by("-place").first()
    row = models.Statement.objects.create(
        slug=change.slug, layer=change.layer, owner=change.owner, place=last.place + 1 if last else 0
    )
    words = len(spoken(sentence))
    models.Wording.objects.create(
        statement=row,
        number=1,
        sentence=sentence,
        since=today,
        words=words,
        came=words,
        went=0,
        by=str(decision.by),
        decided_in=decision.where,
        reason=decision.reason,
    )
    made = events.StatementMade(layer=change.layer, words=words, since=today.isoformat())
    ledger.record(made, subject=Ref("statement", change.slug), actor=decision.by, now=decision.now)
    links = {(parent, SERVES): because for parent, because in change.serves.items()}
    put_links(change.slug, links, since=today, by=decision.by, now=decision.now)


def _end(change: Change, decision: Decision) -> None:
    end_statement(row_of(change.slug, lock=True), local_day(decision.now), decision.by, decision.now)


def _link(change: Change, decision: Decision) -> None:
    links = {**linked(change.slug), (change.parent, change.how): change.because}
    put_links(change.slug, links, since=local_day(decision.now), by=decision.by, now=decision.now)


def _unlink(change: Change, decision: Decision) -> None:
    put_links(change.slug, _left(change), since=local_day(decision.now), by=decision.by, now=decision.now)


def _move(change: Change, decision: Decision) -> None:
    row = row_of(change.slug, lock=True)
    settle(row, layer=change.layer, owner=row.owner, by=decision.by, now=decision.now)
    links = {key: because for key, because in linked(change.slug).items() if key[1] != SERVES}
    links |= {(parent, SERVES): because for parent, because in change.serves.items()}
    put_links(change.slug, links, since=local_day(decision.now), by=decision.by, now=decision.now)


def _assign(change: Change, decision: Decision) -> None:
    row = row_of(change.slug, lock=True)
    settle(row, layer=row.layer, owner=change.owner, by=decision.by, now=decision.now)


_VERBS: Mapping[str, Callable[[Change, Decision], None]] = {
    REWORD: _reword,
    ADD: _add,
    END: _end,
    LINK: _link,
    UNLINK: _unlink,
    MOVE: _move,
    ASSIGN: _assign,
}


def _left(change: Change) -> dict[tuple[str, str], str]:
    taken = (change.parent, change.how)
    return {key: reason for key, reason in linked(change.slug).items() if key != taken}


def reword(
    *,
    officer: people.OfficerView,
    slug: str,
    sentence: str,
    decided_in: str = "",
    reason: str = "",
    now: datetime,
) -> StatementView:
    """Change what a statement says, from today on. Raises as `carry_out`; the same again changes nothing."""
    change = Change(kind=REWORD, slug=slug, sentence=sentence)
    carry_out(officer=officer, change=change, decided_in=decided_in, reason=reason, now=now)
    return get_statement(slug)


def add(
    *,
    officer: people.OfficerView,
    slug: str,
    layer: str,
    sentence: str,
    serves: Mapping[str, str],
    owner: str = "",
    decided_in: str = "",
    now: datetime,
) -> StatementView:
    """Put a new statement into a layer; ``serves`` are those above it, each with the reason for skipping a
    layer where it does. Raises as `carry_out`.
    """
    change = Change(kind=ADD, slug=slug, layer=layer, sentence=sentence, serves=serves, owner=owner)
    carry_out(officer=officer, change=change, decided_in=decided_in, now=now)
    return get_statement(slug)


def end(*, officer: people.OfficerView, slug: str, now: datetime) -> None:
    """Take a statement out of the strategy, from today on. Raises as `carry_out`, and `StillServed` while
    something serves it: what that is for would be lost.
    """
    carry_out(officer=officer, change=Change(kind=END, slug=slug), now=now)


def link(
    *,
    officer: people.OfficerView,
    slug: str,
    parent: str,
    kind: str = SERVES,
    reason: str = "",
    now: datetime,
) -> None:
    """Let a statement serve, or be guided by, one above it. Raises as `carry_out`."""
    change = Change(kind=LINK, slug=slug, parent=parent, how=kind, because=reason)
    carry_out(officer=officer, change=change, now=now)


def unlink(*, officer: people.OfficerView, slug: str, parent: str, kind: str = SERVES, now: datetime) -> None:
    """Take a link away. Raises as `carry_out`, and `ServesNothing` for its last why."""
    carry_out(officer=officer, change=Change(kind=UNLINK, slug=slug, parent=parent, how=kind), now=now)


def confirm(*, officer: people.OfficerView, slug: str, now: datetime) -> None:
    """Say that a statement was read again and stays as it is. Raises `NoSuchStatement`; `NotDecidedHere` for
    whoever neither decides its layer nor is in the team that owns it.
    """
    with ledger.transaction():
        row = row_of(slug, lock=True)
        if row.owner not in officer.teams:
            must_decide(officer, layer_of(row.layer))
        today = local_day(now)
        row.confirmed_on, row.reread_since, row.reread_for = today, None, ""
        row.save(update_fields=["confirmed_on", "reread_since", "reread_for"])
        fact = events.StatementConfirmed(on=today.isoformat())
        ledger.record(fact, subject=Ref("statement", slug), actor=officer.ref, now=now)
        touch()
