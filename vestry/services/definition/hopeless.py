"""What is wrong with a condition that no answers can meet, or of which nobody can prove that any can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from vestry.design import expressions
from vestry.design.possible import Asked, Effort, NotProved, plain_schema, possible, strangers
from vestry.design.unlike import Unlike, unlike
from vestry.services.definition.mistakes import did_you_mean


def hopeless(whens: Sequence[str], asked: Mapping[str, Asked], effort: Effort) -> Iterator[tuple[str, str]]:
    """Values nobody can answer with, and what is never alike; where there is none of these, that the last
    condition can't be met at all.

    What could not be proved is no better than what is wrong, and said once: one `Effort` has one end.
    """
    if effort.left < 0:
        return
    told = False
    for each in unlike(whens[-1], asked):
        told = True
        yield _of_unlike(each, asked)
    for name, value, options in strangers(whens[-1], asked):
        told = True
        instead = did_you_mean(value, options)
        if not options:
            instead = _("The answer is a number, or yes or no, so no text in quotes is ever the same.")
        yield _('Nobody can answer "{value}" to "{name}".').format(value=value, name=name), instead
    try:
        if not told and not possible(whens, asked, effort):
            yield (
                _never(whens[-1], asked, effort),
                _("Change the condition, or take out what it stands over."),
            )
    except NotProved:
        what = _(
            "It could not be proved that anybody ever comes here: the conditions up to here are too many."
        )
        yield what, _("Make them simpler, or make two services of this one.")


def _of_unlike(it: Unlike, asked: Mapping[str, Asked]) -> tuple[str, str]:
    """What is wrong, and what to write instead."""
    if it.why == "several":
        what = _('"{name}" can have several answers.').format(name=it.name)
        if not all(isinstance(value, str) for value in it.values):
            return what, _("Count them: len({name}).").format(name=it.name)
        written = [f'"{value}"' for value in it.values]
        if it.op == "!=":
            instead = " and ".join(f"{value} not in {it.name}" for value in written)
        else:
            instead = " or ".join(f"{value} in {it.name}" for value in written)
        return what, _("Write {condition}.").format(condition=instead)
    schema = plain_schema(asked[it.name].question)
    what = _('"{name}" always has an answer, so this is always true.').format(name=it.name)
    if it.why == "day":
        what = _('"{name}" is a date, and this compares it with something that is none.').format(name=it.name)
    if schema.get("format") == "date":
        instead = _("Compare it with today(), or count days, like this: working_days({name}, today()) > 3.")
        return what, instead.format(name=it.name)
    if "enum" not in schema:
        return what, _("Take it out, or say what it is compared with.")
    instead = _('Say which answer, like this: {name} == "{value}".')
    return what, instead.format(name=it.name, value=schema["enum"][0])


def _never(text: str, asked: Mapping[str, Asked], effort: Effort) -> str:
    """Why no answers can meet a condition, as far as that can be known. Raises `NotProved`."""
    if not possible((text,), {name: replace(one, whens=()) for name, one in asked.items()}, effort):
        return _("No answers can make this true, so nobody ever comes here.")
    for name in sorted(expressions.names(text) & asked.keys()):
        if others := " and ".join(when for when in asked[name].whens if when):
            what = _('This is never true here: "{name}" is asked only when {when}.')
            return what.format(name=name, when=others)
    return _("This is never true here, because of when the questions before it are asked.")
