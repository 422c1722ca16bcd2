"""Questions answered by typing: text, long-text, number, money, email, phone, name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design.kinds.asked import UNREADABLE, Asked, unreadable, visible
from vestry.design.questions import Asking, Wrong
from vestry.kernel import mark

Width = Literal[0, 2, 3, 4, 5, 10, 20, 30]
# A line that is read by people: twice the longest that is sensible.
LONGEST_LINE = 200
LONGEST_TEXT = 5_000
# What a form can send at most (DATA_UPLOAD_MAX_MEMORY_SIZE), so that no definition asks for more.
LONGEST_ALLOWED = 100_000
# The longest address SMTP can carry.
LONGEST_EMAIL = 254
# Twelve digits: beyond any count, and exact in every JSON reader.
LARGEST = 999_999_999_999
MOST_DECIMALS = 6
# A thousand million pounds: more than anybody here is asked about, and exact in pence.
MOST_POUNDS = 1_000_000_000

# The mark at the start of some files (feff) shows as nothing; not every regular expression has it as space.
SOMETHING_READABLE = rf"^[^{UNREADABLE}]*[^\s\ufeff{UNREADABLE}][^{UNREADABLE}]*$"
# Letters of any script. By what it may not be made of alone, since readers differ in which letters they know.
# A name goes into an email to whatever address is given next: it must not carry a stranger's link there.
LINK = r"://|[wW]{3}\.|@"
NAME = rf"^(?!.*(?:{LINK}))[^{UNREADABLE}]*[^\s\ufeff{UNREADABLE}!-@\[-`{{-~][^{UNREADABLE}]*$"
_WORD = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PART = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = rf"^{_WORD}(?:\.{_WORD})*@(?:{_PART}\.)+[A-Za-z]{{2,63}}$"
# Ten digits at least: a UK number with its area code. Fifteen at most: the longest there are (E.164).
PHONE = r"^\+?(?:[ ().\-/]*[0-9]){10,15}[ ()]*$"
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")


class Typed(Asked, frozen=True, kw_only=True):
    """Text of any sort."""

    template: ClassVar[str] = "design/questions/text.html"
    input_type: ClassVar[str] = "text"
    inputmode: ClassVar[str] = ""
    spellcheck: ClassVar[bool | None] = None
    longest: ClassVar[int] = LONGEST_LINE

    def given(self, raw: Any) -> str:
        """The text on one line, without spaces around it."""
        return " ".join(self.text(raw).split())

    def text(self, raw: Any) -> str:
        """The text as it was typed. Raises `Wrong` for what is no text, is too long or can't be read."""
        if raw is None:
            return ""
        if not isinstance(raw, str):
            raise Wrong(self.missing())
        text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
        if len(text) > self.limit():
            raise Wrong(self.too_long())
        if unreadable(text):
            raise Wrong(self.sentence(_("%(Name)s has characters that cannot be read. Type it again")))
        return text

    def limit(self) -> int:
        """How many characters it may have."""
        return self.longest

    def too_long(self) -> str:
        """The sentence for too much."""
        said = ngettext(
            "%(Name)s must be %(limit)s character or less",
            "%(Name)s must be %(limit)s characters or less",
            self.limit(),
        )
        return self.sentence(said, limit=self.limit())

    def taken(self, given: str, asking: Asking) -> Any:
        """As it was given."""
        return given

    def schema(self) -> dict[str, Any]:
        """A text with something in it to read."""
        return self.nullable({"type": "string", "maxLength": self.limit(), "pattern": SOMETHING_READABLE})


class Measured(Typed, frozen=True, kw_only=True):
    """Text whose definition says how long it may be."""

    max: int = 0
    """How many characters; 0 is the kind's own limit."""

    def limit(self) -> int:
        """What the definition says, or the kind's own."""
        return self.max or self.longest

    def problems(self) -> list[str]:
        """A limit must be one."""
        if 0 <= self.max <= LONGEST_ALLOWED:
            return []
        return [
            f"'max' is how many characters may be typed, from 1 to {LONGEST_ALLOWED}; it says {self.max}."
        ]


class Text(Measured, frozen=True, kw_only=True):
    """One line of text."""

    kind: ClassVar[str] = "text"

    autocomplete: str = ""
    """What a browser may fill in, in HTML's words: ``organization``, ``street-address``."""
    width: Width = 0


class LongText(Measured, frozen=True, kw_only=True):
    """Several lines. The page says how many characters there may be, and counts along."""

    kind: ClassVar[str] = "long-text"
    template: ClassVar[str] = "design/questions/long_text.html"
    longest: ClassVar[int] = LONGEST_TEXT

    rows: int = 5

    def given(self, raw: Any) -> str:
        """The text with its line breaks, without spaces around it."""
        return self.text(raw).strip()


class Name(Typed, frozen=True, kw_only=True):
    """A person's full name, in one box, as they write it."""

    kind: ClassVar[str] = "name"
    called: ClassVar[str] = mark("your full name")
    autocomplete: ClassVar[str] = "name"
    spellcheck: ClassVar[bool | None] = False
    longest: ClassVar[int] = 100
    width: ClassVar[Width] = 20

    def taken(self, given: str, asking: Asking) -> str:
        """Any name that is more than digits and signs, and leads nowhere."""
        if re.search(LINK, given):
            raise Wrong(self.sentence(_("%(Name)s must not include a web or email address")))
        if not re.match(NAME, given):
            raise Wrong(self.missing())
        return given

    def schema(self) -> dict[str, Any]:
        """Something with a letter in it."""
        return self.nullable({"type": "string", "maxLength": self.limit(), "pattern": NAME})


class Email(Typed, frozen=True, kw_only=True):
    """An email address."""

    kind: ClassVar[str] = "email"
    called: ClassVar[str] = mark("your email address")
    input_type: ClassVar[str] = "email"
    autocomplete: ClassVar[str] = "email"
    spellcheck: ClassVar[bool | None] = False
    longest: ClassVar[int] = LONGEST_EMAIL
    width: ClassVar[Width] = 0

    def given(self, raw: Any) -> str:
        """The address without what was copied along with it."""
        return visible(self.text(raw)).removeprefix("mailto:")

    def taken(self, given: str, asking: Asking) -> str:
        """An address that mail can be sent to; whether somebody reads it only sending tells."""
        if not re.match(EMAIL, given):
            raise Wrong(_("Enter an email address in the correct format, like name@example.com"))
        return given

    def schema(self) -> dict[str, Any]:
        """One address, and nothing around it."""
        return self.nullable({"type": "string", "maxLength": LONGEST_EMAIL, "pattern": EMAIL})


class Phone(Typed, frozen=True, kw_only=True):
    """A phone number, written as people write theirs."""

    kind: ClassVar[str] = "phone"
    called: ClassVar[str] = mark("your phone number")
    input_type: ClassVar[str] = "tel"
    autocomplete: ClassVar[str] = "tel"
    longest: ClassVar[int] = 60
    width: ClassVar[Width] = 20

    def given(self, raw: Any) -> str:
        """The number with plain spaces and dashes."""
        return re.sub("[\u2010-\u2015\u2212]", "-", " ".join(visible(self.text(raw)).split()))

    def taken(self, given: str, asking: Asking) -> str:
        """A number that can be called from anywhere in the country."""
        if not re.match(PHONE, given):
            raise Wrong(
                _("Enter a phone number, like %(one)s, %(two)s or %(three)s")
                % {"one": "01632 960 001", "two": "07700 900 982", "three": "+44 808 157 0192"}
            )
        return given

    def schema(self) -> dict[str, Any]:
        """Digits, and what people put between them."""
        return self.nullable({"type": "string", "maxLength": self.limit(), "pattern": PHONE})


class Number(Typed, frozen=True, kw_only=True):
    """A number. Whole, unless ``decimals`` says how many places it may have."""

    kind: ClassVar[str] = "number"
    spellcheck: ClassVar[bool | None] = False
    autocomplete: ClassVar[str] = ""
    longest: ClassVar[int] = 100

    min: float | None = None
    max: float | None = None
    decimals: int = 0
    unit: str = ""
    """Stands behind the box: ``kg``."""
    width: Width = 5

    @property
    def inputmode(self) -> str:  # type: ignore[override]
        """Which keys a phone shows. Those for whole numbers often have no minus and no point."""
        return "" if self.decimals or self.lowest() < 0 else "numeric"

    def lowest(self) -> float:
        """The least it may be."""
        return -LARGEST if self.min is None else self.min

    def highest(self) -> float:
        """The most it may be."""
        return LARGEST if self.max is None else self.max

    def given(self, raw: Any) -> str:
        """The number's digits, without what people put between them."""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return self._written(raw)
        typed = visible(self.text(raw)).replace("\u2212", "-")
        return re.sub(r"(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))", "", typed)

    def _written(self, number: float) -> str:
        if isinstance(number, float) and math.isnan(number):
            raise Wrong(self.not_a_number())
        if abs(number) > LARGEST:
            raise Wrong(self.out_of_range())
        return format(Decimal(str(number)), "f")

    def taken(self, given: str, asking: Asking) -> int | float:
        """The number, within its bounds."""
        if not NUMBER.fullmatch(given):
            digits = given.lstrip("+-")
            too_large = (
                digits.isdecimal() and digits.isascii() and len(digits.lstrip("0")) > len(str(LARGEST))
            )
            raise Wrong(self.out_of_range() if too_large else self.not_a_number())
        number = Decimal(given).normalize()
        places = max(-int(number.as_tuple().exponent), 0)
        if places > self.decimals:
            raise Wrong(self.too_fine())
        if not Decimal(str(self.lowest())) <= number <= Decimal(str(self.highest())):
            raise Wrong(self.out_of_range())
        return float(number) if places else int(number)

    def not_a_number(self) -> str:
        """The sentence for what is none."""
        return self.sentence(_("%(Name)s must be a number"))

    def too_fine(self) -> str:
        """The sentence for too many decimal places."""
        if not self.decimals:
            return self.sentence(_("%(Name)s must be a whole number"))
        said = ngettext(
            "%(Name)s must have at most %(count)s decimal place",
            "%(Name)s must have at most %(count)s decimal places",
            self.decimals,
        )
        return self.sentence(said, count=self.decimals)

    def out_of_range(self) -> str:
        """The sentence for too little and too much."""
        least, most = written(self.lowest()), written(self.highest())
        if self.min is not None and self.max is not None:
            return self.sentence(_("%(Name)s must be between %(least)s and %(most)s"), least=least, most=most)
        if self.min is not None:
            return self.sentence(_("%(Name)s must be %(least)s or more"), least=least)
        return self.sentence(_("%(Name)s must be %(most)s or less"), most=most)

    def refill(self, answer: Any) -> str:
        """The number as it would be typed."""
        return "" if answer is None else format(Decimal(str(answer)), "f")

    def shown(self, answer: Any) -> str:
        """With commas, and its unit."""
        return "" if answer is None else " ".join(filter(None, (written(answer), self.unit)))

    def schema(self) -> dict[str, Any]:
        """A JSON number; text with a number in it is taken too, since forms send that."""
        kind: dict[str, Any] = {"type": "number" if self.decimals else "integer"}
        if self.decimals:
            kind["multipleOf"] = 10**-self.decimals
        return self.nullable({**kind, "minimum": self.lowest(), "maximum": self.highest()})

    def problems(self) -> list[str]:
        """Bounds that leave something to answer."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.lowest() > self.highest():
            what = _("'min' is {least}, which is more than 'max', {most}.")
            yield what.format(least=written(self.lowest()), most=written(self.highest()))
        if abs(self.lowest()) > LARGEST or abs(self.highest()) > LARGEST:
            yield _("'min' and 'max' have at most 12 digits.")
        if not 0 <= self.decimals <= MOST_DECIMALS:
            what = _("'decimals' is from 0 to {most}; it says {said}.")
            yield what.format(most=MOST_DECIMALS, said=self.decimals)


class Money(Typed, frozen=True, kw_only=True):
    """An amount of money in pounds. It is stored as whole pence; a condition sees pounds: ``rent > 500``."""

    kind: ClassVar[str] = "money"
    spellcheck: ClassVar[bool | None] = False
    autocomplete: ClassVar[str] = ""
    prefix: ClassVar[str] = "£"
    longest: ClassVar[int] = 100

    min: Annotated[int, msgspec.Meta(ge=0)] = 0
    """The least it may be, in whole pounds."""
    max: Annotated[int, msgspec.Meta(ge=1)] = MOST_POUNDS
    """The most it may be, in whole pounds."""
    width: Width = 10

    def given(self, raw: Any) -> str:
        """The amount in pounds, without what people put around and between. A machine sends pence."""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            if isinstance(raw, float) and not raw.is_integer():
                raise Wrong(self.not_money())
            if abs(raw) > LARGEST:
                raise Wrong(self.out_of_range())
            return self.refill(int(raw))
        typed = visible(self.text(raw)).replace("\u2212", "-").removeprefix("£").strip()
        return re.sub(r"(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))", "", typed)

    def taken(self, given: str, asking: Asking) -> int:
        """Whole pence, within the bounds."""
        if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}", given):
            said = _("%(Name)s must not have more than 2 numbers after the decimal point")
            raise Wrong(self.sentence(said))
        if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]{1,2})?", given):
            raise Wrong(self.not_money())
        pence = Decimal(given) * 100
        if not self.min * 100 <= pence <= self.max * 100:
            raise Wrong(self.out_of_range())
        return int(pence)

    def not_money(self) -> str:
        """The sentence for what is no amount."""
        return self.sentence(_("%(Name)s must be an amount of money, like 25 or 25.50"))

    def out_of_range(self) -> str:
        """The sentence for too little and too much."""
        said = _("%(Name)s must be between %(least)s and %(most)s")
        return self.sentence(said, least=pounds(self.min * 100), most=pounds(self.max * 100))

    def refill(self, answer: Any) -> str:
        """Pounds, as they would be typed."""
        if answer is None:
            return ""
        return format(Decimal(answer) / 100, "f" if answer % 100 == 0 else ".2f")

    def word(self, answer: Any) -> Decimal | None:
        """Pounds."""
        return None if answer is None else Decimal(answer) / 100

    def shown(self, answer: Any) -> str:
        """£1,250 or £12.50."""
        return "" if answer is None else pounds(answer)

    def schema(self) -> dict[str, Any]:
        """Whole pence."""
        said = _("Pence")
        bounds = {"minimum": self.min * 100, "maximum": self.max * 100, "description": said}
        return self.nullable({"type": "integer", **bounds})

    def problems(self) -> list[str]:
        """Bounds that leave something to answer."""
        if self.min <= self.max <= MOST_POUNDS:
            return []
        what = _("'min' is no more than 'max', and 'max' no more than {most}.")
        return [what.format(most=written(MOST_POUNDS))]


def pounds(pence: int) -> str:
    """An amount with commas: £1,250 or £12.50."""
    return f"£{Decimal(pence) / 100:,.{0 if pence % 100 == 0 else 2}f}"


def written(number: float) -> str:
    """A number with commas: 1,250 or 0.5."""
    return format(Decimal(str(number)).normalize(), ",f")
