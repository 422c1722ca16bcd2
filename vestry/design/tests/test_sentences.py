"""What a person reads when an answer can't be taken, and what is kept when it can."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from django.http import QueryDict

from vestry.design.kinds import (
    Checkboxes,
    Choice,
    Date,
    Declaration,
    Email,
    Listed,
    LongText,
    Money,
    Name,
    Number,
    Phone,
    Radios,
    Select,
    Text,
    YesNo,
    question_kinds,
)
from vestry.design.kinds.dates import MONTHS
from vestry.design.questions import Asking, Question, Wrong

# Half past eleven at night here is already tomorrow in half the world, and still today in UTC.
ASKING = Asking(now=datetime(2026, 7, 23, 23, 30, tzinfo=UTC), said={})  # 24 July, 0.30am in London
NAIR = "O'N+b@x-y.gov.uk"
BINS = {"refuse": "Rubbish bin", "garden": Choice("Garden bin", "The brown one")}
CARS = {"one": "car", "many": "cars", "each": (Text(id="plate", ask="Which?"),)}


def text(**words):
    return Text(**{"id": "q", "ask": "Which road is it?", **words})


def number(**words):
    return Number(**{"id": "q", "ask": "How many?", "name": "how many bags", **words})


def a_date(**words):
    return Date(**{"id": "q", "ask": "When?", "name": "the day we missed", **words})


def money(**words):
    return Money(**{"id": "q", "ask": "How much?", "name": "the rent", "max": 2000, **words})


def boxes(day="", month="", year=""):
    return {"day": day, "month": month, "year": year}


@pytest.mark.parametrize(
    ("question", "raw", "sentence"),
    [
        (money(), "", "Enter the rent"),
        (money(), "a lot", "The rent must be an amount of money, like 25 or 25.50"),
        (money(), 12.5, "The rent must be an amount of money, like 25 or 25.50"),
        (money(), True, "Enter the rent"),
        (money(), "12.505", "The rent must not have more than 2 numbers after the decimal point"),
        (money(), "2000.01", "The rent must be between £0 and £2,000"),
        (money(min=1), "-1", "The rent must be between £1 and £2,000"),
        (Declaration(id="q", ask="Declaration", agree="I do"), "", "Tick the box to confirm that you agree"),
        (
            Declaration(id="q", ask="Declaration", agree="I do", name="this is true"),
            False,
            "Tick the box to confirm that this is true",
        ),
        (text(), "", "Enter an answer to “Which road is it?”"),
        (text(name="the road's name"), "  ", "Enter the road's name"),
        (text(ask="What is your permit number?"), None, "Enter your permit number"),
        (text(ask="What’s the road called?"), "", "Enter the road called"),
        (text(ask="What are your contact details"), "", "Enter your contact details"),
        (text(), ["Mill Lane"], "Enter an answer to “Which road is it?”"),
        (text(max=5, name="the road"), "Mill Lane", "The road must be 5 characters or less"),
        (text(max=1), "ab", "Your answer must be 1 character or less"),
        (text(), "x" * 201, "Your answer must be 200 characters or less"),
        (text(), "a\x00b", "Your answer has characters that cannot be read. Type it again"),
        (text(), "a\ud800", "Your answer has characters that cannot be read. Type it again"),
        (LongText(id="q", ask="What happened?"), "y" * 5_001, "Your answer must be 5000 characters or less"),
        (number(), "", "Enter how many bags"),
        (number(), "a few", "How many bags must be a number"),
        (number(), "1.5", "How many bags must be a whole number"),
        (number(), True, "Enter how many bags"),
        (number(), "1,2", "How many bags must be a number"),
        (number(min=1), "0", "How many bags must be 1 or more"),
        (number(max=1500), "9" * 50, "How many bags must be 1,500 or less"),
        (number(min=1, max=20), "21", "How many bags must be between 1 and 20"),
        (number(decimals=1), "1.25", "How many bags must have at most 1 decimal place"),
        (number(decimals=2), 0.125, "How many bags must have at most 2 decimal places"),
        (number(), float("nan"), "How many bags must be a number"),
        (number(max=9), float("inf"), "How many bags must be 9 or less"),
        (Radios(id="q", ask="Which?", name="which bin", options=BINS), "", "Select which bin"),
        (Radios(id="q", ask="Which bin?", options=BINS), "blue", "Select an answer to “Which bin?”"),
        (Radios(id="q", ask="What is the problem?", options=BINS), {}, "Select the problem"),
        (Select(id="q", ask="Which?", name="which bin", options=BINS), "Refuse", "Select which bin"),
        (Checkboxes(id="q", ask="Which?", name="which bins", options=BINS), [], "Select which bins"),
        (
            Checkboxes(id="q", ask="Which?", name="which bins", options=BINS),
            ["refuse", 1],
            "Select which bins",
        ),
        (YesNo(id="q", ask="Was it out?", name="it was out by 6am"), "", "Select yes if it was out by 6am"),
        (YesNo(id="q", ask="Was it out?"), "maybe", "Select yes or no"),
        (Email(id="q", ask="How?"), "", "Enter your email address"),
        (Email(id="q", ask="How?", name="an email address"), None, "Enter an email address"),
        (Name(id="q", ask="Who?"), "12", "Enter your full name"),
        (Name(id="q", ask="Who?"), "n" * 101, "Your full name must be 100 characters or less"),
        (Phone(id="q", ask="Where?"), "", "Enter your phone number"),
    ],
)
def test_the_sentence_says_what_to_do(question, raw, sentence):
    with pytest.raises(Wrong) as wrong:
        question.clean(raw, ASKING)
    assert (wrong.value.sentence, wrong.value.part) == (sentence, "")


@pytest.mark.parametrize(
    "raw", ["priya", "priya@", "@x.uk", "a@b", "a b@x.uk", "a@x..uk", ".a@x.uk", "a@x.uk, b@x.uk"]
)
def test_an_email_address_in_another_format_is_shown_the_right_one(raw):
    with pytest.raises(Wrong, match="in the correct format"):
        Email(id="q", ask="How?").clean(raw, ASKING)


@pytest.mark.parametrize("raw", ["12345", "ring me", "0770090098x", "1" * 16, "++447700900982"])
def test_a_number_nobody_can_call_is_shown_some_that_can_be(raw):
    with pytest.raises(Wrong, match="like 01632 960 001"):
        Phone(id="q", ask="Where?").clean(raw, ASKING)


@pytest.mark.parametrize(
    ("question", "raw", "sentence", "part"),
    [
        (a_date(), boxes(), "Enter the day we missed", ""),
        (Date(id="q", ask="When?"), [], "Enter an answer to “When?”", ""),
        (Date(id="q", ask="When?"), boxes("1", "2"), "Date must include a year", "year"),
        (a_date(), boxes(month="2", year="2026"), "The day we missed must include a day", "day"),
        (a_date(), boxes("1", year="2026"), "The day we missed must include a month", "month"),
        (a_date(), boxes(year="2026"), "The day we missed must include a day and month", "day"),
        (a_date(), boxes(month="2"), "The day we missed must include a day and year", "day"),
        (a_date(), boxes("1"), "The day we missed must include a month and year", "month"),
        (a_date(), boxes("31", "2", "2026"), "The day we missed must be a real date", ""),
        (a_date(), boxes("29", "2", "2026"), "The day we missed must be a real date", ""),
        (a_date(), boxes("0", "2", "2026"), "The day we missed must be a real date", ""),
        (a_date(), boxes("1", "13", "2026"), "The day we missed must be a real date", "month"),
        (a_date(), boxes("1", "Smarch", "2026"), "The day we missed must be a real date", "month"),
        (a_date(), boxes("1", "ju", "2026"), "The day we missed must be a real date", "month"),
        (a_date(), boxes("1", "2", "26"), "Year must include 4 numbers", "year"),
        (a_date(), boxes("1", "2", "99999"), "Year must include 4 numbers", "year"),
        (a_date(), boxes("1", "2", "0"), "Year must include 4 numbers", "year"),
        (a_date(), boxes("1", "2", "0000"), "The day we missed must be a real date", "year"),
        (a_date(), "2026-02-31", "The day we missed must be a real date", ""),
        (a_date(), "23/11/2026", "The day we missed must be a real date", ""),
        (a_date(), "20261123", "The day we missed must be a real date", ""),
        (a_date(latest="today"), "2026-07-25", "The day we missed must be today or in the past", ""),
        (a_date(earliest="today"), "2026-07-23", "The day we missed must be today or in the future", ""),
        (
            a_date(latest="3 months after today"),
            "2026-10-25",
            "The day we missed must be on or before 24 October 2026",
            "",
        ),
        (
            a_date(earliest="2 years before today"),
            "2024-07-23",
            "The day we missed must be on or after 24 July 2024",
            "",
        ),
        (
            a_date(earliest="1 week before today", latest="1 day after today"),
            "2026-07-16",
            "The day we missed must be between 17 July 2026 and 25 July 2026",
            "",
        ),
        (
            a_date(latest="2026-01-31"),
            "2026-02-01",
            "The day we missed must be on or before 31 January 2026",
            "",
        ),
        (
            a_date(earliest="2026-01-31"),
            "2026-01-30",
            "The day we missed must be on or after 31 January 2026",
            "",
        ),
        (
            a_date(earliest="2026-01-01", latest="today"),
            "2026-08-01",
            "The day we missed must be between 1 January 2026 and 24 July 2026",
            "",
        ),
    ],
)
def test_a_date_says_which_part_is_at_fault(question, raw, sentence, part):
    with pytest.raises(Wrong) as wrong:
        question.clean(raw, ASKING)
    assert (wrong.value.sentence, wrong.value.part) == (sentence, part)


@pytest.mark.parametrize("month", ["7", "07", "July", "july", "JUL", "Jul.", " jul ", "Gorffennaf", "gor"])
def test_a_month_may_be_written_as_people_do(month):
    assert a_date(latest="today").clean(boxes("24", month, "2026"), ASKING) == "2026-07-24"


def test_all_months_are_told_apart_by_three_letters():
    shortened = [name[:3] for names in MONTHS for name in names]
    assert len(set(shortened)) == 24


@pytest.mark.parametrize(
    ("question", "raw", "answer", "shown"),
    [
        (text(), "  12  Mill\tLane\n", "12 Mill Lane", "12 Mill Lane"),
        (text(), "🗑️ <b>", "🗑️ <b>", "🗑️ <b>"),
        (LongText(id="q", ask="What?"), " one\r\n\r\ntwo ", "one\n\ntwo", "one\n\ntwo"),
        (LongText(id="q", ask="What?", max=4), "1\r\n\r\n4", "1\n\n4", "1\n\n4"),
        (number(), " 1,250 ", 1250, "1,250"),
        (number(unit="kg"), "12", 12, "12 kg"),
        (number(decimals=2), "0.50", 0.5, "0.5"),
        (number(min=-5), "\u22123", -3, "-3"),
        (number(), 2.0, 2, "2"),
        (Radios(id="q", ask="Which?", options=BINS), "garden", "garden", "Garden bin"),
        (
            Checkboxes(id="q", ask="Which?", options=BINS),
            ["garden", "refuse"],
            ["refuse", "garden"],
            "Rubbish bin, Garden bin",
        ),
        (Checkboxes(id="q", ask="Which?", options=BINS), "garden", ["garden"], "Garden bin"),
        (YesNo(id="q", ask="Was it?"), "no", False, "No"),
        (money(), " £1,234.5 ", 123450, "£1,234.50"),
        (money(), "12", 1200, "£12"),
        (money(), 1299, 1299, "£12.99"),
        (Declaration(id="q", ask="Declaration", agree="I do"), "yes", True, "I do"),
        (YesNo(id="q", ask="Was it?"), True, True, "Yes"),
        (a_date(), boxes("1", "2", "2026"), "2026-02-01", "1 February 2026"),
        (a_date(), " 2026-02-01 ", "2026-02-01", "1 February 2026"),
        (Email(id="q", ask="How?"), " \u200bO'N+b@x-y.gov.uk ", NAIR, NAIR),
        (Phone(id="q", ask="Where?"), "+44 (0)20 7946 0000", "+44 (0)20 7946 0000", "+44 (0)20 7946 0000"),
        (Phone(id="q", ask="Where?"), "07700\u2013900\u2013982", "07700-900-982", "07700-900-982"),
        (Name(id="q", ask="Who?"), "Siân  O’Brien-张", "Siân O’Brien-张", "Siân O’Brien-张"),
    ],
)  # fmt: skip
def test_an_answer_is_kept_tidily_and_shown_as_people_write(question, raw, answer, shown):
    kept = question.clean(raw, ASKING)
    assert (kept, type(kept)) == (answer, type(answer))
    assert question.shown(kept) == shown


def test_nothing_is_no_answer_where_a_question_is_optional():
    for kind in question_kinds().values():
        needed = {"options": BINS, "types": ("pdf",)}
        words = {word: needed[word] for word in needed if word in kind.__struct_fields__}
        words |= CARS if kind is Listed else {}
        words |= {"agree": "I agree"} if kind is Declaration else {}
        question = kind(id="q", ask="?", optional=True, **words)
        for nothing in ("", None, question.read(QueryDict()) if kind is not Checkboxes else []):
            assert question.clean(nothing, ASKING) is None
        assert question.shown(None) == ""


def test_expressions_see_dates_truths_and_lists():
    assert a_date().word("2026-02-01") == date(2026, 2, 1)
    assert YesNo(id="q", ask="?").word(False) is False
    assert Checkboxes(id="q", ask="?", options=BINS).word(None) == []
    assert number().word(3) == 3


@pytest.mark.parametrize(
    ("question", "part"),
    [
        (a_date(earliest="tomorrow"), "it says 'tomorrow'"),
        (a_date(latest="3 months from today"), "it says '3 months from today'"),
        (a_date(latest="0 days after today"), "it says '0 days after today'"),
        (a_date(earliest="1 month after today", latest="today"), "after 'latest'"),
        (a_date(latest="2026-02-31"), "it says '2026-02-31'"),
        (a_date(earliest="2026-02-02", latest="2026-02-01"), "after 'latest'"),
        (number(min=5, max=1), "more than 'max'"),
        (number(max=10.0**15), "at most 12 digits"),
        (number(decimals=9), "from 0 to 6"),
        (text(max=-1), "it says -1"),
        (LongText(id="q", ask="?", max=10**9), "from 1 to 100000"),
        (Radios(id="q", ask="?", options={}), "has 0 of them"),
        (Radios(id="q", ask="?", options={"a": "Same", "b": "Same"}), "nobody can tell them apart"),
        (Radios(id="q", ask="?", options={" a": "One", "b": "Two"}), "spaces around it"),
    ],
)
def test_a_question_that_makes_no_sense_says_so(question, part):
    (said,) = question.problems()
    assert part in said


@pytest.mark.parametrize(
    "question",
    [
        text(max=20),
        number(min=0, max=5),
        a_date(earliest="2026-01-01", latest="today"),
        a_date(latest="today"),
        a_date(earliest="2 years before today", latest="3 months after today"),
        a_date(earliest="2020-01-01", latest="1 day before today"),
    ],
)
def test_a_question_that_makes_sense_says_nothing(question):
    assert question.problems() == []


def test_a_definition_writes_options_with_and_without_hints():
    said = {
        "id": "bin",
        "ask": "Which?",
        "options": {"refuse": "Rubbish", "garden": {"label": "Garden", "hint": "Brown"}},
    }
    question = msgspec.convert(said, question_kinds()["radios"])
    assert question.items() == [
        {"value": "refuse", "text": "Rubbish", "hint": ""},
        {"value": "garden", "text": "Garden", "hint": "Brown"},
    ]


def test_every_kind_is_known_by_its_word():
    known = question_kinds()
    assert {"text", "long-text", "number", "radios", "checkboxes", "select", "yes-no", "date"} < set(known)
    assert {"email", "phone", "name"} < set(known)
    assert "address" in known  # from another room, through its entry point
    assert all(issubclass(kind, Question) and kind.kind == word for word, kind in known.items())


@pytest.mark.parametrize("typed", ["Win at https://x.example", "see WWW.x.example", "me@x.example"])
def test_a_name_carries_no_link_into_somebody_s_mailbox(typed):
    question = Name(id="your-name", ask="What is your name?")
    with pytest.raises(Wrong, match="must not include a web or email address"):
        question.clean(typed, ASKING)
