"""The facts of journeys and of versions, replayed, give what their rows hold; whatever is done when.

What anybody answered is not in the facts, so it is left out here.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vestry.cases import api as cases
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, Refused
from vestry.ledger import api as ledger
from vestry.ledger.tests.undone import run_undone
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.models import Journey, Link, Offer, Version
from vestry.services.tests.services_to_try import (
    ANSWERS,
    MISSED_BIN,
    ORIGIN,
    TUESDAY_NOON,
    fill,
    furnish,
    offer,
)
from vestry.services.tests.test_desk_and_pack import at_the_desk
from vestry.services.tests.test_publishing import NOW, PACKS, rewrite

EMAIL = "sam@example.com"


def begun(fact):
    nothing = {"subject": "", "submitted_at": None, "forgotten_at": None, "links": [], "refused": set()}
    return {"service": fact.service, "state": "started", "started_at": fact.at, "channel": "web", **nothing}


def saved(is_now, fact):
    assert is_now["state"] == "started"
    return {"links": [*is_now["links"], fact.payload["link"]]}


def resumed(is_now, fact):
    assert is_now["state"] == "started"
    assert fact.payload["link"] == is_now["links"][-1], "only the newest link works"
    return {}


def refused(is_now, fact):
    why, link = fact.payload["why"], fact.payload["link"]
    assert (why == "deleted") == (is_now["state"] == "abandoned")
    assert why != "replaced" or link != is_now["links"][-1]
    return {"refused": is_now["refused"] | {link}}


def carried_over(is_now, fact):
    assert is_now["state"] == "started"
    assert fact.payload["began"] == is_now["version"] < fact.service_version
    return {"version": fact.service_version}


def submitted(is_now, fact):
    assert is_now["state"] == "started"
    sent = {"state": "submitted", "subject": str(fact.subject), "submitted_at": fact.at}
    return sent | {"channel": fact.payload["channel"]}


def abandoned(is_now, fact):
    assert is_now["state"] == "started"
    return {"state": "abandoned"}


def forgotten(is_now, fact):
    assert is_now["state"] == "submitted"
    return {"forgotten_at": fact.at, "links": [], "refused": set()}


COMES_TO = {
    "services.saved": saved,
    "services.resumed": resumed,
    "services.link_refused": refused,
    "services.carried_over": carried_over,
    "services.submitted": submitted,
    "services.abandoned": abandoned,
    "services.forgotten": forgotten,
}


def replay(facts):
    """What each journey comes to, by its facts alone."""
    journeys = {}
    for fact in facts:
        if not fact.journey or not fact.name.startswith("services."):
            continue
        if fact.name == "services.started" or fact.payload.get("channel") == "api":
            # All the answers of a machine come at once: its journey begins with being sent.
            assert fact.journey not in journeys
            journeys[fact.journey] = begun(fact) | {"version": fact.service_version}
        if fact.name != "services.started":
            journeys[fact.journey] |= COMES_TO[fact.name](journeys[fact.journey], fact)
        assert journeys[fact.journey]["version"] == fact.service_version
    return journeys


def held():
    """What their rows hold."""
    return {str(row.pk): held_of(row) for row in Journey.objects.select_related("version")}


def held_of(row):
    links = Link.objects.filter(journey=row).order_by("pk")
    newest = links.last()
    assert row.link == (newest.token if newest else "")
    return {
        "service": row.version.slug,
        "version": row.version.number,
        "state": row.state,
        "channel": "api" if row.client else "web",
        "subject": row.subject,
        "started_at": row.started_at,
        "submitted_at": row.submitted_at,
        "forgotten_at": row.forgotten_at,
        "links": [link.pk for link in links],
        "refused": {link.pk for link in links if link.refused},
    }


which = st.integers(0, 3)


class Residents(RuleBasedStateMachine):
    """Some who begin, go on, come back, send and leave, while the service changes; and a program."""

    @initialize()
    def begin(self):
        self.now = TUESDAY_NOON
        self.tokens, self.links, self.refs = [], [], []
        self.edition = 0
        self.start()

    def attempt(self, verb, **words):
        before = len(ledger.since(0))
        try:
            return verb(now=self.now, **words)
        except (services.SentBack, Refused) as no:
            # That a link was refused is told; nothing else that was refused happened.
            told = len(ledger.since(0)) - before
            assert told <= isinstance(no, services.NoSuchLink), "refused, and yet it happened"
            return None

    @rule()
    def start(self):
        self.tokens.append(services.start(service="missed-bin", origin=ORIGIN, now=self.now).token)

    @rule(number=which, until=st.sampled_from(["home", "reach", "", "", ""]))
    def answer(self, number, until):
        token = self.of(self.tokens, number)
        if self.attempt(services.at, token=token):
            fill(token, self.now, until)

    @rule(number=which, email=st.sampled_from([EMAIL, "kim@example.com"]), form=st.integers(0, 6))
    def save(self, number, email, form):
        found = self.attempt(services.save, token=self.of(self.tokens, number), email=email, key=f"{form}")
        if found and found.address:
            self.links.append(found.address.split("/")[-2])

    @rule(number=which)
    def resume(self, number):
        if self.links and (found := self.attempt(services.resume, link=self.of(self.links, number))):
            self.tokens.append(found.token)

    @rule(number=which)
    def reopen(self, number):
        mine = services.mailbox(email=EMAIL, now=self.now).unfinished
        if mine:
            self.tokens.append(
                services.reopen(email=EMAIL, journey=self.of(mine, number).id, now=self.now).token
            )

    @rule(policy=st.sampled_from(["stay", "carry-over", "{finish-by: 2026-11-26}"]))
    def publish(self, policy):
        self.edition += 1
        text = MISSED_BIN.replace("What is your name?", f"What is your name in edition {self.edition}?")
        offer(f"{text}\npeople-midway: {policy}\n", self.now)

    @rule(number=which)
    def carry_over(self, number):
        self.attempt(services.carry_over, token=self.of(self.tokens, number))

    @rule(number=which)
    def submit(self, number):
        sent = self.attempt(services.submit, token=self.of(self.tokens, number))
        self.refs += [sent.ref] if sent else []

    @rule(number=which)
    def leave(self, number):
        self.attempt(services.leave, token=self.of(self.tokens, number))

    @rule(key=st.sampled_from("abc"))
    def a_program_sends(self, key):
        words = {"service": "missed-bin", "answers": ANSWERS, "key": key, "client": "crm", "origin": ORIGIN}
        sent = self.attempt(services.submit_answers, **words)
        self.refs += [sent.ref] if sent else []

    @rule(number=which, closes=st.booleans())
    def forget(self, number, closes):
        if not self.refs:
            return
        about = self.of(self.refs, number)
        if closes:
            tom = people.get_officer("tom")
            self.attempt(cases.act, officer=tom, reference=about.key, action="collected", answers={})
        self.attempt(services.forget, about=about, actor=SYSTEM)

    @rule(hours=st.sampled_from([1, 5, 26, 24 * 8, 24 * 800]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        jobs.abandon_idle(now=self.now)
        jobs.forget_due(now=self.now)

    @staticmethod
    def of(things, number):
        """One of the latest."""
        return things[-1 - number % len(things)]

    @invariant()
    def the_facts_give_what_the_rows_hold(self):
        assert replay(ledger.since(0, limit=10_000)) == held()


@pytest.mark.slow
def test_the_facts_of_journeys_replayed_give_what_their_rows_hold(council):
    put_everybody()
    furnish()

    run_undone(Residents, examples=6, steps=15)


def test_a_journey_through_everything_replayed_stands_where_its_row_does(council):
    put_everybody()
    furnish()
    one = Residents()
    one.begin()
    one.answer(0, "home")
    one.save(0, EMAIL, 1)
    one.save(0, EMAIL, 2)
    one.resume(1)
    one.resume(0)
    one.publish("carry-over")
    one.carry_over(0)
    one.answer(0, "")
    one.submit(0)
    one.forget(0, closes=True)
    one.start()
    one.leave(0)
    one.a_program_sends("a")
    one.start()
    one.time_passes(26)
    names = {fact.name for fact in ledger.since(0) if fact.name.startswith("services.")}
    assert names == {"services.started", *COMES_TO}
    found = replay(ledger.since(0))
    assert found == held()
    states = [(each["state"], each["version"], each["forgotten_at"] is None) for each in found.values()]
    assert states == [
        ("submitted", 2, False),
        ("abandoned", 2, True),
        ("submitted", 2, True),
        ("abandoned", 2, True),
    ]


def replay_versions(facts):
    """The versions there are, and which are offered, by facts alone."""
    versions, offered = {}, {}
    for fact in facts:
        slug, number = fact.subject.key, fact.payload.get("number")
        if fact.name == "services.published":
            made = (fact.payload["digest"], fact.at, str(fact.actor))
            # Offered again, it is the version it was.
            assert versions.setdefault((slug, number), made)[0] == made[0]
            offered[slug] = number
        elif fact.name == "services.withdrawn":
            assert offered.pop(slug) == number
    return versions, offered


def made_as(row):
    return row.digest, row.published_at, row.published_by


def held_versions():
    """The same by the rows."""
    return (
        {
            (row.slug, row.number): (row.digest, row.published_at, row.published_by)
            for row in Version.objects.all()
        },
        dict(Offer.objects.values_list("slug", "version__number")),
    )


def test_the_facts_of_versions_replayed_give_what_there_is_and_what_is_offered(db, tmp_path):
    others = shutil.ignore_patterns("moving.yaml", "freedom-of-information.yaml")
    pack = Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere", ignore=others))
    file = pack / "services" / "missed-bin.yaml"
    days = iter(range(100))

    def publish(**words):
        now = NOW + timedelta(days=next(days))
        return services.publish_pack(folder=pack, now=now, actor=SYSTEM, **words).council

    def agree(number):
        versions, offered = held_versions()
        assert replay_versions(ledger.since(0, limit=10_000)) == (versions, offered)
        assert offered.get("missed-bin") == number

    with councils.scope(publish()):
        agree(1)
        rewrite(file, "title: Report a missed bin", "title: A bin we missed")
        publish()
        agree(2)
        text = file.read_text()
        file.unlink()
        publish()
        agree(None)
        file.write_text(text)
        publish()
        agree(2)
        at_the_desk("title: A bin we missed", over=2)
        agree(3)
        publish()
        agree(3)
        publish(undo=True)
        agree(4)
        names = [fact.name.split(".")[1] for fact in ledger.history(Ref("service", "missed-bin"))]
        told = ["published", "published", "withdrawn", "published", "published", "published"]
        assert [name for name in names if name in told] == told
