"""Closed is not always done: whoever still has the matter says so in time, and the case goes on."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from vestry.cases import api, rules
from vestry.cases.options import Options
from vestry.cases.step import Cases
from vestry.cases.tests.opened import NOON, WALKER, open_bin, said, tom
from vestry.cases.tests.plans import MISSED_BIN
from vestry.design.capability import Outline
from vestry.kernel import local_day

pytestmark = pytest.mark.usefixtures("officers")

# Monday 23 November 2026 and five working days: Monday the 30th, to its last minute in London.
LAST_MOMENT = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


@pytest.fixture
def closed():
    reference = open_bin()
    api.act(
        officer=tom(), reference=reference, action="not-out", answers={"seen": "No bin"}, now=NOON, text=""
    )
    assert api.get_case(officer=tom(), reference=reference).closed_at
    return reference


def write_back(reference, now):
    api.reply(reference=reference, text="It was out, and still is.", now=now, actor=WALKER)


def test_an_answer_in_time_opens_it_again_and_what_was_promised_is_promised_anew(closed):
    standing = api.next_step(reference=closed)
    assert (standing.closed, standing.takes_reply_until) == (True, LAST_MOMENT.date())
    write_back(closed, LAST_MOMENT)
    case = api.get_case(officer=tom(), reference=closed)
    assert (case.closed_at, case.outcome, case.stage) == (None, "", "reported")
    assert case.due == date(2026, 12, 2)
    assert "The case was opened again." in said(closed)
    assert api.next_step(reference=closed).takes_reply_until is None


def test_a_minute_later_it_stays_closed(closed):
    with pytest.raises(api.CaseClosed):
        write_back(closed, LAST_MOMENT + timedelta(minutes=1))
    assert api.get_case(officer=tom(), reference=closed).outcome == "failed"


def test_it_can_be_closed_and_opened_again_and_again(closed):
    for _ in range(2):
        write_back(closed, NOON)
        answers = {"seen": "Still none"}
        api.act(officer=tom(), reference=closed, action="not-out", answers=answers, now=NOON, text="")
    assert said(closed).count("The case was opened again.") == 2
    assert api.get_case(officer=tom(), reference=closed).outcome == "failed"


def outline():
    known = {"teams": frozenset({"waste"}), "roles": frozenset({"crew"})}
    return Outline(service="x", questions={}, words=frozenset({"bin"}), messages={}, known=known)


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        ({"on-reply": None}, "needs “end”, “on-reply” and “reply-within”"),
        ({"reply-within": None}, "needs “end”, “on-reply” and “reply-within”"),
        ({"on-reply": "collected"}, "ends or waits"),
    ],
)
def test_a_plan_that_says_half_of_it_is_told(council, stage, what):
    written = msgspec.to_builtins(MISSED_BIN)
    written["stages"]["not-out"] |= stage
    problems = list(Cases().problems(msgspec.convert(written, Options), outline()))
    assert any(what in problem.what for problem in problems), problems
    assert all(problem.instead.endswith(".") for problem in problems if " " in problem.instead)


def test_days_are_counted_in_london(council):
    stage = MISSED_BIN.stages["not-out"]
    late = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # half past midnight on Tuesday in London
    from vestry.councils.api import working_calendar

    until = rules.takes_reply_until(stage, local_day(late), working_calendar("england-and-wales"))
    assert until == date(2026, 7, 14)
