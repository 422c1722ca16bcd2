"""Questions answered by choosing: radios, checkboxes, select, yes-no, declaration."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, ClassVar

import msgspec
from django.utils.translation import gettext as _

from vestry.design.kinds.asked import Asked
from vestry.design.questions import Asking, Form, Wrong

# More than this in a list of radios or tick boxes is a sign that something else should be asked.
MOST_OPTIONS = 500


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One option that says more than its label."""

    label: str
    hint: str = ""


class Chosen(Asked, frozen=True, kw_only=True):
    """A question with options, each a value with its label, or with a label and a hint."""

    options: dict[str, str | Choice]

    def labels(self) -> dict[str, str]:
        """What is read, by value."""
        return {value: said if isinstance(said, str) else said.label for value, said in self.options.items()}

    def items(self) -> list[dict[str, str]]:
        """The options as a component takes them."""
        return [
            {"value": value, "text": label, "hint": getattr(self.options[value], "hint", "")}
            for value, label in self.labels().items()
        ]

    def missing(self) -> str:
        """The sentence for nothing chosen."""
        if called := self.what():
            return _("Select %(name)s") % {"name": called}
        return _("Select an answer to “%(question)s”") % {"question": self.ask}

    def given(self, raw: Any) -> str:
        """The value that was chosen. One we didn't offer is no answer."""
        if raw is None or raw == "":
            return ""
        if not isinstance(raw, str) or raw not in self.options:
            raise Wrong(self.missing())
        return raw

    def taken(self, given: str, asking: Asking) -> Any:
        """The value."""
        return given

    def shown(self, answer: Any) -> str:
        """Its label."""
        return "" if answer is None else self.labels().get(answer, str(answer))

    def schema(self) -> dict[str, Any]:
        """One of the values."""
        return self.nullable({"type": "string", "enum": list(self.options)})

    def problems(self) -> list[str]:
        """Options that can be told apart."""
        said = []
        if not 1 <= len(self.options) <= MOST_OPTIONS:
            what = _("'options' has {number} of them; it takes from 1 to {most}.")
            said.append(what.format(number=len(self.options), most=MOST_OPTIONS))
        if any(not value.strip() or value != value.strip() for value in self.options):
            said.append(_("An option's value cannot be empty, or have spaces around it."))
        said += [
            _("Two options read '{label}'; nobody can tell them apart.").format(label=label)
            for label, times in Counter(self.labels().values()).items()
            if times > 1
        ]
        return said


class Radios(Chosen, frozen=True, kw_only=True):
    """One of a few."""

    kind: ClassVar[str] = "radios"
    template: ClassVar[str] = "design/questions/radios.html"

    inline: bool = False
    """Side by side, for two short ones."""


class Select(Chosen, frozen=True, kw_only=True):
    """One of many. Radios are easier; use this only when they would fill the screen."""

    kind: ClassVar[str] = "select"
    template: ClassVar[str] = "design/questions/select.html"

    type_ahead: bool = msgspec.field(name="type-ahead", default=False)
    """Find the option by typing a part of it, where the browser runs script; without, it is a plain list."""


class Checkboxes(Chosen, frozen=True, kw_only=True):
    """As many as apply."""

    kind: ClassVar[str] = "checkboxes"
    template: ClassVar[str] = "design/questions/checkboxes.html"

    def read(self, form: Form) -> list[str]:
        """Everything that was ticked."""
        return form.getlist(self.id)

    def given(self, raw: Any) -> list[str]:
        """The values that were ticked, in the order of the options."""
        if not isinstance(raw, list | tuple):
            return [one] if (one := super().given(raw)) else []
        if not all(isinstance(one, str) and one in self.options for one in raw):
            raise Wrong(self.missing())
        return [value for value in self.options if value in raw]

    def refill(self, answer: Any) -> list[str]:
        """What is ticked."""
        return list(answer or ())

    def word(self, answer: Any) -> list[str]:
        """The values: ``"glass" in materials``. None ticked is an empty list."""
        return list(answer or ())

    def shown(self, answer: Any) -> str:
        """Their labels."""
        labels = self.labels()
        return ", ".join(labels.get(value, value) for value in answer or ())

    def schema(self) -> dict[str, Any]:
        """A list of values."""
        values = {"type": "string", "enum": list(self.options)}
        least = 0 if self.optional else 1
        return self.nullable({"type": "array", "items": values, "minItems": least, "uniqueItems": True})


class YesNo(Asked, frozen=True, kw_only=True):
    """Yes or no. ``name`` ends the sentence "Select yes if ...": "the bin was out by 6am"."""

    kind: ClassVar[str] = "yes-no"
    template: ClassVar[str] = "design/questions/yes_no.html"

    def missing(self) -> str:
        """The sentence for neither."""
        return _("Select yes if %(name)s") % {"name": self.name} if self.name else _("Select yes or no")

    def given(self, raw: Any) -> str:
        """``yes`` or ``no``."""
        if raw is None or raw == "":
            return ""
        if isinstance(raw, bool):
            return "yes" if raw else "no"
        if raw not in ("yes", "no"):
            raise Wrong(self.missing())
        return str(raw)

    def taken(self, given: str, asking: Asking) -> bool:
        """True for yes."""
        return given == "yes"

    def refill(self, answer: Any) -> str:
        """``yes`` or ``no``."""
        return "" if answer is None else ("yes" if answer else "no")

    def shown(self, answer: Any) -> str:
        """Yes or No."""
        return "" if answer is None else (_("Yes") if answer else _("No"))

    def schema(self) -> dict[str, Any]:
        """True or false."""
        return self.nullable({"type": "boolean"})


class Declaration(Asked, frozen=True, kw_only=True):
    """A statement, and a box to tick under it. Who does not tick it cannot go on."""

    kind: ClassVar[str] = "declaration"
    template: ClassVar[str] = "design/questions/declaration.html"
    about_all: ClassVar[bool] = True

    agree: Annotated[str, msgspec.Meta(min_length=1)]
    """What somebody says by ticking it, as they would say it: I agree that ..."""
    statement: tuple[str, ...] = ()
    """What it is about: lines above the box."""

    def missing(self) -> str:
        """The sentence for a box that was not ticked."""
        if self.name:
            return _("Tick the box to confirm that %(name)s") % {"name": self.name}
        return _("Tick the box to confirm that you agree")

    def given(self, raw: Any) -> str:
        """``yes`` where it was ticked."""
        if raw is None or raw in ("", False):
            return ""
        if raw is not True and raw != "yes":
            raise Wrong(self.missing())
        return "yes"

    def taken(self, given: str, asking: Asking) -> bool:
        """True: there is no other answer."""
        return True

    def refill(self, answer: Any) -> str:
        """Ticked or not."""
        return "yes" if answer else ""

    def shown(self, answer: Any) -> str:
        """What was said by it."""
        return self.agree if answer else ""

    def schema(self) -> dict[str, Any]:
        """True."""
        return self.nullable({"type": "boolean", "enum": [True]})
