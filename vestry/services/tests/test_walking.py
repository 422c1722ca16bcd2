"""Walking a definition: no step skipped, nothing asked that does not apply, nothing counted off the path."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from vestry.design.capability import Capability, Page, Stop
from vestry.design.expressions import Today
from vestry.design.questions import NotYet, Question, Wrong
from vestry.kernel import Ref, WorkingCalendar
from vestry.services.asking import CheckAnswers, CheckOptions, PageOptions, Pages
from vestry.services.definition.language import CHECK, Definition, Item, Keep
from vestry.services.journeys import Journeying, clean_again, release_all, settle, take, walk

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = Today(day=date(2026, 11, 23), calendar=WorkingCalendar(frozenset()))


class Line(Question, frozen=True, kw_only=True):
    """Text: `no` is wrong, `more` needs a second look."""

    kind: ClassVar[str] = "line"

    def clean(self, raw, asking):
        if raw == "more":
            raise NotYet({"shown": "more"})
        if raw == "no" or (not raw and not self.optional):
            raise Wrong(f"Not {raw}", "")
        return raw or None

    def word(self, answer):
        return answer and answer.upper()


class Gate(Capability):
    """Stops everybody who said `stop`."""

    word: ClassVar[str] = "gate"

    def ask(self, options, visit):
        return Stop(title="Closed", reason="Shut") if "stop" in visit.said.values() else None


class Twice(Capability):
    """Asks one thing, then another."""

    word: ClassVar[str] = "twice"

    def questions(self, options):
        return [Line(id="first", ask="First?"), Line(id="second", ask="Second?")]

    def ask(self, options, visit):
        first, second = self.questions(options)
        return (
            Page(questions=[second], title="2")
            if "first" in visit.said
            else Page(questions=[first], title="1")
        )


INSTALLED: Mapping[str, Capability] = {each.word: each for each in (Pages(), CheckAnswers(), Gate(), Twice())}


def page(id, *questions, when=""):
    return Item(id=id, word="page", options=PageOptions(title=id.title(), ask=questions), when=when)


def line(id, **said):
    return Line(id=id, ask=f"{id}?", **said)


CHECKED = Item(id="check", word=CHECK, options=CheckOptions(title="Check your answers"))


def a_definition(*items: Item) -> Definition:
    return Definition(
        service="s",
        title="S",
        summary="S",
        why="w",
        owner="o",
        information_class="official",
        reference="SS",
        keep=Keep(closed="1 year"),
        journey=(*items, CHECKED),
    )


def journeying(definition: Definition, **said: Any) -> Journeying:
    return Journeying(
        definition=definition,
        version=1,
        capabilities=INSTALLED,
        today=TODAY,
        journey="7",
        said=said,
        held={},
        actor=Ref("resident", "7"),
        now=NOW,
    )


THREE = a_definition(
    page("one", line("a")),
    page("two", line("b"), when='a == "YES"'),
    page("three", line("c", optional=True)),
)


def ids(walked):
    return [stage.id for stage in walked.stages]


def test_it_begins_at_the_first_page_and_ends_when_all_is_answered():
    assert walk(journeying(THREE)).here.id == "one"
    assert walk(journeying(THREE, a="yes")).here.id == "two"
    assert walk(journeying(THREE, a="yes", b="b")).here.id == "three"
    assert walk(journeying(THREE, a="yes", b="b", c=None)).here is None


def test_a_step_whose_condition_does_not_hold_is_passed_by():
    walked = walk(journeying(THREE, a="other"))
    assert ids(walked) == ["one", "three"]


def test_a_page_not_come_to_is_not_there():
    walked = walk(journeying(THREE, a="yes", c="early"))
    assert walked.stage("three") is None
    assert walked.stage("one").id == "one"
    assert walked.before("two").id == "one"
    assert walked.before("one") is None


def test_an_answer_off_the_path_does_not_count_and_comes_back_when_its_page_does():
    away = walk(journeying(THREE, a="other", b="b", c="c"))
    assert away.said == {"a": "other", "c": "c"}
    assert away.words["b"] is None
    assert walk(journeying(THREE, a="yes", b="b", c="c")).said == {"a": "yes", "b": "b", "c": "c"}


def test_a_stop_ends_the_walk_until_the_answer_is_changed():
    definition = a_definition(
        page("one", line("a")), Item(id="gate", word="gate", options=None), page("two", line("b"))
    )
    walked = walk(journeying(definition, a="stop", b="b"))
    assert walked.here.stop.reason == "Shut"
    assert ids(walked) == ["one", "gate"]
    assert walk(journeying(definition, a="go", b="b")).here is None


def test_a_capability_may_ask_one_page_after_another():
    definition = a_definition(Item(id="both", word="twice", options=None))
    assert walk(journeying(definition)).here.id == "both"
    walked = walk(journeying(definition, first="x"))
    assert (walked.here.id, walked.here.page.title) == ("both-2", "2")


ONE_PAGE = a_definition(page("both", line("a"), line("b", when='a == "YES"')))


def post(definition, said, raws, shown=None, step="both"):
    journey = journeying(definition, **said)
    return take(journey, walk(journey).stage(step), raws, shown=shown and frozenset(shown))


def test_a_question_that_another_on_the_same_page_calls_for_is_asked_before_it_is_missed():
    assert [question.id for question in walk(journeying(ONE_PAGE)).here.asked] == ["a"]
    taken = post(ONE_PAGE, {}, {"a": "yes"}, shown=["a"])
    assert taken.whole
    assert taken.said == {"a": "yes"}
    here = walk(journeying(ONE_PAGE, **taken.said)).here
    assert (here.id, [question.id for question in here.asked]) == ("both", ["a", "b"])
    assert "b" in post(ONE_PAGE, taken.said, {"a": "yes", "b": ""}, shown=["a", "b"]).wrongs
    assert post(ONE_PAGE, taken.said, {"a": "no thanks", "b": ""}, shown=["a", "b"]).said == {
        "a": "no thanks"
    }


def test_nothing_typed_is_lost_when_the_answer_it_depends_on_is_wrong():
    taken = post(ONE_PAGE, {"a": "yes"}, {"a": "no", "b": "typed"}, shown=["a", "b"])
    assert set(taken.wrongs) == {"a"}
    assert [question.id for question in taken.asked] == ["a", "b"]
    assert taken.raws["b"] == "typed"


def test_more_to_show_is_neither_an_answer_nor_wrong():
    taken = post(ONE_PAGE, {}, {"a": "more"})
    assert taken.more
    assert not taken.whole
    assert not taken.wrongs
    assert taken.raws["a"] == {"shown": "more"}


def test_answers_are_taken_again_at_the_end():
    journey = journeying(THREE, a="yes", b="b", c=None)
    assert clean_again(journey, walk(journey)) == (journey.said, None)
    spoilt = replace(journey, said={"a": "yes", "b": "no", "c": None})
    _said, failed = clean_again(spoilt, walk(spoilt))
    assert failed.stage.id == "two"
    assert set(failed.wrongs) == {"b"}


def test_what_is_off_the_path_is_gone_when_answers_are_taken_again():
    journey = journeying(THREE, a="other", b="b", c="c")
    assert clean_again(journey, walk(journey)) == ({"a": "other", "c": "c"}, None)


class Slots(Capability):
    """Holds what was chosen, and notes what it was asked to do."""

    word: ClassVar[str] = "slots"

    def __init__(self):
        self.done = []

    def questions(self, options):
        return [Line(id="slot", ask="Which?")]

    def ask(self, options, visit):
        return Page(questions=self.questions(options))

    def hold(self, options, visit):
        self.done.append(f"hold {visit.said['slot']}")
        return {"slot": visit.said["slot"]}

    def release(self, options, visit):
        self.done.append(f"release {visit.held['slot']}")


def test_what_is_chosen_is_held_once_and_given_back_when_the_choice_changes():
    slots = Slots()
    book = Item(id="book", word="slots", options=None, when='a == "YES"')
    definition = a_definition(page("one", line("a")), book, page("two", line("b")))
    journey = replace(journeying(definition), capabilities={**INSTALLED, "slots": slots})

    def say(**said):
        nonlocal journey
        before = walk(journey)
        journey = replace(journey, said={**journey.said, **said})
        journey = replace(journey, held=settle(journey, before, walk(journey)))

    say(a="yes")
    assert slots.done == []
    say(slot="monday")
    say(b="b")
    assert journey.held == {"book": {"slot": "monday"}}
    say(slot="friday")
    assert slots.done == ["hold monday", "release monday", "hold friday"]
    say(a="other")
    assert journey.held == {}
    say(a="yes")
    assert slots.done[3:] == ["release friday", "hold friday"]
    release_all(journey)
    assert slots.done[5:] == ["release friday"]


def conditions_on(earlier):
    met = [f'{name} == "YES"' for name in earlier] + [f"not {name}" for name in earlier]
    return st.sampled_from(["", *met])


@st.composite
def definitions(draw):
    """Four questions on one to four pages, each with a condition on earlier ones, or none."""
    questions = [
        line(name, optional=draw(st.booleans()), when=draw(conditions_on("abcd"[:number])))
        for number, name in enumerate("abcd")
    ]
    items, asked = [], 0
    while asked < len(questions):
        size = draw(st.integers(1, 3))
        when = draw(conditions_on("abcd"[:asked]))
        items.append(page(f"p{asked}", *questions[asked : asked + size], when=when))
        asked += size
    return a_definition(*items)


said_before = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["yes", "other", None]))


@given(definitions(), said_before, st.sampled_from(["yes", "other"]))
def test_any_definition_is_walked_to_its_end_by_answering_where_one_is(definition, said, typed):
    journey = journeying(definition, **said)
    for _ in range(5):
        walked = walk(journey)
        asked = {question.id for stage in walked.stages for question in stage.asked}
        assert set(walked.said) <= asked
        assert all(stage.finished for stage in walked.stages[:-1])
        if walked.here is None:
            break
        assert walked.here is walked.stages[-1]
        taken = take(journey, walked.here, dict.fromkeys("abcd", typed))
        assert taken.whole
        assert taken.said
        journey = replace(journey, said={**journey.said, **taken.said})
    walked = walk(journey)
    assert walked.here is None
    said, failed = clean_again(journey, walked)
    assert failed.wrongs if failed else said == walked.said
