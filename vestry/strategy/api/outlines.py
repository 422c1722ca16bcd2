"""A strategy as it is written down: taken in, and given back. See `strategy.api`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import msgspec
from django.utils.translation import gettext as _

from vestry.kernel import SYSTEM, Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.strategy import events, models
from vestry.strategy.api.reading import layers
from vestry.strategy.api.revisions import touch
from vestry.strategy.api.views import standing
from vestry.strategy.api.walking import batches, below, counted
from vestry.strategy.rules import markdown
from vestry.strategy.rules import outline as rules
from vestry.strategy.rules.changes import ADD, ASSIGN, END, LINK, MOVE, REWORD, UNLINK, Change
from vestry.strategy.rules.graph import SERVES
from vestry.strategy.rules.layers import DEFAULT, Layer, depths
from vestry.strategy.rules.outline import Earlier, Fault, Statement
from vestry.strategy.rules.shape import GUIDED
from vestry.strategy.rules.words import edit, spoken


class FaultyOutline(Refused):
    """The strategy can't be used as it is: {faults}"""


def faults(outline: Sequence[Statement], layers: Sequence[Layer] = DEFAULT) -> list[Fault]:
    """What is wrong with an outline, each with the statement it is about; none when it can be used."""
    return [replace(one, what=_(one.what).format(**one.words)) for one in rules.faults(outline, layers)]


def put_outline(
    outline: Iterable[Statement], *, layers: Sequence[Layer] = DEFAULT, by: Ref = SYSTEM, now: datetime
) -> bool:
    """Make this the council's strategy, if it is another outline than the one taken in last: what was changed
    here since stays while the outline stays as it was. Says whether it was taken in. Raises `FaultyOutline`.
    """
    listed = list(outline)
    if found := faults(listed, layers):
        raise FaultyOutline(faults=" ".join(fault.what for fault in found))
    digest = hashlib.sha256(msgspec.json.encode([list(layers), listed])).hexdigest()
    with ledger.transaction():
        last = models.Imported.objects.first()
        if last and last.digest == digest:
            return False
        models.Imported.objects.update_or_create(defaults={"digest": digest})
        _put_layers(layers)
        stood = [row for place, each in enumerate(listed) if (row := _put(each, place, by, now))]
        said, depth = {each.slug: each for each in listed}, depths(layers)
        # From the top down: what says something else too need not be read again for what is above it.
        for row in sorted(stood, key=lambda each: depth.get(each.layer, 0)):
            _say(row, said[row.slug], by, now)
        gone = models.Statement.objects.filter(ended_on=None).exclude(slug__in=[each.slug for each in listed])
        for row in gone:
            end_statement(row, local_day(now), by, now)
        touch()
    return True


def _put_layers(layers: Sequence[Layer]) -> None:
    models.Layer.objects.all().delete()
    if list(layers) != list(DEFAULT):
        models.Layer.objects.bulk_create(
            models.Layer(
                slug=layer.slug,
                place=place,
                title=layer.title,
                asks=layer.asks,
                words=layer.words,
                review=layer.review,
                changed_by=list(layer.changed_by),
            )
            for place, layer in enumerate(layers)
        )


def _put(statement: Statement, place: int, by: Ref, now: datetime) -> models.Statement | None:
    """A statement in its place, with its links; its row where it was there before and is not over yet."""
    today = local_day(now)
    row = models.Statement.objects.filter(slug=statement.slug).first()
    if row is None:
        row = models.Statement(slug=statement.slug, layer=statement.layer, owner=statement.owner, place=place)
        row.save()
        _put_history(row, statement, by, now)
        begun = (statement.before[0].since if statement.before else statement.since) or today
        put_links(row.slug, _links(statement), since=begun, by=by, now=now)
        if statement.ended:
            end_statement(row, statement.ended, by, now)
        return None
    over = row.ended_on is not None and statement.ended is not None
    row.place, row.ended_on = place, row.ended_on if over else None
    row.save(update_fields=["place", "ended_on"])
    if over:  # all of it was told when it was taken in first
        return None
    if not statement.ended:
        settle(row, layer=statement.layer, owner=statement.owner, by=by, now=now)
        put_links(row.slug, _links(statement), since=today, by=by, now=now)
    return row


def _say(row: models.Statement, statement: Statement, by: Ref, now: datetime) -> None:
    """What a statement that was there before says now, or that it ends."""
    if statement.ended:
        return end_statement(row, statement.ended, by, now)
    said = standing(row)
    if said.sentence != statement.sentence or said.until:
        since = statement.since if statement.since and statement.since > said.since else local_day(now)
        reword_row(row, statement.sentence, since=since, by=by, decided=statement.decided, now=now)
    return None


def settle(row: models.Statement, *, layer: str, owner: str, by: Ref, now: datetime) -> None:
    """Let a statement stand in a layer, and a team look after it; inside a transaction."""
    moved = [events.StatementMoved(layer=layer)] if row.layer != layer else []
    assigned = [events.StatementAssigned(owner=owner)] if row.owner != owner else []
    for fact in (*moved, *assigned):
        ledger.record(fact, subject=Ref("statement", row.slug), actor=by, now=now)
    if moved or assigned:
        row.layer, row.owner = layer, owner
        row.save(update_fields=["layer", "owner"])


def _put_history(row: models.Statement, statement: Statement, by: Ref, now: datetime) -> None:
    """All that a new statement ever said, as the outline tells it."""
    last = Earlier(
        sentence=statement.sentence, since=statement.since or local_day(now), decided=statement.decided
    )
    told = [*statement.before, last]
    ends: list[date | None] = [later.since for _, later in pairwise(told)]
    before = ""
    for number, (each, until) in enumerate(zip(told, [*ends, None], strict=True), start=1):
        change = edit(before, each.sentence)
        models.Wording.objects.create(
            statement=row,
            number=number,
            sentence=each.sentence,
            since=each.since,
            until=until,
            words=len(spoken(each.sentence)),
            came=change.came,
            went=change.went,
            by=str(by),
            decided_in=each.decided,
        )
        before = each.sentence
    fact = events.StatementMade(
        layer=row.layer, words=len(spoken(statement.sentence)), since=told[0].since.isoformat()
    )
    ledger.record(fact, subject=Ref("statement", row.slug), actor=by, now=now)


def reword_row(
    row: models.Statement,
    sentence: str,
    *,
    since: date,
    by: Ref,
    now: datetime,
    decided: str = "",
    reason: str = "",
) -> None:
    """Give a statement another wording from a day on, say so, and mark what hangs from it to be read again;
    inside a transaction.
    """
    said, under = standing(row), below(row.slug)
    change = edit(said.sentence, sentence)
    # Of the same day, the later wording counts: the earlier one then stood for no day at all.
    since = max(since, said.since)
    if said.until is None:
        said.until = since
        said.save(update_fields=["until"])
    wording = models.Wording.objects.create(
        statement=row,
        number=said.number + 1,
        sentence=sentence,
        since=since,
        words=len(spoken(sentence)),
        came=change.came,
        went=change.went,
        by=str(by),
        decided_in=decided,
        reason=reason,
    )
    row.confirmed_on, row.reread_since, row.reread_for = None, None, ""
    row.save(update_fields=["confirmed_on", "reread_since", "reread_for"])
    fact = events.StatementReworded(
        number=wording.number,
        words=wording.words,
        came=change.came,
        went=change.went,
        since=since.isoformat(),
        hangs=counted(under).all,
    )
    ledger.record(fact, subject=Ref("statement", row.slug), actor=by, now=now)
    for batch in batches(each for each in under if ":" not in each):
        marked = models.Statement.objects.filter(slug__in=batch, ended_on=None)
        marked.update(reread_since=now, reread_for=row.slug)


def put_links(
    child: str, wanted: Mapping[tuple[str, str], str], *, since: date, by: Ref, now: datetime
) -> None:
    """Make these the links of a statement, by parent and kind, each with its reason; inside a transaction."""
    subject = Ref("statement", child)
    standing = {
        (link.parent, link.kind): link for link in models.Link.objects.filter(child=child, until=None)
    }
    for (parent, kind), link in standing.items():
        if (parent, kind) not in wanted:
            link.until = since
            link.save(update_fields=["until"])
            gone = events.LinkEnded(parent=parent, kind=kind, until=since.isoformat())
            ledger.record(gone, subject=subject, actor=by, now=now)
    for (parent, kind), reason in wanted.items():
        if (parent, kind) in standing:
            models.Link.objects.filter(pk=standing[parent, kind].pk).update(reason=reason)
            continue
        models.Link.objects.create(child=child, parent=parent, kind=kind, reason=reason, since=since)
        made = events.LinkMade(parent=parent, kind=kind, since=since.isoformat())
        ledger.record(made, subject=subject, actor=by, now=now)


def end_statement(row: models.Statement, on: date, by: Ref, now: datetime) -> None:
    """Take a statement out of the strategy from a day on; inside a transaction."""
    row.ended_on = on
    row.reread_since, row.reread_for = None, ""
    row.save(update_fields=["ended_on", "reread_since", "reread_for"])
    models.Wording.objects.filter(statement=row, until=None).update(until=on)
    for link in models.Link.objects.filter(child=row.slug, until=None):
        link.until = on
        link.save(update_fields=["until"])
    ledger.record(
        events.StatementEnded(on=on.isoformat()), subject=Ref("statement", row.slug), actor=by, now=now
    )


def outline() -> list[Statement]:
    """The whole strategy as it can be written down: every statement, its history included, in its place."""
    rows = list(models.Statement.objects.order_by("place", "pk"))
    told: dict[int, list[models.Wording]] = {row.pk: [] for row in rows}
    for wording in models.Wording.objects.order_by("number"):
        told[wording.statement_id].append(wording)
    links: dict[str, list[models.Link]] = {row.slug: [] for row in rows}
    for link in models.Link.objects.filter(until=None).order_by("pk"):
        links.get(link.child, []).append(link)
    return [_written(row, told[row.pk], links[row.slug]) for row in rows]


def _written(
    row: models.Statement, told: Sequence[models.Wording], links: Sequence[models.Link]
) -> Statement:
    *before, last = told
    return Statement(
        slug=row.slug,
        layer=row.layer,
        sentence=last.sentence,
        serves={link.parent: link.reason for link in links if link.kind == SERVES},
        guided_by=tuple(link.parent for link in links if link.kind == GUIDED),
        owner=row.owner,
        since=last.since,
        decided=last.decided_in,
        # A wording may have been meant to begin only after the day on which the statement ended.
        ended=max(row.ended_on, last.since) if row.ended_on else None,
        before=tuple(
            Earlier(sentence=each.sentence, since=each.since, decided=each.decided_in) for each in before
        ),
    )


def differences(outline_: Sequence[Statement], *, ending: bool = False) -> list[Change]:
    """What would have to be changed so that the strategy says what an outline says, in the order in which it
    can be done: what comes, from the top down, then other layers, owners, words and links, then what goes,
    from the bottom up. ``ending``: what the outline does not name ends; otherwise it stays. Earlier wordings
    are not taken in.
    """
    now = {each.slug: each for each in outline() if each.ended is None}
    depth = depths(layers())
    named = sorted(
        (each for each in outline_ if each.ended is None), key=lambda each: depth.get(each.layer, len(depth))
    )
    changes = [
        Change(
            kind=ADD,
            slug=each.slug,
            layer=each.layer,
            sentence=each.sentence,
            serves=each.serves,
            owner=each.owner,
        )
        for each in named
        if each.slug not in now
    ]
    for each in named:
        changes += _different(each, now.get(each.slug))
    gone = {each.slug for each in outline_ if each.ended}
    gone |= now.keys() - {each.slug for each in outline_} if ending else set()
    ended = [each for each in now.values() if each.slug in gone]
    ended.sort(key=lambda each: -depth.get(each.layer, 0))
    return changes + [Change(kind=END, slug=each.slug) for each in ended]


def _different(wanted: Statement, standing: Statement | None) -> Iterator[Change]:
    slug = wanted.slug
    if standing is None:
        # What it serves came with it.
        standing = replace(wanted, guided_by=())
    if wanted.layer != standing.layer:
        yield Change(kind=MOVE, slug=slug, layer=wanted.layer, serves=wanted.serves)
        standing = replace(standing, serves=wanted.serves)
    if wanted.owner != standing.owner:
        yield Change(kind=ASSIGN, slug=slug, owner=wanted.owner)
    if wanted.sentence.split() != standing.sentence.split():
        yield Change(kind=REWORD, slug=slug, sentence=wanted.sentence)
    before, after = _links(standing), _links(wanted)
    for (parent, how), because in after.items():
        if (parent, how) not in before or before[parent, how].split() != because.split():
            yield Change(kind=LINK, slug=slug, parent=parent, how=how, because=because)
    for parent, how in before.keys() - after.keys():
        yield Change(kind=UNLINK, slug=slug, parent=parent, how=how)


def _links(of: Statement) -> dict[tuple[str, str], str]:
    serves = {(parent, SERVES): because for parent, because in of.serves.items()}
    return serves | {(parent, GUIDED): "" for parent in of.guided_by}


def written_outline() -> str:
    """What stands, as an outline in Markdown that can be taken in again."""
    return markdown.write(outline(), layers())
