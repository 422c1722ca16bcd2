"""Any service, changed in any way, while somebody is in the middle of it and does anything at all.

What an answer, a path and a fitting answer are is said a second time in `changing`, and held against it.
"""

from datetime import timedelta
from hashlib import sha256
from itertools import count

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.api._row import journeying
from vestry.services.definition import capabilities
from vestry.services.journeys import walk
from vestry.services.models import Journey, Offer, Version
from vestry.services.tests import changing, slots
from vestry.services.tests.changing import Ask
from vestry.services.tests.services_to_try import ORIGIN, TUESDAY_NOON

NUMBERS = count(1)
POLICIES = ["stay", "carry-over", {"finish-by": "1 day"}]


def publish(slug, number, asked, policy, now):
    text = changing.written(slug, asked, policy)
    version = Version.objects.create(
        slug=slug,
        number=number,
        title="S",
        source=text,
        digest=sha256(text.encode()).hexdigest(),
        published_at=now,
        published_by="system:vestry",
    )
    Offer.objects.update_or_create(slug=slug, defaults={"version": version})


class Midway(RuleBasedStateMachine):
    """One resident, somebody else who wants the same slots, and an officer who publishes."""

    @initialize(asked=changing.definitions())
    def begin(self, asked):
        slots.none_held()
        self.now, self.slug = TUESDAY_NOON, f"anything-{next(NUMBERS)}"
        self.versions, self.moves_at = [asked], []
        publish(self.slug, 1, asked, "stay", self.now)
        self.token = services.start(service=self.slug, origin=ORIGIN, now=self.now).token
        self.id = services.at(token=self.token, now=self.now).journey.id
        self.sent = None

    # What there is.

    @property
    def row(self):
        return Journey.objects.select_related("version").get(pk=self.id)

    @property
    def asked(self):
        return self.versions[self.row.version.number - 1]

    @property
    def path(self):
        return changing.path(self.asked, self.row.said)

    def walked(self):
        return walk(journeying(self.row, self.now))

    def must_move(self):
        since = self.moves_at[self.row.version.number - 1 :]
        return any(at and at <= self.now for at in since)

    def missing(self):
        """The questions on the path without an answer that their version takes."""
        said = self.row.said
        return [
            ask.id
            for ask in self.asked
            if ask.id in self.path
            and (
                ask.question not in said
                or (isinstance(said[ask.question], dict) and not said[ask.question]["done"])
                or not changing.taken(ask, self.path[ask.id])
            )
        ]

    # What people do.

    @rule(data=st.data(), times=st.integers(1, 4))
    def answer(self, data, times):
        for _ in range(times):
            self.answer_one(data, save=data.draw(st.sampled_from([False, False, True]), label="save"))

    def answer_one(self, data, save):
        here = services.at(token=self.token, now=self.now)
        steps = [stage.id for stage in self.walked().stages if stage.stop is None]
        steps += [ask.id for ask in self.asked]
        step = data.draw(st.sampled_from([here.step] * len(steps) + steps), label="step")
        form = QueryDict(mutable=True)
        stage = self.walked().stage(step)
        shown = stage.page.questions if stage else ()
        for question in shown:
            form[question.id] = data.draw(st.sampled_from(self.raws(question)), label=question.id)
        form.setlist("asked", [question.id for question in shown])
        before, moving = self.row.said, self.must_move()
        went = services.answer(token=self.token, step=step, form=form, now=self.now, save=save)
        after = self.row.said
        mine = {question.id for question in shown}
        if stage and stage.part:
            mine.add(stage.part.listed.id)
        assert {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)} <= mine
        assert before.keys() <= after.keys()
        if self.sent:
            assert went.kind == "done"
        elif moving:
            assert went.kind == "changed"
        elif went.kind == "page" and went.again and not save:
            assert after == before
        self.offered(went)

    def raws(self, question):
        if question.kind in ("text", "yes-no", "radios") and not question.id.endswith("-slot"):
            return changing.RAWS[question.kind]
        return changing.RAWS["slots" if question.id.endswith("-slot") else "yes-no"]

    @rule(step=st.sampled_from("abcdefg"))
    def look(self, step):
        before, facts = Journey.objects.values().get(pk=self.id), len(self.facts())
        self.offered(services.at(token=self.token, step=step, now=self.now))
        assert (Journey.objects.values().get(pk=self.id), len(self.facts())) == (before, facts)

    @rule(data=st.data(), policy=st.sampled_from(POLICIES))
    def publish(self, data, policy):
        edited = data.draw(changing.edits(self.versions[-1]), label="edited")
        self.versions.append(edited)
        day_after = (self.now + timedelta(days=2)).replace(hour=0)
        self.moves_at.append({"stay": None, "carry-over": self.now}.get(str(policy), day_after))
        publish(self.slug, len(self.versions), edited, policy, self.now)

    @rule()
    def come_back(self):
        row, asked, path = self.row, self.asked, self.path
        moving, free = self.must_move(), {slot for slot in ("s1", "s2", "s3") if not slots.holder(slot)}
        services.carry_over(token=self.token, now=self.now)
        after = self.row
        if self.sent or not moving:
            assert after.version == row.version
            assert after.said == row.said
            return
        assert after.version.number == len(self.versions)
        was = {ask.id: ask for ask in asked}
        for ask in self.versions[-1]:
            if ask.id in was and ask.question in row.said:
                self.went_along(was[ask.id], ask, row, after, free)
        there = {ask.question for ask in self.versions[-1]}
        assert {id: said for id, said in row.said.items() if id not in there}.items() <= after.said.items()
        assert path.keys() >= {ask.id for ask in asked if ask.id in row.held}

    def went_along(self, was, becomes, row, after, free):
        id = becomes.question
        answer = row.said[id]
        if becomes.kind == "list" or was.kind == "list":
            items = [] if not isinstance(answer, dict) else list(answer["items"].values())
            kept = after.said[id]["items"].values() if after.said.get(id) else []
            if was.kind == becomes.kind == "list":
                fitting = [item for item in items if len(item.get("called", "")) <= becomes.most]
                assert [item for item in kept if item] == [item for item in fitting if item]
            return
        if not changing.fits(was, becomes, answer):
            assert id not in after.said
        elif id in after.said:
            assert after.said[id] == answer
        else:
            assert becomes.kind == "slots", "what fits is lost"
            assert answer not in free, "it could have been held"

    @rule(slot=st.sampled_from(["s1", "s2", "s3"]))
    def somebody_else(self, slot):
        by = slots.holder(slot)
        if not by:
            slots.put(slot)
        elif by == slots.SOMEBODY:
            slots.give_back(slot)

    @rule(days=st.integers(0, 2))
    def go_on_later_elsewhere(self, days):
        if self.sent:
            return
        form = f"{self.id}@example.com", str(self.now)
        saved = services.save(token=self.token, email=form[0], key=form[1], now=self.now)
        self.now += timedelta(days=days, hours=1)
        self.token = services.resume(link=saved.address.split("/")[-2], now=self.now).token

    @rule(times=st.integers(1, 2))
    def send(self, times):
        row, missing, moving = self.row, self.missing(), self.must_move()
        for _ in range(times):
            try:
                sent = services.submit(token=self.token, now=self.now)
            except services.SentBack as back:
                assert not self.sent
                assert self.row.said == row.said
                assert self.row.held == row.held
                assert moving == (back.where.kind == "changed")
                assert moving or missing or row.typed
                continue
            if not self.sent:
                assert not moving, "sent by rules that do not hold any more"
                assert not missing
                self.sent = sent
                on_path = {ask.question for ask in self.asked if ask.id in self.path}
                assert self.row.said.keys() == on_path
            assert sent == self.sent
        assert [fact.name for fact in self.facts()].count("services.submitted") == bool(self.sent)

    def facts(self):
        return ledger.history(Ref("journey", self.id))

    # What is right at any time.

    def offered(self, where):
        """A page is offered only if everything it waits for is there; the end only if all is."""
        if where.kind == "check":
            assert not self.missing()
        if where.kind != "page":
            return
        id, tasks = where.step.partition("/")[0], [[]]
        for ask in self.asked:
            if ask.heads:
                tasks.append([])
            tasks[-1].append(ask.id)
        task = next(task for task in tasks if id in task)
        # What stands before the first task comes first; then, within a task, what stands before.
        before = {*task[: task.index(id)], *(tasks[0] if task is not tasks[0] else ())}
        assert id in self.path
        assert not before & set(self.missing()), "a page is offered before what it waits for"

    @invariant()
    def what_is_held_is_what_is_chosen(self):
        if not hasattr(self, "id"):
            return
        held = slots.held_by(self.id)
        if self.sent:
            chosen = {ask.id: self.path[ask.id] for ask in self.asked if ask.kind == "slots"}
            assert held == {id: slot for id, slot in chosen.items() if id in self.path}
            return
        assert held == {id: kept["slot"] for id, kept in self.row.held.items()}
        if self.must_move():
            return
        by_id, walked = {ask.id: ask for ask in self.asked}, self.walked()
        assert held == {id: self.row.said[by_id[id].question] for id in held}
        assert held.keys() >= {item.id for item in walked.items if item.word == "slots"}
        assert not held.keys() & {item.id for item in walked.passed}

    def teardown(self):
        if hasattr(self, "id") and not self.sent:
            services.leave(token=self.token, now=self.now)
            assert slots.held_by(self.id) == {}


@pytest.fixture
def there(council, monkeypatch):
    slots.install(monkeypatch)
    yield
    monkeypatch.undo()
    capabilities.installed.cache_clear()


def begun(*asked):
    resident = Midway()
    resident.begin(tuple(asked))
    return resident


def posted(resident, step, field, text, save=False):
    form = QueryDict(mutable=True)
    form[field] = text
    form.setlist("asked", [field])
    return services.answer(token=resident.token, step=step, form=form, now=resident.now, save=save)


SLOT = Ask(id="g", kind="slots", options=(("s1", "S1"), ("s2", "S2")))


@pytest.mark.parametrize("save", [True, False])
def test_what_is_held_is_kept_where_the_other_choice_cannot_be_had(there, save):
    resident = begun(SLOT)
    slots.put("s2")
    posted(resident, "g", "g-slot", "s1")
    went = posted(resident, "g", "g-slot", "s2", save=save)
    assert went.kind == "page"
    assert resident.row.said == {"g-slot": "s1"}
    assert slots.held_by(resident.id) == {"g": "s1"}


def test_what_is_held_is_kept_while_something_before_it_is_asked(there):
    new = Ask(id="b", kind="text", on="a")
    resident = begun(Ask(id="a", kind="yes-no"), new, SLOT)
    posted(resident, "a", "a", "no")
    posted(resident, "g", "g-slot", "s1")
    assert posted(resident, "a", "a", "yes").step == "b"
    assert slots.held_by(resident.id) == {"g": "s1"}


def test_a_page_that_may_be_left_empty_is_seen_before_anything_is_sent(there):
    resident = begun(Ask(id="a", kind="text"), Ask(id="b", kind="text", optional=True))
    posted(resident, "a", "a", "x")
    with pytest.raises(services.SentBack) as back:
        services.submit(token=resident.token, now=resident.now)
    assert back.value.where.step == "b"


@pytest.mark.slow
def test_nothing_is_lost_skipped_held_wrongly_or_sent_by_old_rules(there):
    run_state_machine_as_test(
        Midway,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
