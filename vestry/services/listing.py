"""Going through a list page by page: the page of the whole list, and the pages of each thing on it.

1. `pages` makes the pages of a list: the one between two items, those of each item, those that remove one.
2. `put` adds what was answered on a page, of a list or not.
3. `answer` is a list as it stands, as a machine would have sent it.

Until the journey ends a list is kept as its `Progress`. Items keep their numbers, and a number is never
given twice: a page sent a second time, or after going back, is about the item it was about, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from vestry.design.capability import Page
from vestry.design.expressions import name_of
from vestry.design.kinds import Listed, YesNo
from vestry.design.kinds.listed import REMOVE, Entry, More
from vestry.design.questions import Question
from vestry.services.stages import Part, Stage

Said = Mapping[str, Any]
Holds = Callable[[str, Mapping[str, Any]], bool]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A list on its way: its items by number, the number the next one gets, and whether it is done."""

    items: Mapping[int, Said] = field(default_factory=dict)
    next: int = 1
    done: bool = False

    @classmethod
    def read(cls, stored: Any) -> Progress:
        """From what is kept. A plain list is one that a machine sent: it is done."""
        if isinstance(stored, list):
            return cls(items=dict(enumerate(stored, 1)), next=len(stored) + 1, done=True)
        if not stored:
            return cls()
        # A database may keep them in another order.
        items = sorted((int(number), said) for number, said in stored["items"].items())
        return cls(items=dict(items), next=stored["next"], done=stored["done"])

    def stored(self) -> dict[str, Any]:
        """As it is kept."""
        items = {str(number): dict(said) for number, said in self.items.items()}
        return {"items": items, "next": self.next, "done": self.done}


def pages(whole: Stage, listed: Listed, said: Said, holds: Holds) -> list[Stage]:
    """The pages of a list. ``whole`` is the page on which it is asked, ``said`` all that was said so far."""
    if listed.id in said and said[listed.id] is None:
        # A machine left it out.
        return [replace(whole, answers={listed.id: None}, missing=False)]
    progress = Progress.read(said.get(listed.id))
    numbers = list(progress.items)
    if len(numbers) < listed.min and (numbers or not listed.optional):
        # What there must be is asked for at once; nobody has to say first that they want to add it.
        numbers.append(progress.next)
    items: list[Stage] = []
    entries: list[Entry] = []
    for place, number in enumerate(numbers, 1):
        item = progress.items.get(number, {})
        part = Part(listed=listed, whole=whole, item=number, title=listed.title(item, place))
        asked = _item_pages(part, item, holds, opens=not (progress.items or listed.optional))
        items += asked
        if number in progress.items:
            entries.append(_entry(part, item, asked))
    if items and not entries and not listed.optional:
        return items
    missing = not progress.done and not any(stage.missing for stage in items)
    return [
        _between(whole, listed, progress, entries, missing=missing),
        *items,
        *(_removal(whole, listed, entry) for entry in entries),
    ]


def _between(
    whole: Stage, listed: Listed, progress: Progress, entries: list[Entry], *, missing: bool
) -> Stage:
    """The page of the whole list: what is on it, and whether there is more."""
    more = More(
        id=listed.id,
        ask=listed.added(sum(entry.whole for entry in entries)) if entries else listed.ask,
        hint="" if entries else listed.hint,
        listed=listed,
        entries=tuple(entries),
        next=progress.next,
    )
    return replace(
        whole,
        page=replace(whole.page or Page(questions=()), questions=(more,)),
        asked=(more,),
        answers={more.id: False} if progress.done else {},
        missing=missing,
        part=Part(listed=listed, whole=whole),
    )


def _item_pages(part: Part, item: Said, holds: Holds, *, opens: bool = False) -> list[Stage]:
    """A page for each question about one item, up to the first without an answer."""
    words = {**part.whole.before, **part.listed.unsaid()}
    found = []
    for question in part.listed.each:
        if not holds(question.when, words):
            continue
        stage = _page(part, question, question.id)
        if opens and not found:
            # No page of the whole list comes before it: what is said of the list is said here.
            page = Page(questions=(question,), title=part.listed.ask, guidance=part.listed.hint)
            stage = replace(stage, page=page)
        answers = {question.id: item[question.id]} if question.id in item else {}
        missing = question.id not in item
        said = {**part.whole.said, **item}
        found.append(replace(stage, answers=answers, before=dict(words), said=said, missing=missing))
        if missing:
            break
        words[name_of(question.id)] = question.word(item[question.id])
    return found


def _page(part: Part, question: Question, place: str) -> Stage:
    return replace(
        part.whole,
        id=f"{part.whole.id}/{part.item}/{place}",
        page=Page(questions=(question,), title=question.ask),
        asked=(question,),
        answers={},
        missing=False,
        part=part,
    )


def _entry(part: Part, item: Said, asked: list[Stage]) -> Entry:
    applying = {question.id for stage in asked for question in stage.asked}
    rows = ((question.id, question.ask, text) for question, text in part.listed.told(item))
    return Entry(
        key=part.item,
        title=part.title,
        whole=not any(stage.missing for stage in asked),
        rows=tuple(row for row in rows if row[0] in applying),
    )


def _removal(whole: Stage, listed: Listed, entry: Entry) -> Stage:
    sure = YesNo(
        id=REMOVE,
        ask=_("Are you sure you want to remove %(title)s?") % {"title": entry.title},
        name=_("you want to remove %(title)s") % {"title": entry.title},
    )
    return _page(Part(listed=listed, whole=whole, item=entry.key, removes=True), sure, REMOVE)


def put(said: Said, stage: Stage, answers: Said) -> dict[str, Any]:
    """All that was said, with the answers of one page."""
    part = stage.part
    if part is None:
        return {**said, **answers}
    progress = Progress.read(said.get(part.listed.id))
    if part.item:
        progress = _put_item(progress, part, answers)
    elif answers.get(part.listed.id) and not _unfinished(stage):
        begun = {**progress.items, progress.next: {}}
        progress = Progress(items=begun, next=progress.next + 1)
    elif answers.get(part.listed.id) is False:
        # Who said by mistake that there is another needn't say what it is.
        begun = {number: item for number, item in progress.items.items() if item}
        progress = replace(progress, items=begun, done=True)
    return {**said, part.listed.id: progress.stored()}


def _unfinished(stage: Stage) -> bool:
    """Whether something on the list is begun already: another is not begun before that is done."""
    return any(not entry.whole for more in stage.asked for entry in getattr(more, "entries", ()))


def _put_item(progress: Progress, part: Part, answers: Said) -> Progress:
    items = dict(progress.items)
    if not part.removes:
        items[part.item] = {**items.get(part.item, {}), **answers}
        return replace(progress, items=items, next=max(progress.next, part.item + 1))
    if answers.get(REMOVE):
        items.pop(part.item, None)
        return replace(progress, items=items, done=False)
    return progress


def answer(stages: list[Stage] | tuple[Stage, ...], id: str) -> list[dict[str, Any]] | None:
    """The answer to a list by the pages of its items: what was said on the path, and nothing else."""
    items: dict[int, dict[str, Any]] = {}
    for stage in stages:
        if stage.part and stage.part.listed.id == id and stage.part.item and not stage.part.removes:
            items.setdefault(stage.part.item, {}).update(stage.answers)
    return list(items.values()) or None
