"""One statement, what it said, and what waits to be read again. See `strategy.api`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vestry.kernel import Ref
from vestry.strategy import models
from vestry.strategy.api.refusals import NoSuchStatement

# Of what is to be read again, as much as anybody reads at once.
REREAD = 50


@dataclass(frozen=True, kw_only=True)
class StatementView:
    """A statement as it stands. ``kind`` is ``statement``, or what hangs here by itself: ``service``.

    ``reread_since``: since when it waits to be read again, because ``reread_for`` above it changed.
    """

    slug: str
    layer: str
    sentence: str
    since: date
    kind: str = "statement"
    owner: str = ""
    ended_on: date | None = None
    reread_since: datetime | None = None
    reread_for: str = ""

    @property
    def ref(self) -> Ref:
        """What facts call it."""
        return Ref("statement", self.slug)


@dataclass(frozen=True, kw_only=True)
class WordingView:
    """What a statement said from ``since`` on. ``came`` and ``went`` count words against the one before."""

    number: int
    sentence: str
    since: date
    until: date | None
    came: int
    went: int
    by: str
    decided_in: str
    reason: str


def row_of(slug: str, *, lock: bool = False) -> models.Statement:
    """The row of a statement that has not ended. Raises `NoSuchStatement`."""
    rows = models.Statement.objects.select_for_update() if lock else models.Statement.objects
    found = rows.filter(slug=slug, ended_on=None).first()
    if found is None:
        raise NoSuchStatement
    return found


def standing(row: models.Statement) -> models.Wording:
    """What a statement says now; what it said last, when it has ended."""
    return models.Wording.objects.filter(statement=row).order_by("-number")[0]


def statement_view(row: models.Statement, wording: models.Wording) -> StatementView:
    """A statement as others see it."""
    return StatementView(
        slug=row.slug,
        layer=row.layer,
        sentence=wording.sentence,
        since=wording.since,
        owner=row.owner,
        ended_on=row.ended_on,
        reread_since=row.reread_since,
        reread_for=row.reread_for,
    )


def get_statement(slug: str) -> StatementView:
    """One statement, ended or not. Raises `NoSuchStatement`."""
    row = models.Statement.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuchStatement
    return statement_view(row, standing(row))


def linked(slug: str) -> dict[tuple[str, str], str]:
    """What a statement serves and is guided by, by name and kind of link, each with its reason."""
    rows = models.Link.objects.filter(child=slug, until=None).order_by("pk")
    return {(row.parent, row.kind): row.reason for row in rows}


def history(slug: str) -> list[WordingView]:
    """Everything a statement ever said, oldest first. Empty for none."""
    rows = models.Wording.objects.filter(statement__slug=slug).order_by("number")
    return [
        WordingView(
            number=row.number,
            sentence=row.sentence,
            since=row.since,
            until=row.until,
            came=row.came,
            went=row.went,
            by=row.by,
            decided_in=row.decided_in,
            reason=row.reason,
        )
        for row in rows
    ]


def to_reread(*, owner: str = "", skip: int = 0, most: int = REREAD) -> tuple[list[StatementView], int]:
    """What waits to be read again because something above it changed, so much of it, and how much there is;
    one team's where ``owner`` is given.
    """
    said = models.Wording.objects.select_related("statement").filter(
        statement__ended_on=None, statement__reread_since__isnull=False, until=None
    )
    if owner:
        said = said.filter(statement__owner=owner)
    ordered = said.order_by("statement__reread_since", "statement__place")[skip : skip + most]
    return [statement_view(each.statement, each) for each in ordered], said.count()
