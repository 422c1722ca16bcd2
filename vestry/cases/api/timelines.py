"""What happened to a case, in sentences: for officers all of it, for the resident what is theirs to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from vestry.cases import events
from vestry.cases.api.finding import visible
from vestry.cases.api.residents import theirs
from vestry.cases.api.views import Line
from vestry.cases.models import Message, Task
from vestry.design import shown
from vestry.kernel import Fact, Ref, known_facts
from vestry.ledger import api as ledger
from vestry.people import api as people


class _Words(dict[str, Any]):
    """A fact of an older version may lack a word; its sentence is shown all the same."""

    def __missing__(self, key: str) -> str:
        return "…"


class _Speaker:
    """Puts facts into sentences; looks each name up once."""

    def __init__(self) -> None:
        self.name = cache(people.officer_name)
        self.task = cache(lambda task: Task.objects.filter(pk=task).values_list("title", flat=True).first())
        self.titles = cache(lambda: {team.slug: team.title for team in people.teams()})

    def say(self, template: str, recorded: ledger.Recorded) -> str:
        """The sentence; nothing when there is none."""
        if not template:
            return ""
        words = {name: self._word(name, value) for name, value in recorded.payload.items()}
        return _(template).format_map(_Words(words, actor=self.name(recorded.actor)))

    def _word(self, name: str, value: Any) -> str:
        if name == "team":
            return self.titles().get(value, value)
        if name == "task":
            return self.task(value) or "…"
        if name == "owner":
            return self.name(Ref("officer", value)) if value else _("nobody yet")
        if isinstance(value, str) and len(value) == len("2026-11-23"):
            try:
                return shown.day(date.fromisoformat(value))
            except ValueError:
                pass
        return "–" if value is None else str(value)


def _facts(reference: str) -> Iterator[tuple[ledger.Recorded, type[Fact] | None]]:
    kinds = known_facts()
    for recorded in ledger.history(Ref("case", reference)):
        yield recorded, kinds.get(recorded.name)


def timeline(*, officer: people.OfficerView, reference: str) -> list[Line]:
    """All that happened, oldest first. Raises `NoSuchCase`."""
    reference, speaker = visible(officer, reference).reference, _Speaker()
    return [
        Line(at=recorded.at, what=speaker.say(kind.sentence, recorded) if kind else recorded.name)
        for recorded, kind in _facts(reference)
    ]


def told(*, reference: str) -> list[Line]:
    """What the resident may see of it, oldest first, with the texts of messages. Raises `NoSuchCase`."""
    texts = dict(Message.objects.filter(case=theirs(reference)).values_list("id", "text"))
    speaker, lines = _Speaker(), []
    for recorded, kind in _facts(reference):
        what = speaker.say(kind.told, recorded) if kind else ""
        if what:
            # Other rooms' facts may have messages too, with numbers of their own.
            ours = kind in (events.Asked, events.Told, events.Replied, events.Extended)
            text = texts.get(recorded.payload["message"], "") if ours else ""
            lines.append(Line(at=recorded.at, what=what, text=text))
    return lines
