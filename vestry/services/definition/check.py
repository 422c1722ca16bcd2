"""From the text of a definition to the definition, or to everything that is wrong with it.

1. The text is read with its places (`reading`).
2. Its shape is held against the schema (`structure`); every part that has the right shape is decoded.
3. The decoded parts go through the publish gate (`gate`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.utils.translation import get_language

from vestry.services.definition import capabilities, decoding
from vestry.services.definition.decoding import NotMeant
from vestry.services.definition.gate import Draft, Rule, Step, mistakes
from vestry.services.definition.language import Definition, Item, Message
from vestry.services.definition.mistakes import Mistake, Path
from vestry.services.definition.reading import NotReadable, Tree, read_yaml
from vestry.services.definition.structure import Wrong, wrongs


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A definition, or what is wrong with it: one of the two."""

    definition: Definition | None
    mistakes: tuple[Mistake, ...]


# More than anybody mends in one sitting; looking for the nearest right word costs for each.
MOST_TOLD = 100


def check_text(text: str, file: str, known: Mapping[str, frozenset[str]]) -> Checked:
    """Check a definition against itself and against what the council has.

    ``known`` holds ``teams``, ``roles``, ``statements``, ``schedules``, ``services``, ``technologies`` and
    those that are ``barred``, and the kinds of the files that capabilities bring; what isn't there isn't
    checked. The same text against the same
    council is looked at once: each page about a draft asks again.
    """
    has = tuple(sorted(known.items()))
    # What is installed decides too, and a mistake is told in a language.
    return _checked(text, file, has, tuple(capabilities.installed().items()), get_language())


@lru_cache(maxsize=64)
def _checked(
    text: str, file: str, has: tuple[tuple[str, frozenset[str]], ...], installed: Any, language: str | None
) -> Checked:
    known = dict(has)
    try:
        tree = read_yaml(text, file)
    except NotReadable as fault:
        return Checked(definition=None, mistakes=tuple(fault.mistakes))
    found = wrongs(tree)
    if not isinstance(tree.value, dict):
        return Checked(definition=None, mistakes=_sorted(found))
    draft = _Drafting(tree, found).draft(known)
    listed = [*(each.mistake for each in found), *islice(mistakes(draft), MOST_TOLD)]
    if listed:
        return Checked(definition=None, mistakes=_sorted(listed))
    return Checked(definition=decoding.definition(tree.value), mistakes=())


def read_published(text: str, file: str) -> Definition:
    """A definition that was checked when it was published."""
    return decoding.definition(read_yaml(text, file).value)


def _sorted(found: list[Any]) -> tuple[Mistake, ...]:
    listed = {each.mistake if isinstance(each, Wrong) else each for each in found}
    return tuple(sorted(listed, key=lambda each: (each.line, each.column, each.what)))


@dataclass
class _Drafting:
    """Decodes every part that has the right shape; what can't be meant after all is added to ``found``."""

    tree: Tree
    found: list[Wrong]

    def draft(self, known: Mapping[str, frozenset[str]]) -> Draft:
        steps = tuple(self._steps())
        return Draft(
            tree=self.tree,
            steps=steps,
            rules=tuple(self._rules()),
            messages=dict(self._messages()),
            loose=frozenset(
                one for step in steps if not step.item for one in _ids_written(self.tree.at(step.path))
            ),
            known=known,
            whole=self._sound(("journey",)) and all(step.item for step in steps),
        )

    def _sound(self, path: Path) -> bool:
        """Whether nothing is wrong with this part, in it, or with what it is part of."""
        return not any(
            each.path[: len(path)] == path or (path[: len(each.path)] == each.path and each.path)
            for each in self.found
        )

    def _steps(self) -> Iterator[Step]:
        written = self.tree.at(("journey",))
        for index, each in enumerate(written if isinstance(written, list) else ()):
            path: Path = ("journey", index)
            inner = decoding.options_path(each) if self._sound(path) else ()
            item = self._made(path, lambda each=each: decoding.item(each), (*path, *inner))
            words = tuple(each) if isinstance(each, dict) else ()
            yield Step(item=item, path=path, options=(*path, *inner), words=words)
        for word in capabilities.sections():
            if word in self.tree.value:
                section: Item | None = self._made(
                    (word,), lambda word=word: decoding.section(word, self.tree.value[word]), (word,)
                )
                yield Step(item=section, path=(word,), options=(word,), words=(word,))

    def _rules(self) -> Iterator[Rule]:
        written = self.tree.at(("on",))
        for on, listed in written.items() if isinstance(written, dict) else ():
            for index, each in enumerate(listed if isinstance(listed, list) else ()):
                path: Path = ("on", on, index)
                reaction = self._made(path, lambda each=each: decoding.reaction(each), path)
                if reaction:
                    yield Rule(on=on, reaction=reaction, path=(*path, reaction.word))

    def _messages(self) -> Iterator[tuple[str, Message]]:
        written = self.tree.at(("messages",))
        for name, each in written.items() if isinstance(written, dict) else ():
            path: Path = ("messages", name)
            message = self._made(path, lambda each=each: decoding.decode(each, Message), path)
            # One that is wrong is still there: a rule that names it is right.
            yield name, message or Message(subject="-", body="-")

    def _made(self, path: Path, make: Callable[[], Any], options: Path) -> Any:
        if not self._sound(path):
            return None
        try:
            return make()
        except NotMeant as fault:
            where = (*options, *fault.path)
            self.found.append(Wrong(where, self.tree.mistake(where, fault.what)))
            return None


def _ids_written(part: Any) -> Iterator[str]:
    """Every id in something that could not be decoded."""
    if isinstance(part, dict):
        if isinstance(named := part.get("id"), str):
            yield named
        for each in part.values():
            yield from _ids_written(each)
    elif isinstance(part, list):
        for each in part:
            yield from _ids_written(each)
