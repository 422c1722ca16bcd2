"""What a change would do, counted before anything is done. See `strategy.api`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vestry.people import api as people
from vestry.strategy import models
from vestry.strategy.api.changing import check, decides, layers_for, too_long
from vestry.strategy.api.figures import figures_of
from vestry.strategy.api.views import StatementView, get_statement
from vestry.strategy.api.walking import Lost, above, batches, below, counted, left_without, views
from vestry.strategy.rules.changes import ADD, END, LINK, REWORD, UNLINK, Change
from vestry.strategy.rules.graph import SERVES, Hanging
from vestry.strategy.rules.words import Edit, edit

# What a person reads of a list before it is only a number.
SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Saving:
    """What a change would do: the words that come and go, and what hangs from the statement.

    ``statement`` is None for a new one. ``decides``: whether this officer may make it; otherwise it becomes a
    proposal. ``too_long``: by how many words it is over what its layer should have; 0 when it is not.
    ``gains`` and ``misses`` are statements above that it, and all that hangs from it, would then lead up to,
    and would no more.
    """

    change: Change
    statement: StatementView | None
    edit: Edit
    hangs: Hanging
    decides: bool
    too_long: int = 0
    gains: tuple[StatementView, ...] = ()
    misses: tuple[StatementView, ...] = ()


def before_saving(*, officer: people.OfficerView, change: Change, now: datetime) -> Saving:
    """What would happen if this change were made. Changes nothing.

    Raises what would stand in its way, but not that it isn't this officer's to make: `NoSuchStatement`,
    `NotUnderstood`.
    """
    concerned = layers_for(change)
    check(change)
    statement = get_statement(change.slug) if change.kind != ADD else None
    said = statement.sentence if statement else ""
    will = change.sentence if change.kind in {REWORD, ADD, END} else said
    gains, misses = _ladders(change)
    return Saving(
        change=change,
        statement=statement,
        edit=edit(said, will),
        hangs=hanging_from(change.slug) if statement else Hanging(by_layer={}, cases=0),
        decides=all(decides(officer, layer) for layer in concerned),
        too_long=too_long(change, concerned[0]),
        gains=gains,
        misses=misses,
    )


def hanging_from(slug: str) -> Hanging:
    """What hangs from a thing now, by layer, and how many open cases."""
    return counted(below(slug), of=slug)


def _ladders(change: Change) -> tuple[tuple[StatementView, ...], tuple[StatementView, ...]]:
    if change.kind not in {LINK, UNLINK} or change.how != SERVES:
        return (), ()
    before = above(change.slug)
    if change.kind == LINK:
        gained = [each for each in above(change.slug, also=change.parent) if each not in before]
        return tuple(views(gained)), ()
    after = above(change.slug, but=change.parent)
    return (), tuple(views([each for each in before if each not in after]))


@dataclass(frozen=True, kw_only=True)
class IfChanged:
    """What hangs on one statement.

    ``reread`` would have to be read again if it said something else, ``by_owner`` says by which team how
    many. ``lost`` would have no why any more if it were not there; ``elsewhere`` hangs from something else
    too, and would lead up another way. ``figures``: what is known of spend and hours a year of the services
    that would have to be read again, by what is counted.
    """

    statement: StatementView
    reread: Hanging
    by_owner: Mapping[str, int]
    lost: Lost
    elsewhere: int
    services: int
    figures: Mapping[str, tuple[float, int]]


def if_changed(slug: str, *, now: datetime) -> IfChanged:
    """What would be read again, hang otherwise, or lose its why. Raises `NoSuchStatement`."""
    statement = get_statement(slug)
    under = below(slug)
    lost = left_without(slug, under)
    owners: Counter[str] = Counter()
    for batch in batches(each for each in under if ":" not in each):
        rows = models.Statement.objects.filter(slug__in=batch, ended_on=None)
        owners.update(rows.values_list("owner", flat=True))
    services = [each for each in under if ":" in each]
    return IfChanged(
        statement=statement,
        reread=counted(under),
        by_owner=dict(owners.most_common()),
        lost=Lost(counts=counted(lost), shown=tuple(views(lost[:SHOWN]))),
        elsewhere=len(under) - len(lost),
        services=len(services),
        figures=figures_of(services, now=now),
    )


__all__ = ["END", "IfChanged", "Saving", "before_saving", "hanging_from", "if_changed"]
