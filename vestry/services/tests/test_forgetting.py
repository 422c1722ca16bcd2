"""What is personal is erased, so long after its end as its own version says; never before, and once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from vestry.cases import api as cases
from vestry.councils.api import scope
from vestry.kernel import SYSTEM, Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.jobs import forget_due
from vestry.services.keeping import kept_until, last_day
from vestry.services.models import Journey
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, QUESTION, TUESDAY_NOON, furnish, offer

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
TWO_YEARS = datetime(2028, 11, 25, tzinfo=UTC)
"""The first moment of the day after the last, of what was closed on TUESDAY_NOON and kept for two years."""

COMPLAINT = QUESTION.replace("service: ask-us", "service: complain").replace(
    "answered: {title: Answered, end: answered}",
    "answered: {title: Answered, end: answered, reply-within: 20 days, on-reply: open}",
)


@pytest.fixture(autouse=True)
def furnished(council, other_council):
    put_everybody(other_council)
    furnish()


def submit(service="missed-bin", answers=ANSWERS, key="1", now=TUESDAY_NOON):
    sent = services.submit_answers(
        service=service, answers=answers, key=key, client="crm", origin=ORIGIN, now=now
    )
    return sent.ref


def ask(key="1", now=TUESDAY_NOON, service="complain"):
    return submit(service, {"question": "Why me?", "email": "sam@example.com"}, key, now)


def officer(slug="grace"):
    return next(one for one in people.find_officers() if one.slug == slug)


def close(ref, now=TUESDAY_NOON):
    who = officer("tom" if ref.key.startswith("MB") else "priya")
    (action,) = cases.possible(officer=who, reference=ref.key, now=now).actions
    cases.act(officer=who, reference=ref.key, action=action.id, answers={}, now=now)


def facts(name):
    return [fact for fact in ledger.since(0) if fact.name == name]


def left(ref):
    row = Journey.objects.get(subject=str(ref))
    return {**row.said, **row.contact, **row.confirmed}


def test_it_is_erased_on_the_day_after_the_last_and_not_before():
    ref = submit()
    close(ref)
    assert forget_due(now=TWO_YEARS - timedelta(seconds=1)) == 0
    assert left(ref)["email"] == "sam@example.com"
    assert forget_due(now=TWO_YEARS) == 1
    assert not left(ref)
    assert services.shown(ref) == []
    assert services.contact(ref).email == ""
    view = cases.get_case(officer=officer(), reference=ref.key)
    assert (view.place, view.outcome, view.forgotten_at) == ("", "resolved", TWO_YEARS)
    (fact,) = facts("services.forgotten")
    assert (fact.payload, fact.actor) == ({"kept": "2 years", "asked": False}, SYSTEM)


def test_it_is_erased_once():
    close(submit())
    assert forget_due(now=TWO_YEARS) == 1
    before = len(ledger.since(0))
    assert forget_due(now=TWO_YEARS + 1000 * A_DAY) == 0
    assert len(ledger.since(0)) == before


def test_it_is_counted_from_closing():
    ref = submit()
    close(ref, TUESDAY_NOON + 100 * A_DAY)
    assert forget_due(now=TWO_YEARS + 99 * A_DAY) == 0
    assert forget_due(now=TWO_YEARS + 100 * A_DAY) == 1


def test_each_version_keeps_as_long_as_it_says():
    offer(QUESTION.replace("closed: 1 year", "closed: 10 days"))
    short = ask(service="ask-us")
    offer(QUESTION.replace("closed: 1 year", "closed: 9 years"))
    long = ask("2", service="ask-us")
    close(short)
    close(long)
    assert forget_due(now=TUESDAY_NOON + 11 * A_DAY) == 1
    assert not left(short)
    assert left(long)


def test_an_open_case_is_kept_however_old_and_due_once_it_was_closed_long_enough():
    ref = submit()
    later = TWO_YEARS + 3000 * A_DAY
    assert forget_due(now=later) == 0
    close(ref, later)
    assert forget_due(now=later + 700 * A_DAY) == 0
    assert forget_due(now=later + 732 * A_DAY) == 1


def test_a_case_with_a_part_a_task_a_hold_or_a_letter_on_its_way_waits():
    parent, part = submit(), ask("2", service="ask-us")
    priya = officer("priya")
    cases.link(officer=priya, reference=parent.key, other=part.key, role="part", now=TUESDAY_NOON)
    close(parent)
    assert forget_due(now=TWO_YEARS) == 0
    close(part, TWO_YEARS)
    work = cases.raise_task(about=parent, title="Ring", key="1", now=TWO_YEARS, actor=SYSTEM)
    assert forget_due(now=TWO_YEARS + 2 * A_DAY) == 0
    cases.end(officer=priya, task=work.id, now=TWO_YEARS)
    cases.place_legal_hold(reference=parent.key, actor=priya.ref, now=TWO_YEARS)
    assert forget_due(now=TWO_YEARS + 4 * A_DAY) == 0
    cases.lift_legal_hold(reference=parent.key, actor=priya.ref, now=TWO_YEARS)
    notify.send(
        to="sam@example.com", subject="Yes", body="Yes", about=parent, key="k", now=TWO_YEARS, actor=SYSTEM
    )
    assert forget_due(now=TWO_YEARS + 6 * A_DAY) == 0
    with plugged(fakes.FakeEmail()):
        notify.deliver_due(now=TWO_YEARS + 6 * A_DAY)
    assert forget_due(now=TWO_YEARS + 8 * A_DAY) == 1
    assert [message.to for message in notify.about(parent)] == [""]


def test_somebody_asks_and_that_is_recorded():
    ref = submit()
    grace = officer()
    with pytest.raises(services.NotOver, match="still open"):
        services.forget(about=ref, actor=grace.ref, now=TUESDAY_NOON)
    assert left(ref)
    close(ref)
    assert services.forget(about=ref, actor=grace.ref, now=TUESDAY_NOON)
    assert not services.forget(about=ref, actor=grace.ref, now=TUESDAY_NOON)
    assert not left(ref)
    (fact,) = facts("services.forgotten")
    assert (fact.actor, fact.payload["asked"]) == (grace.ref, True)
    assert [fact.actor for fact in facts("cases.forgotten")] == [grace.ref]
    with pytest.raises(services.NothingThere):
        services.forget(about=Ref("case", "MB-0000-0000"), actor=grace.ref, now=TUESDAY_NOON)


def test_what_was_erased_takes_nothing_new():
    ref = submit()
    close(ref)
    services.forget(about=ref, actor=SYSTEM, now=TUESDAY_NOON)
    words = {"reference": ref.key, "text": "Sam again", "now": TUESDAY_NOON}
    for write in (cases.note, cases.message):
        with pytest.raises(cases.CaseForgotten):
            write(officer=officer("priya"), **words)
    with pytest.raises(cases.CaseForgotten):
        cases.reply(actor=cases.resident_of(ref.key), **words)
    with pytest.raises(services.KeyReused):
        submit()
    assert not left(ref)


def test_what_would_be_due_is_said_and_nothing_is_done():
    closed, open_ = submit(), ask("2", service="ask-us")
    close(closed)
    said = {due.ref: due for due in services.to_forget(until=TWO_YEARS)}
    assert (said[closed].at, said[closed].why, said[closed].title) == (TWO_YEARS, "", "Report a missed bin")
    assert (said[open_].at, said[open_].why) == (None, "The case is still open.")
    assert list(services.to_forget(until=TUESDAY_NOON)) == []
    assert left(closed)


def test_a_few_are_done_at_a_time_and_one_that_breaks_keeps_no_others(monkeypatch):
    offer(QUESTION)
    refs = [ask(str(n), service="ask-us") for n in range(25)]
    for ref in refs:
        close(ref)
    broken = str(refs[0])
    erase = jobs.forgetting.erase

    def breaks(row, **words):
        erase(row, **words)
        if row.subject == broken:
            raise OSError("no space left")

    monkeypatch.setattr(jobs.forgetting, "erase", breaks)
    assert forget_due(now=TWO_YEARS) == 19
    assert forget_due(now=TWO_YEARS) == 5
    assert left(refs[0]), "all of it, or nothing"
    assert len(facts("cases.forgotten")) == 24
    monkeypatch.undo()
    assert forget_due(now=TWO_YEARS + A_DAY) == 1


def test_another_councils_are_its_own(other_council):
    close(submit())
    with scope(other_council):
        assert forget_due(now=TWO_YEARS) == 0
        assert list(services.to_forget(until=TWO_YEARS)) == []


@given(ended=st.dates(date(2000, 1, 1), date(2099, 12, 31)), years=st.integers(1, 99))
def test_years_are_the_calendars(ended, years):
    last = last_day(ended, f"{years} years")
    assert (last.year, last.month) == (ended.year + years, ended.month)
    assert last.day == ended.day or (ended.month, ended.day, last.day) == (2, 29, 28)
    assert last_day(ended, f"{years * 12} months") == last


@given(
    ended=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),
    written=st.sampled_from(["1 day", "2 weeks", "1 month", "11 months", "6 years"]),
)
def test_it_begins_with_the_first_day_it_is_not_kept(ended, written):
    until = kept_until(ended, written)
    assert local_day(until) == last_day(local_day(ended), written) + A_DAY
    assert local_day(until - timedelta(seconds=1)) == last_day(local_day(ended), written)


class Keeping(RuleBasedStateMachine):
    """A case is closed, opened again, held; time goes by; the worker looks in, or it does not."""

    @initialize()
    def begin(self):
        self.now, self.closed, self.held, self.gone = TUESDAY_NOON, None, False, False
        Keeping.number += 1
        offer(COMPLAINT.replace("closed: 1 year", "closed: 30 days"))
        self.ref = ask(f"machine-{Keeping.number}")

    number = 0

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        self.now += timedelta(days=days)

    @rule()
    def close(self):
        if self.closed is None:
            close(self.ref, self.now)
            self.closed = self.now

    @rule()
    def open_again(self):
        try:
            cases.reply(
                reference=self.ref.key, text="No", now=self.now, actor=cases.resident_of(self.ref.key)
            )
        except Refused:
            return
        self.closed = None

    @rule(held=st.booleans())
    def hold(self, held):
        if not self.gone:
            verb = cases.place_legal_hold if held else cases.lift_legal_hold
            verb(reference=self.ref.key, actor=SYSTEM, now=self.now)
            self.held = held

    @rule()
    def turn(self):
        ledger.read_on(OnRules(), now=self.now)
        self.look()
        over = self.closed is not None and self.now >= kept_until(self.closed, "30 days")
        if over and not self.held and not self.gone:
            # What was held or open a moment ago is looked at within a day.
            self.now += A_DAY
            self.look()
            self.gone = True

    def look(self):
        # What earlier machines left may come first, a few at a time.
        for _ in range(4):
            forget_due(now=self.now)

    @invariant()
    def it_is_there_for_as_long_as_it_has_to_be_and_no_longer(self):
        if hasattr(self, "ref"):
            assert bool(left(self.ref)) is not self.gone
            assert (cases.forgotten(reference=self.ref.key) is not None) is self.gone


@pytest.mark.slow
def test_closing_opening_and_time_in_any_order():
    run_state_machine_as_test(
        Keeping,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
