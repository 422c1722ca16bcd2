"""A capability in a package of its own: `services` was not touched for it, and names it nowhere."""

import tomllib
from importlib.metadata import distribution, entry_points

import pytest
from django.test import Client
from jsonschema_rs import validator_for
from parking_permit.models import Space

from tests.capabilities.permits import (
    ANSWERS,
    NOON,
    PERMIT,
    SOON,
    apply,
    facts,
    furnish,
    go_on,
    post,
    said,
)
from tests.plugin import ANOTHER_PACKAGE
from vestry.cases import api as cases
from vestry.councils.api import scope
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.definition.reading import read_yaml
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import ORIGIN, offer
from vestry.services.tests.test_submission import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def permits(council):
    furnish()
    return council


def held():
    """Who has which space: number by zone, and whether for good."""
    return {
        (row.zone, row.number): "held" if row.held_until else "granted"
        for row in Space.objects.order_by("pk")
    }


def replayed():
    """The same from the facts."""
    spaces = {}
    for fact in facts():
        key = (fact.payload["zone"], fact.payload["number"])
        spaces.pop(key, None)
        if fact.name != "parking_permit.released":
            spaces[key] = fact.name.partition(".")[2]
    return spaces


@pytest.fixture(autouse=True)
def facts_give_what_the_table_holds(council):
    yield
    assert replayed() == held()


def stopped_on_sending(token, now=NOON):
    with pytest.raises(services.SentBack) as back:
        services.submit(token=token, now=now)
    return back.value.where.stop


def test_it_is_a_distribution_that_is_found_by_its_entry_points():
    found = distribution("vestry-parking-permit")
    project = tomllib.loads((ANOTHER_PACKAGE / "pyproject.toml").read_text())["project"]
    assert {entry.group: {entry.name: entry.value} for entry in found.entry_points} == project["entry-points"]
    assert (found.name, found.version) == (project["name"], project["version"])
    assert "parking" in entry_points(group="vestry.capabilities").names


def test_its_words_are_in_the_schema_for_editors(council):
    schema = services.service_schema()
    words = schema["$defs"]["step-parking"]["properties"]["parking"]["properties"]
    assert words["hold"]["description"] == "How long a space is kept for somebody who is filling in the form."
    good = read_yaml(PERMIT, "permit.yaml").value
    assert validator_for(schema).is_valid(good)
    (step,) = (step for step in good["journey"] if "parking" in step)
    del step["parking"]["vehicle"]
    assert not validator_for(schema).is_valid(good)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "vehicle: plate",
            "vehicle: palte",
            'permit.yaml:17: No question "palte" is asked before this. Did you mean "plate"?',
        ),
        (
            "spaces: 2}",
            "spaecs: 2}",
            'permit.yaml:19: "spaecs" is not a word that can stand here. Did you mean "spaces"?',
        ),
        (
            "  - parking:",
            "  - parkign:",
            'permit.yaml:14: "parkign" is not a kind of step. Did you mean "parking"?',
        ),
        (
            "parking.granted:",
            "parking.grated:",
            'permit.yaml:41: Nothing that is called "parking.grated" ever'
            ' happens here. Did you mean "parking.granted"?',
        ),
        (
            "((space))",
            "((spaec))",
            'permit.yaml:38: The subject of the message "yours" says ((spaec)),'
            ' and nothing is called that. Did you mean "((space))"?',
        ),
    ],
)
def test_a_mistake_in_it_is_told_with_its_line_and_the_nearest_word(council, right, wrong, told):
    assert said(PERMIT) == []
    assert told in said(PERMIT.replace(right, wrong))


def test_it_is_walked_sent_shown_and_told(permits):
    token, where = apply(until="narrow")
    assert (where.step, held()) == ("narrow", {("harbour", 1): "held"})
    assert go_on(token).kind == "check"
    sent = services.submit(token=token, now=NOON)
    assert held() == {("harbour", 1): "granted"}
    rows = {row.label: row.text for row in services.shown(sent.ref)}
    assert rows["Your space"] == "Harbour Street 1"
    assert cases.next_step(reference=sent.reference)
    ledger.read_on(OnRules(), now=NOON)
    assert ledger.parked() == []
    (message,) = notify.sent(limit=9)
    assert message.subject == "You can park at Harbour Street 1"
    assert message.body.strip() == f"Your reference is {sent.reference}."
    assert (message.to, message.about) == ("sam@example.com", sent.ref)


def test_what_it_gives_decides_what_is_asked_after_it(permits):
    apply()
    _token, where = apply(until="narrow")
    assert (where.kind, held()) == ("check", {("harbour", 1): "held", ("harbour", 2): "held"})


def test_a_changed_answer_gives_back_and_holds_anew(permits):
    token, _ = apply()
    post(token, "space", space_zone="mill")
    assert held() == {("mill", 1): "held"}
    post(token, "plate", plate="ZZ99 ZZZ")
    assert len(facts()) == 3


def test_who_leaves_gives_back(permits):
    token, _ = apply()
    services.leave(token=token, now=NOON)
    assert held() == {}


def test_who_does_not_come_back_gives_back(permits):
    apply()
    far_off = NOON.replace(year=2027)
    assert jobs.abandon_idle(now=far_off) == 1
    assert held() == {}


def test_full_is_a_stop_in_words_and_what_was_held_stays(permits):
    apply(space={"space-zone": "mill"})
    token, _ = apply()
    where = post(token, "space", space_zone="mill")
    assert (where.kind, where.title) == ("stop", "There is no space left in Mill Lane")
    assert where.stop.instead.startswith("Choose another zone")
    assert held() == {("mill", 1): "held", ("harbour", 1): "held"}
    again = services.at(token=token, now=NOON)
    assert (again.step, again.raws) == ("space", {"space-zone": "mill"})
    assert go_on(token, space={"space-zone": "harbour"}).kind == "check"
    assert services.submit(token=token, now=NOON)
    assert held() == {("mill", 1): "held", ("harbour", 1): "granted"}


def test_the_clock_gives_back_and_who_comes_late_gets_what_is_left(permits):
    first, _ = apply()
    assert jobs.capabilities_due(now=NOON) == 0
    assert jobs.capabilities_due(now=SOON) == 1
    assert held() == {}
    apply(SOON)
    services.submit(token=first, now=SOON)
    assert held() == {("harbour", 1): "held", ("harbour", 2): "granted"}


def test_too_late_is_a_stop_at_the_end_with_everything_kept(permits):
    late, _ = apply(space={"space-zone": "mill"})
    quick, _ = apply(SOON, space={"space-zone": "mill"})
    assert stopped_on_sending(late, SOON).title == "There is no space left in Mill Lane"
    services.submit(token=quick, now=SOON)
    post(late, "space", SOON, space_zone="harbour")
    assert go_on(late, SOON).kind == "check"
    assert services.submit(token=late, now=SOON)
    assert held() == {("mill", 1): "granted", ("harbour", 1): "granted"}


def test_a_held_space_is_good_after_its_time_while_nobody_else_wants_it(permits):
    token, _ = apply()
    services.submit(token=token, now=SOON)
    assert [fact.name for fact in facts()] == ["parking_permit.held", "parking_permit.granted"]


def test_a_machine_gets_a_space_by_the_same_rules(permits):
    def send(key, **answers):
        return services.submit_answers(
            service="parking-permit",
            answers=ANSWERS | answers,
            key=key,
            client="c",
            origin=ORIGIN,
            now=NOON,
        )

    send("1")
    assert held() == {("harbour", 1): "granted"}
    send("2", **{"space-zone": "mill"})
    with pytest.raises(services.NotTaken) as refusal:
        send("3", **{"space-zone": "mill"})
    assert refusal.value.faults[0].sentence.startswith("There is no space left in Mill Lane.")


def test_the_council_next_door_has_its_own(permits, other_council):
    apply(space={"space-zone": "mill"})
    with scope(other_council):
        offer(PERMIT, NOON)
        assert held() == {}
        _token, where = apply(space={"space-zone": "mill"})
        assert where.kind == "check"


def test_a_resident_goes_through_its_pages(permits):
    client = Client()
    page = client.post("/services/parking-permit/", follow=True)
    for fields in ({"plate": "AB12 CDE"}, {"space-zone": "harbour"}):
        address = page.redirect_chain[-1][0]
        page = client.post(address, {"asked": list(fields), **fields}, follow=True)
        assert page.status_code == 200
    assert "less than 2 metres wide" in page.text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_eight_people_at_once_two_get_a_space_each_and_the_others_are_told(permits):
    def one():
        token, where = apply(until="email")
        if where.kind == "stop":
            return where.stop.title
        go_on(token)
        return services.submit(token=token, now=NOON).reference

    outcomes = at_once(permits, [one] * 8)
    assert outcomes.count("There is no space left in Harbour Street") == 6
    assert len(set(outcomes)) == 3
    assert held() == {("harbour", 1): "granted", ("harbour", 2): "granted"}
