"""The ``address`` question: a postcode, then a list to choose from, or the address typed out.

Nothing is remembered between posts; what is posted says how far the person has come.

1. A postcode alone shows its addresses.
2. An address chosen from the list of that postcode is the answer; with another postcode, its list is shown.
3. Where an address that nobody knows will do, it can be typed out: from the start, where it is not listed,
   and while addresses cannot be looked up. ``within: council`` takes none that was typed out: only a known
   address leads to a ward and a round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _

from vestry.design.questions import Asking, Form, NotYet, Question, Wrong
from vestry.places import api

TYPED = ("line1", "line2", "town")
GIVEN = ("postcode", "uprn", *TYPED)
# Where the person is: the postcode whose list they were shown, the typed-out form, back from there.
STANDING = ("listed", "typing", "search")
NOT_LISTED = "not-listed"
# Longer than any address: the longest in AddressBase is well under 200 characters.
LONGEST = 200

Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address as an expression sees it. ``uprn`` and ``ward`` are empty for one that was typed out."""

    uprn: str
    line: str
    postcode: str
    ward: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.line, self.postcode)))


class Address(Question, frozen=True, kw_only=True):
    """An address. With ``within: council`` only one that the council's gazetteer has."""

    kind: ClassVar[str] = "address"
    template: ClassVar[str] = "places/address.html"
    first_part: ClassVar[str] = "postcode"

    within: Literal["", "council"] = ""

    def read(self, form: Form) -> dict[str, str]:
        """What was posted, part by part."""
        return {part: form.get(f"{self.id}-{part}", "") for part in GIVEN + STANDING}

    def clean(self, raw: Any, asking: Asking) -> dict[str, str] | None:
        """``{uprn, line, postcode, ward}``, or None. Raises `Wrong`, or `NotYet` with what to show next."""
        given = _parts(raw)
        if self._typing(given):
            return self._typed(given)
        if not any(given[part] for part in GIVEN):
            return self._nothing(_("Enter a postcode"), "postcode")
        if given["uprn"] and not given["postcode"]:
            return _numbered(given["uprn"])
        return self._chosen(given)

    def stage(self, raw: Any) -> Literal["postcode", "list", "typing"]:
        """What to show: the postcode field, with a list under it, or the fields to type an address out."""
        if self._typing(_parts(raw)):
            return "typing"
        return "list" if self.found(raw) else "postcode"

    def told(self, raw: Any) -> str:
        """Why the person has to type their address out, in a sentence; empty when they chose to."""
        try:
            unknown = bool(_parts(raw)["postcode"]) and not api.find_addresses(_parts(raw)["postcode"])
        except api.Unreachable:
            return _("We cannot look up addresses at the moment. Enter the address yourself.")
        return (
            _("We do not know the addresses at this postcode. Enter the address yourself.") if unknown else ""
        )

    def _typing(self, given: Given) -> bool:
        if self.within or given["search"]:
            return False
        return bool(given["typing"] or given["line1"] or given["uprn"] == NOT_LISTED)

    def parts(self, raw: Any) -> Given:
        """Every part as plain text, whatever was sent."""
        return _parts(raw)

    def listed(self, raw: Any) -> str:
        """The postcode whose addresses are shown."""
        return api.tidy_postcode(_parts(raw)["postcode"])

    def found(self, raw: Any) -> list[api.AddressView]:
        """The addresses to choose from; none while they cannot be looked up."""
        try:
            return api.find_addresses(_parts(raw)["postcode"])
        except api.Unreachable:
            return []

    def _nothing(self, sentence: str, part: str) -> None:
        if not self.optional:
            raise Wrong(sentence, part)

    def _typed(self, given: Given) -> dict[str, str] | None:
        lines = [given[part] for part in TYPED]
        if not any(lines) and given["typing"] != "yes":
            raise NotYet(_standing(given, typing="yes"))
        if not any((*lines, given["postcode"])) and self.optional:
            return None
        if not given["line1"]:
            raise Wrong(_("Enter address line 1, typically the building and street"), "line1")
        for part in TYPED:
            if len(given[part]) > LONGEST:
                raise Wrong(_("Each line of the address must be 200 characters or fewer"), part)
        return {"uprn": "", "line": ", ".join(filter(None, lines)), "postcode": _postcode(given), "ward": ""}

    def _chosen(self, given: Given) -> dict[str, str]:
        postcode = _postcode(given)
        try:
            found = {address.uprn: address for address in api.find_addresses(postcode)}
        except api.Unreachable:
            if self.within:
                raise Wrong(_unreachable(), "postcode") from None
            raise NotYet(_standing(given, postcode=postcode, typing="yes")) from None
        if not given["search"]:
            if given["uprn"] in found:
                return _answer(found[given["uprn"]])
            if found and given["listed"] == postcode:
                raise Wrong(_("Select an address"), "uprn")
        if found:
            raise NotYet(_standing(given, postcode=postcode, listed=postcode))
        if self.within:
            raise Wrong(_("We know no addresses in our area at that postcode. Check it"), "postcode")
        raise NotYet(_standing(given, postcode=postcode, typing="yes"))

    def refill(self, answer: Any) -> dict[str, str]:
        """What was posted for a stored answer."""
        if not answer:
            return {}
        if answer["uprn"]:
            return {part: answer[part] for part in ("postcode", "uprn")} | {"listed": answer["postcode"]}
        first, *between = answer["line"].split(", ")
        town = between.pop() if between else ""
        typed = {"line1": first, "line2": ", ".join(between), "town": town}
        return typed | {"postcode": answer["postcode"], "typing": "yes"}

    def word(self, answer: Any) -> Place | None:
        """With attributes: ``home.postcode``."""
        return Place(**answer) if answer else None

    def shown(self, answer: Any) -> str:
        """On one line, the postcode last."""
        return str(self.word(answer)) if answer else ""

    def schema(self) -> dict[str, Any]:
        """An address by its UPRN, or typed out where that is allowed."""
        text = {"type": "string", "maxLength": LONGEST}
        chosen = {
            "type": "object",
            "required": ["uprn"],
            "properties": {"uprn": {"type": "string", "pattern": "^[0-9]{1,12}$"}},
        }
        typed = {
            "type": "object",
            "required": ["line1", "postcode"],
            "properties": dict.fromkeys((*TYPED, "postcode"), text),
        }
        return chosen if self.within else {"anyOf": [chosen, typed]}


def _parts(raw: Any) -> Given:
    """Every part as plain text, whatever was sent."""
    given = raw if isinstance(raw, Mapping) else {"postcode": raw}
    return {part: _plain(given.get(part)) for part in GIVEN + STANDING}


def _plain(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**LONGEST else ""
    if not isinstance(value, str):
        return ""
    # Control characters and lone surrogates can't be stored.
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in value)
    return " ".join(kept.split())


def _postcode(given: Given) -> str:
    if not given["postcode"]:
        raise Wrong(_("Enter a postcode"), "postcode")
    postcode = api.tidy_postcode(given["postcode"])
    if not postcode:
        raise Wrong(_("Enter a full UK postcode, like HM1 2AB"), "postcode")
    return postcode


def _unreachable() -> str:
    return _("We cannot look up addresses at the moment. Try again in a few minutes")


def _numbered(uprn: str) -> dict[str, str]:
    try:
        found = api.get_address(uprn)
    except api.Unreachable:
        raise Wrong(_unreachable(), "uprn") from None
    if not found:
        raise Wrong(_("We know no address with this property reference number (UPRN)"), "uprn")
    return _answer(found)


def _answer(address: api.AddressView) -> dict[str, str]:
    return {
        "uprn": address.uprn,
        "line": address.line,
        "postcode": address.postcode,
        "ward": address.ward,
    }


def _standing(given: Given, **changed: str) -> dict[str, str]:
    """The same again, without what was chosen."""
    kept = {part: given[part] for part in ("postcode", *TYPED)}
    return kept | changed
