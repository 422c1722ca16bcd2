"""The question that is a list: people in a household, cars, addresses. Each thing on it is asked about.

1. A machine sends the whole list, and `Listed` takes it or says what is wrong, item by item.
2. A person goes through it page by page, which the journey knows; the page between two items, where
   another is added or the list is done, is the question `More`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import msgspec
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design.expressions import name_of
from vestry.design.questions import Asking, Form, NotYet, Question, Wrong
from vestry.kernel import Ref

# More than anybody types in one by one.
MOST_ITEMS = 100
REMOVE = "remove"
"""Where an item is taken off the list; none of its questions can be called that."""

Item = Mapping[str, Any]


class Listed(Question, frozen=True, kw_only=True):
    """A list that is added to: each thing on it answers the same few questions, one a page."""

    kind: ClassVar[str] = "list"
    template: ClassVar[str] = "design/questions/list.html"

    one: Annotated[str, msgspec.Meta(min_length=1)]
    """What one thing on it is called: person."""
    many: Annotated[str, msgspec.Meta(min_length=1)]
    """What several are called: people."""
    each: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1)]
    """What is asked about each. The first answer is what it is called from then on."""
    min: int = 1
    """How many there must be. Where none will do, say ``optional``."""
    max: int = 20
    """How many there can be."""

    def inside(self) -> Sequence[Question]:
        """What is asked about each."""
        return self.each

    def clean(self, raw: Any, asking: Asking) -> list[dict[str, Any]] | None:
        """The whole list. Raises `Wrong`, with all that is wrong inside."""
        if self.optional and (raw is None or raw in ("", [])):
            return None
        if not isinstance(raw, list | tuple) or len(raw) < self.min:
            raise Wrong(self.too_few())
        if len(raw) > self.max:
            raise Wrong(self.too_many())
        items, faults = [], []
        for index, each in enumerate(raw):
            item, wrong = self._item(each, asking)
            items.append(item)
            faults += [(f"{index}/{id}" if id else str(index), sentence) for id, sentence in wrong]
        if faults:
            number = int(faults[0][0].partition("/")[0]) + 1
            said = _("%(one)s: %(sentence)s") % {"one": self.called(number), "sentence": faults[0][1]}
            raise Wrong(said, inside=faults)
        return items

    def _item(self, raw: Any, asking: Asking) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """One item, and what is wrong with which of its answers."""
        if not isinstance(raw, Mapping):
            return {}, [("", _("Send the answers as an object, by question id"))]
        known = {question.id for question in self.each}
        wrong = [(str(id), _("There is no such question")) for id in raw if id not in known]
        words, item = self.unsaid(), dict[str, Any]()
        for question in self.each:
            if not asking.holds(question.when, words):
                continue
            among = replace(asking, said={**asking.said, **item})
            try:
                item[question.id] = question.clean(raw.get(question.id), among)
            except Wrong as fault:
                wrong.append((question.id, fault.sentence))
            except NotYet:
                wrong.append(
                    (question.id, _("This answer is not complete. Its schema says what can be sent"))
                )
            words[name_of(question.id)] = question.word(item.get(question.id))
        return item, wrong

    def confirm(self, answer: Any, asking: Asking, to: Ref) -> None:
        """Of each item, what was received with it."""
        for item in answer or ():
            for question in self.each:
                if item.get(question.id) is not None:
                    question.confirm(item[question.id], asking, to)

    def release(self, asking: Asking) -> None:
        """What was received with any item."""
        for question in self.each:
            question.release(asking)

    def unsaid(self) -> dict[str, Any]:
        """The words of an item nothing was said of yet."""
        return {name_of(question.id): question.word(None) for question in self.each}

    def too_few(self) -> str:
        """The sentence for too short a list."""
        said = ngettext("Add at least %(count)s %(one)s", "Add at least %(count)s %(many)s", self.min)
        return said % {"count": self.min, "one": self.one, "many": self.many}

    def too_many(self) -> str:
        """The sentence for too long a list."""
        said = ngettext("You can add %(count)s %(one)s", "You can add up to %(count)s %(many)s", self.max)
        return said % {"count": self.max, "one": self.one, "many": self.many}

    def called(self, number: int) -> str:
        """What an item is called before it has answered anything: Person 2."""
        return _("%(one)s %(number)s") % {"one": capfirst(self.one), "number": number}

    def title(self, item: Item, number: int) -> str:
        """What an item is called: by its first answer."""
        first = self.each[0]
        return first.shown(item.get(first.id)) or self.called(number)

    def added(self, count: int) -> str:
        """How many there are so far."""
        if not count:
            return _("You have not added any %(many)s") % {"many": self.many}
        said = ngettext("You have added %(count)s %(one)s", "You have added %(count)s %(many)s", count)
        return said % {"count": count, "one": self.one, "many": self.many}

    def told(self, item: Item) -> Iterator[tuple[Question, str]]:
        """What was said about an item, question by question."""
        for question in self.each:
            if question.id in item:
                yield question, question.shown(item[question.id])

    def refill(self, answer: Any) -> list[dict[str, Any]]:
        """The list as it would be sent."""
        return [
            {question.id: question.refill(item[question.id]) for question in self.each if question.id in item}
            for item in answer or ()
        ]

    def word(self, answer: Any) -> tuple[dict[str, Any], ...]:
        """To count (``len(people)``), and to look at one answer of all (``any(people.student)``)."""
        return tuple(
            {name_of(question.id): question.word(item.get(question.id)) for question in self.each}
            for item in answer or ()
        )

    def shown(self, answer: Any) -> str:
        """What each is called, a line each."""
        return "\n".join(self.title(item, number) for number, item in enumerate(answer or (), 1))

    def summary(self, answer: Any) -> Sequence[tuple[str, str]]:
        """The list, and then each thing on it."""
        rows = [(self.ask, self.shown(answer))]
        if len(self.each) == 1:
            return rows
        for number, item in enumerate(answer or (), 1):
            lines = [
                _("%(label)s: %(answer)s") % {"label": question.label(), "answer": said or _("Not given")}
                for question, said in self.told(item)
            ]
            rows.append((self.called(number), "\n".join(lines)))
        return rows

    def schema(self) -> dict[str, Any]:
        """A list of objects, each by question id."""
        properties = {question.id: question.schema() | {"title": question.ask} for question in self.each}
        needed = [question.id for question in self.each if not (question.optional or question.when)]
        item = {
            "type": "object",
            "properties": properties,
            "required": needed,
            "additionalProperties": False,
        }
        whole = {"type": "array", "items": item, "minItems": self.min, "maxItems": self.max}
        return (
            {"anyOf": [whole, {"type": "array", "maxItems": 0}, {"type": "null"}]} if self.optional else whole
        )

    def problems(self) -> list[str]:
        """Lengths that leave something to add, and questions that can be told apart."""
        said = []
        if not 1 <= self.min <= self.max <= MOST_ITEMS:
            what = _("'min' and 'max' are from 1 to {most}, 'min' the smaller; they say {least} and {max}.")
            said.append(what.format(most=MOST_ITEMS, least=self.min, max=self.max))
        for id, times in Counter(question.id for question in self.each).items():
            if times > 1:
                said.append(_("Two of its questions are called '{id}'.").format(id=id))
            if id == REMOVE:
                said.append(
                    _("None of its questions can be called 'remove': that is how an item is removed.")
                )
        if self.each[0].when or self.each[0].optional:
            said.append(_("Its first question is what each is called from then on, so it is always asked."))
        if self.each[0].files:
            said.append(_("Its first question is what each is called from then on, and a file is no name."))
        for question in self.each:
            if question.inside():
                said.append(_("A list cannot have another list inside."))
            said += question.problems()
        return said


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item as the page between two items shows it. ``rows`` are question id, label and answer."""

    key: int
    title: str
    whole: bool
    """False while a question about it has no answer."""
    rows: tuple[tuple[str, str, str], ...]


class More(Question, frozen=True, kw_only=True):
    """Add another, or done? It shows what is on the list, each with links to change and to remove it.

    ``next`` is the number the next item gets: a page that was shown before another was added says so by it,
    and adds nothing twice.
    """

    template: ClassVar[str] = "design/questions/list.html"

    listed: Listed
    entries: tuple[Entry, ...]
    next: int

    @property
    def full(self) -> bool:
        """True when no more can be added."""
        return len(self.entries) >= self.listed.max

    @property
    def another(self) -> str:
        """What is asked."""
        words = {"one": self.listed.one}
        return (
            _("Do you need to add another %(one)s?") if self.entries else _("Do you need to add a %(one)s?")
        ) % words

    def read(self, form: Form) -> dict[str, str]:
        """What was chosen, and how long the list was then."""
        return {"more": form.get(self.id, ""), "next": form.get(f"{self.id}-next", "")}

    def clean(self, raw: Any, asking: Asking) -> bool | None:
        """True to add another, False when done, None where that page was sent already. Raises `Wrong`."""
        said = raw if isinstance(raw, Mapping) else {}
        more = said.get("more")
        if self.full and more != "no":
            more = "no"
        if more not in ("yes", "no"):
            one = self.listed.one
            needed = _("another %(one)s") if self.entries else _("a %(one)s")
            raise Wrong(_("Select yes if you need to add %(what)s") % {"what": needed % {"one": one}})
        if more == "no":
            return False
        return True if said.get("next") == str(self.next) else None

    def refill(self, answer: Any) -> dict[str, str]:
        """No, once the list is done."""
        return {} if answer is None else {"more": "yes" if answer else "no"}
