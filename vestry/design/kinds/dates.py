"""The question that asks for a date, in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from vestry.design import shown
from vestry.design.kinds.asked import Asked, visible
from vestry.design.kinds.bounds import ISO, TODAY, order, read_bound
from vestry.design.questions import Asking, Form, Wrong

PARTS = ("day", "month", "year")
# A year beyond these is a slip of the finger: nobody alive was born before, nothing is planned after.
FIRST_YEAR, LAST_YEAR = 1800, 2199
# Written out here, since Django's Welsh spells July wrong.
MONTHS = (
    ("january", "ionawr"), ("february", "chwefror"), ("march", "mawrth"), ("april", "ebrill"),
    ("may", "mai"), ("june", "mehefin"), ("july", "gorffennaf"), ("august", "awst"),
    ("september", "medi"), ("october", "hydref"), ("november", "tachwedd"), ("december", "rhagfyr"),
)  # fmt: skip
# The shortest that tells all of them apart.
SHORTEST_MONTH = 3
# Longer than any month in any language we speak.
LONGEST_PART = 30


class Date(Asked, frozen=True, kw_only=True):
    """A day."""

    kind: ClassVar[str] = "date"
    template: ClassVar[str] = "design/questions/date.html"
    first_part: ClassVar[str] = "day"

    earliest: str = ""
    """``today``, a date like ``2026-11-23``, or counted from today: ``2 years before today``."""
    latest: str = ""
    """As ``earliest``: ``3 months after today``."""
    autocomplete: Literal["", "bday"] = ""
    """``bday`` for the person's own date of birth, so that a browser may fill it in."""

    def read(self, form: Form) -> dict[str, str]:
        """The three boxes."""
        return {part: form.get(f"{self.id}-{part}", "") for part in PARTS}

    def given(self, raw: Any) -> dict[str, str]:
        """The three parts as text; empty when all three are."""
        if raw is None:
            return {}
        if isinstance(raw, str):
            return self._iso(raw)
        if not isinstance(raw, Mapping):
            raise Wrong(self.missing())
        parts = {part: _part(raw.get(part)) for part in PARTS}
        return parts if any(parts.values()) else {}

    def _iso(self, raw: str) -> dict[str, str]:
        text = raw[:LONGEST_PART].strip()
        if not text:
            return {}
        found = ISO.fullmatch(text)
        if not found:
            raise self._unreal()
        return dict(zip(PARTS, reversed(found.groups()), strict=True))

    def taken(self, given: dict[str, str], asking: Asking) -> str:
        """The day, written 2026-11-23."""
        lacking = [part for part in PARTS if not given[part]]
        if lacking:
            raise Wrong(self._lacks(lacking), lacking[0])
        month = _month(given["month"])
        if not month:
            raise self._unreal("month")
        if not (given["year"].isdecimal() and len(given["year"]) == len(str(FIRST_YEAR))):
            raise Wrong(_("Year must include 4 numbers"), "year")
        year = int(given["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._unreal("year")
        try:
            day = date(year, month, int(given["day"]) if given["day"].isdecimal() else 0)
        except ValueError:
            raise self._unreal() from None
        self._check_bounds(day, timezone.localdate(asking.now))
        return day.isoformat()

    def _lacks(self, lacking: list[str]) -> str:
        said = {
            ("day",): _("%(Name)s must include a day"),
            ("month",): _("%(Name)s must include a month"),
            ("year",): _("%(Name)s must include a year"),
            ("day", "month"): _("%(Name)s must include a day and month"),
            ("day", "year"): _("%(Name)s must include a day and year"),
            ("month", "year"): _("%(Name)s must include a month and year"),
        }[tuple(lacking)]
        return self.sentence(said)

    def _unreal(self, part: str = "") -> Wrong:
        return Wrong(self.sentence(_("%(Name)s must be a real date")), part)

    def _check_bounds(self, day: date, today: date) -> None:
        earliest, latest = (_day(bound, today) for bound in (self.earliest, self.latest))
        if (earliest is None or earliest <= day) and (latest is None or day <= latest):
            return
        if self.earliest and self.latest:
            said = _("%(Name)s must be between %(earliest)s and %(latest)s")
        elif self.latest == TODAY:
            said = _("%(Name)s must be today or in the past")
        elif self.earliest == TODAY:
            said = _("%(Name)s must be today or in the future")
        elif self.latest:
            said = _("%(Name)s must be on or before %(latest)s")
        else:
            said = _("%(Name)s must be on or after %(earliest)s")
        days = {"earliest": earliest and shown.day(earliest), "latest": latest and shown.day(latest)}
        raise Wrong(self.sentence(said, **days))

    def sentence(self, said: str, **words: Any) -> str:
        """As for any question, but a date that has no name is called one."""
        return super().sentence(said, **words) if self.what() else said % {"Name": _("Date"), **words}

    def refill(self, answer: Any) -> dict[str, str]:
        """The three boxes, without leading noughts."""
        if not answer:
            return {}
        day = date.fromisoformat(answer)
        return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}

    def word(self, answer: Any) -> date | None:
        """The date, to compare and count with."""
        return date.fromisoformat(answer) if answer else None

    def shown(self, answer: Any) -> str:
        """23 November 2026."""
        return shown.day(date.fromisoformat(answer)) if answer else ""

    def schema(self) -> dict[str, Any]:
        """A full date. Bounds that move with today can't be said here."""
        years = f"^({FIRST_YEAR // 100}|19|20|{LAST_YEAR // 100})[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}$"
        return self.nullable({"type": "string", "format": "date", "pattern": years})

    def problems(self) -> list[str]:
        """Bounds that are dates, in their order."""
        said = [
            _(
                "'{word}' is 'today', a date like 2026-11-23, or like '3 months after today'; "
                "it says '{said}'."
            ).format(word=word, said=bound)
            for word, bound in (("earliest", self.earliest), ("latest", self.latest))
            if bound and not read_bound(bound)
        ]
        earliest, latest = read_bound(self.earliest), read_bound(self.latest)
        if earliest and latest and not order(earliest, latest):
            what = _("'earliest' is {earliest}, which is after 'latest', {latest}.")
            said.append(what.format(earliest=self.earliest, latest=self.latest))
        return said


def _part(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to write out very long numbers; a day has no six digits.
        return str(value) if abs(value) < 10**6 else "x"
    return visible(value[:LONGEST_PART]) if isinstance(value, str) else ""


def _month(said: str) -> int:
    """Its number, from a number or from a name in English or Welsh, in full or shortened; or 0."""
    if said.isdecimal():
        return int(said) if 1 <= int(said) <= len(MONTHS) else 0
    typed = said.rstrip(".").casefold()
    if len(typed) < SHORTEST_MONTH:
        return 0
    named = (
        number for number, names in enumerate(MONTHS, 1) if any(name.startswith(typed) for name in names)
    )
    return next(named, 0)


def _day(said: str, today: date) -> date | None:
    bound = read_bound(said)
    return bound.on(today) if bound else None
