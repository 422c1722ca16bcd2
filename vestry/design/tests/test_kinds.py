"""Any answer at all is either taken or refused with a sentence; and the JSON Schema says which."""

import json
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from django.template import engines
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vestry.design import kinds
from vestry.design.kinds.typed import EMAIL, LARGEST, PHONE
from vestry.design.questions import Asking, Wrong

ASKING = Asking(now=datetime(2026, 11, 23, 9, 30, tzinfo=UTC), said={})
BINS = {"refuse": "Rubbish bin", "garden": kinds.Choice("Garden bin", "The brown one"), "glass": "Glass box"}
ONE_OF_EACH = {
    "text": kinds.Text(id="q", ask="What is the permit's number?", max=20),
    "text at its own limit": kinds.Text(id="q", ask="Which road is it?"),
    "long-text": kinds.LongText(id="q", ask="What happened?", max=300),
    "number": kinds.Number(id="q", ask="How many bags were there?", min=1, max=20),
    "number below nought": kinds.Number(id="q", ask="How cold was it?", max=10),
    "number with decimals": kinds.Number(id="q", ask="How heavy is it?", min=0, decimals=2, unit="kg"),
    "money": kinds.Money(id="q", ask="How much is the rent?", max=20),
    "declaration": kinds.Declaration(id="q", ask="Declaration", agree="I agree"),
    "radios": kinds.Radios(id="q", ask="Which bin did we miss?", options=BINS),
    "select": kinds.Select(id="q", ask="Which bin did we miss?", options=BINS),
    "checkboxes": kinds.Checkboxes(id="q", ask="Which bins did we miss?", options=BINS),
    "yes-no": kinds.YesNo(id="q", ask="Was the bin out by 6am?"),
    "date": kinds.Date(id="q", ask="When should we have come?"),
    "email": kinds.Email(id="q", ask="Where can we write to you?"),
    "phone": kinds.Phone(id="q", ask="Where can we call you?"),
    "name": kinds.Name(id="q", ask="Who are you?"),
    "list": kinds.Listed(
        id="q",
        ask="Who lives there?",
        one="person",
        many="people",
        max=3,
        each=(
            kinds.Name(id="who", ask="What is their name?"),
            kinds.Date(id="born", ask="When were they born?", optional=True),
            kinds.YesNo(id="student", ask="Are they a student?"),
            kinds.Checkboxes(id="bins", ask="Which?", options=BINS, optional=True),
        ),
    ),
}
OPTIONAL = {
    f"{called}, optional": type(question)(
        **{field: getattr(question, field) for field in question.__struct_fields__} | {"optional": True}
    )
    for called, question in ONE_OF_EACH.items()
}
ALL = {**ONE_OF_EACH, **OPTIONAL}

any_text = st.text(st.characters(exclude_categories=[]), max_size=400)
telling = st.sampled_from([
    "yes", "no", "refuse", "glass", "12", "1,200", "£12.50", "-3", "0.50", "99999", "1e5", "NaN", "١٢", "²",
    "2026-11-23", "2026-02-31", "0000-01-01", "name@example.com", "a@b", "07700 900982", "+44 (0)20 7946 0",
    "Priya Nair", "张伟", "🗑️", "<script>alert(1)</script>",
    "  ", "\n", "\u200b", "\ufeff", "a\u202eb", "\x00", "\ud800",
])  # fmt: skip
plain = st.none() | st.booleans() | st.integers() | st.floats() | any_text | telling
parts = st.sampled_from(["day", "month", "year", "value", "who", "born", "student", "bins"])
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(parts | any_text, inner, max_size=4)
)
# What a JSON reader can hand over: no lone surrogates, no numbers that are none.
sent = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30) | telling.filter(lambda text: text != "\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(parts, inner, max_size=3),
)  # fmt: skip
# What somebody means who reads the schema: of the right sort, and mostly right.
values = st.sampled_from([*BINS, "compost", "", "Refuse"])
numbers = st.integers() | st.integers(-5, 25) | st.floats(-5, 25).map(lambda number: round(number, 3))
lines = (
    st.text(max_size=30)
    | telling.filter(lambda text: text != "\ud800")
    | st.text(min_size=290, max_size=310)
    | st.text("a ", min_size=195, max_size=205)
)
MEANT = {
    "text": lines,
    "long-text": lines,
    "number": numbers,
    "money": numbers | st.integers(0, 2500),
    "declaration": st.booleans(),
    "radios": values,
    "select": values,
    "checkboxes": st.lists(values, unique=True, max_size=4),
    "yes-no": st.booleans(),
    "date": st.dates().map(str) | st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True),
    "email": st.emails()
    | st.from_regex(EMAIL, fullmatch=True, alphabet=st.characters(codec="ascii"))
    | lines,
    "phone": st.from_regex(PHONE, fullmatch=True) | st.text("0123456789 +()-", max_size=20),
    "name": lines,
    "list": st.lists(
        st.fixed_dictionaries(
            {"who": lines, "student": st.booleans()},
            optional={"born": st.dates().map(str) | st.none(), "other": st.text()},
        ),
        max_size=5,
    ),
}
# Never timed: machines differ, and one of the examples is ten million characters long.
patient = settings(max_examples=50, deadline=None)
every_question = pytest.mark.parametrize("question", ALL.values(), ids=ALL)


def asked(question, raw):
    try:
        return question.clean(raw, ASKING), None
    except Wrong as wrong:
        return None, wrong


def accepts(question):
    return jsonschema_rs.validator_for(question.schema(), validate_formats=True).is_valid


@every_question
@patient
@given(raw=anything)
@example(raw="")
@example(raw=None)
@example(raw=[])
@example(raw={})
@example(raw="x" * 10_000_000)
@example(raw="9" * 5_000)
@example(raw=10**5_000)
@example(raw=float("nan"))
@example(raw=float("-inf"))
@example(raw=["refuse"] * 1_000)
@example(raw={"day": "31", "month": "2", "year": "2026"})
@example(raw={"day": 10**5_000, "month": [], "year": {}})
def test_any_answer_is_taken_or_refused_with_a_sentence(question, raw):
    answer, wrong = asked(question, raw)
    if wrong:
        assert wrong.sentence[0].isupper()
        assert "%" not in wrong.sentence
        assert not wrong.sentence.endswith(".")
        assert wrong.part in {"", "day", "month", "year"}
        return
    assert answer is not None or question.optional
    assert json.loads(json.dumps(answer)) == answer
    json.dumps(answer, ensure_ascii=False).encode()  # a database can keep it
    question.word(answer)
    question.shown(answer).encode()
    assert question.clean(question.refill(answer), ASKING) == answer


@pytest.mark.parametrize("called", ONE_OF_EACH)
@settings(deadline=None)
@given(data=st.data())
def test_what_a_machine_may_send_is_taken_just_when_the_schema_accepts_it(called, data):
    question = ONE_OF_EACH[called]
    raw = data.draw(MEANT[question.kind])
    _, wrong = asked(question, raw)
    assert accepts(question)(raw) == (not wrong)


@every_question
@patient
@given(raw=sent)
def test_what_is_stored_is_what_the_schema_accepts(question, raw):
    answer, wrong = asked(question, raw)
    if wrong:
        return
    assert accepts(question)(answer)
    assert question.clean(answer, ASKING) == answer


@pytest.mark.parametrize("question", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
@pytest.mark.parametrize("number", [0, 1, 20, 21, -1, 1.5, 2.0, 0.07, 1.005, LARGEST, LARGEST + 1, True])
def test_a_number_is_taken_just_when_the_schema_accepts_it(question, number):
    _, wrong = asked(question, number)
    assert accepts(question)(number) == (not wrong)


def test_a_form_sends_numbers_as_text_which_the_schema_does_not_ask_of_machines():
    question = ALL["number"]
    assert question.clean("12", ASKING) == 12
    assert not accepts(question)("12")


@pytest.mark.parametrize("question", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
@patient
@given(raw=anything)
@example(raw="<script>alert(1)</script>")
@example(raw="\"'><img src=x onerror=alert(1)>")
def test_any_answer_can_be_shown_again_in_its_question(question, raw):
    _, wrong = asked(question, raw)
    page = engines["jinja2"].from_string("{{ render_question(question, raw, error, as_heading=true) }}")
    html = page.render({"question": question, "raw": raw, "error": wrong})
    assert html.count("<h1") == 1
    assert ("govuk-error-message" in html) == bool(wrong)
    assert "<script" not in html
    assert "<img" not in html
