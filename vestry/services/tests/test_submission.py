"""The end of a journey: everything confirmed in one transaction, once, or nothing and nothing lost."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from vestry.cases import api as cases
from vestry.cases.step import Cases
from vestry.councils.api import scope
from vestry.design.capability import Contact
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import TUESDAY_NOON, fill, furnish, post, start


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()
    return council


def submit(token, now=TUESDAY_NOON):
    return services.submit(token=token, now=now)


def names():
    return [fact.name for fact in ledger.since(0)]


@pytest.mark.django_db
def test_a_case_a_report_and_their_facts_are_there_together():
    token = start()
    fill(token)
    sent = submit(token)
    assert sent.reference.startswith("MB-")
    assert cases.next_step(reference=sent.reference).sentence == "The crew will come back."
    assert names() == ["services.started", "report.made", "cases.opened", "services.submitted"]
    facts = ledger.history(sent.ref)
    assert [fact.name for fact in facts] == ["cases.opened", "services.submitted"]
    assert {(fact.service, fact.service_version, fact.journey) for fact in facts} == {
        ("missed-bin", 1, str(Journey.objects.get().pk))
    }
    assert services.contact(sent.ref) == Contact(name="Sam", email="sam@example.com")


@pytest.mark.django_db
def test_afterwards_the_address_shows_the_confirmation_and_nothing_else():
    token = start()
    fill(token)
    sent = submit(token)
    for step in ("", "bin", "check", "reach"):
        where = services.at(token=token, step=step, now=TUESDAY_NOON)
        assert (where.kind, where.submitted, where.rows, where.raws) == ("done", sent, (), {})
    assert post(token, "bin", bin="garden").kind == "done"
    services.leave(token=token, now=TUESDAY_NOON)
    assert Journey.objects.get().said["bin"] == "refuse"
    with pytest.raises(services.NoSuchJourney):
        services.at(token=token, now=TUESDAY_NOON + timedelta(days=1))


@pytest.mark.django_db
def test_sending_twice_is_sending_once():
    token = start()
    fill(token)
    assert submit(token) == submit(token, TUESDAY_NOON + timedelta(minutes=1))
    assert names().count("cases.opened") == 1


@pytest.mark.django_db
def test_the_answers_and_what_came_of_them_are_shown():
    token = start()
    fill(token)
    sent = submit(token)
    rows = {row.label: row.text for row in services.shown(sent.ref)}
    assert rows["What is your address?"] == "2 High Street, Harrow Mere, HM1 2AB"
    assert rows["The round was over at"] == "4:30pm"
    assert services.shown(Ref("case", "MB-0000-0000")) == []
    assert services.contact(Ref("case", "MB-0000-0000")) == Contact()


@pytest.mark.django_db
def test_what_another_council_sent_in_is_not_shown(other_council):
    token = start()
    fill(token)
    sent = submit(token)
    with scope(other_council):
        assert services.shown(sent.ref) == []
        assert services.contact(sent.ref) == Contact()


@pytest.mark.django_db
def test_too_late_at_the_very_end_leads_to_the_reason_with_everything_kept():
    token, evening = (
        start(now=datetime(2026, 11, 25, 23, 0, tzinfo=UTC)),
        datetime(2026, 11, 25, 23, 59, tzinfo=UTC),
    )
    fill(token, now=evening)
    with pytest.raises(services.SentBack) as back:
        submit(token, evening + timedelta(minutes=1))
    assert back.value.where.stop.title == "It is too late to report this"
    assert len(back.value.where.rows) == 3
    assert names() == ["services.started"]
    assert Journey.objects.get().said["email"] == "sam@example.com"


@pytest.mark.django_db
def test_an_answer_that_can_no_longer_be_taken_leads_back_to_its_page():
    token = start()
    fill(token)
    Journey.objects.update(said={**Journey.objects.get().said, "email": "no longer"})
    with pytest.raises(services.SentBack) as back:
        submit(token)
    where = back.value.where
    assert (where.kind, where.step, set(where.wrongs)) == ("page", "reach", {"email"})
    assert where.raws["email"] == "no longer"
    assert names() == ["services.started"]


@pytest.mark.django_db
def test_of_two_about_the_same_bin_the_second_is_told_and_nothing_of_it_is_left():
    first, second = start(), start()
    fill(first)
    fill(second)
    submit(first)
    with pytest.raises(services.SentBack) as back:
        submit(second)
    assert back.value.where.stop.title == "This has already been reported"
    assert names().count("cases.opened") == 1
    assert services.at(token=second, now=TUESDAY_NOON).kind == "stop"


@pytest.mark.django_db
def test_when_the_last_step_breaks_nothing_of_the_others_is_left(monkeypatch):
    token = start()
    fill(token)

    def broken(*_):
        raise RuntimeError("out of paper")

    monkeypatch.setattr(Cases, "confirm", broken)
    with pytest.raises(RuntimeError, match="out of paper"):
        submit(token)
    assert names() == ["services.started"]
    monkeypatch.undo()
    assert submit(token).reference


def at_once(council, jobs):
    """Run each job in a thread of its own, all from the same moment; their results or refusals."""
    start_line, outcomes = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            with scope(council):
                start_line.wait()
                outcomes.append(job())
        except (services.SentBack, services.NotTaken, services.KeyReused) as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_submission(furnished):
    token = start()
    fill(token)
    outcomes = at_once(furnished, [lambda: submit(token)] * 20)
    assert len(outcomes) == 20
    assert len({sent.reference for sent in outcomes}) == 1
    assert names().count("cases.opened") == 1
    assert names().count("services.submitted") == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_neighbours_at_once_about_one_bin_open_one_case(furnished):
    tokens = [start() for _ in range(10)]
    for token in tokens:
        fill(token)
    outcomes = at_once(furnished, [lambda token=token: submit(token) for token in tokens])
    told = [outcome.where.stop.title for outcome in outcomes if isinstance(outcome, services.SentBack)]
    assert told == ["This has already been reported"] * 9
    assert names().count("cases.opened") == 1
