"""What a definition may say under ``case:``, and what its rules may react to."""

from datetime import timedelta

import msgspec
import pytest

from vestry.cases import api
from vestry.cases.options import Options
from vestry.cases.step import Cases
from vestry.cases.tests.opened import NOON, WALKER, maya, open_foi, tom
from vestry.cases.tests.plans import FOI, MISSED_BIN
from vestry.design.capability import Outline, Visit
from vestry.design.expressions import Today
from vestry.kernel import Ref, WorkingCalendar
from vestry.ledger import api as ledger

OUTLINE = Outline(
    service="x",
    questions={},
    words=frozenset({"bin", "home", "day"}),
    messages={},
    known={
        "teams": frozenset({"waste", "information"}),
        "roles": frozenset({"officer", "crew", "manager", "support"}),
    },
)


def problems(change, plan=MISSED_BIN):
    written = msgspec.to_builtins(plan)
    change(written)
    return [
        ("/".join(map(str, problem.path)), problem.what, problem.instead)
        for problem in Cases().problems(msgspec.convert(written, Options), OUTLINE)
    ]


def setting(*path):
    *way, last, value = path

    def change(written):
        for part in way:
            written = written[part]
        written[last] = value

    return change


@pytest.mark.parametrize("plan", [MISSED_BIN, FOI])
def test_a_plan_that_is_right_has_no_problem(plan):
    assert problems(lambda written: None, plan) == []


@pytest.mark.parametrize(
    ("change", "path", "what", "instead"),
    [
        (setting("team", "wast"), "team", "no team “wast”", "“waste”"),
        (setting("team", "zzz"), "team", "no team “zzz”", "There are: information, waste"),
        (setting("actions", 0, "to", "colected"), "actions/0/to", "no stage “colected”", "“collected”"),
        (
            setting("actions", 0, "from", ["reported", "reprted"]),
            "actions/0/from/1",
            "no stage",
            "“reported”",
        ),
        (setting("actions", 0, "from", "collected"), "actions/0/from", "has ended", ""),
        (setting("actions", 0, "by", ["crow"]), "actions/0/by/0", "no role “crow”", "“crew”"),
        (setting("actions", 1, "id", "collected"), "actions/1/id", "already called", ""),
        (setting("actions", 1, "when", "bni == 'food'"), "actions/1/when", "“bni”", "“bin”"),
        (setting("actions", 1, "when", "bin = 'food'"), "actions/1/when", "cannot be read", "=="),
        (
            setting("actions", 1, "ask", [{"longtext": {}}]),
            "actions/1/ask/0",
            "type of question",
            "“long-text”",
        ),
        (setting("actions", 1, "ask", [{}]), "actions/1/ask/0", "its type", ""),
        (setting("actions", 1, "ask", [{"text": {"id": "a"}}]), "actions/1/ask/0/text", "`ask`", ""),
        (
            setting("actions", 1, "ask", [{"text": {"id": "a", "ask": "A?", "when": "bin"}}]),
            "actions/1/ask/0/text/when",
            "always asked",
            "",
        ),
        (
            setting("actions", 1, "ask", [{"file": {"id": "a", "ask": "A?", "types": ["pdf"]}}]),
            "actions/1/ask/0/file",
            "cannot ask “file”",
            "",
        ),
        (
            setting("actions", 1, "ask", [{"list": {"id": "a"}}]),
            "actions/1/ask/0/list",
            "cannot ask “list”",
            "",
        ),
        (
            setting("actions", 1, "ask", [{"text": {"id": "a", "ask": "A?"}}] * 2),
            "actions/1/ask/1/text/id",
            "already called",
            "",
        ),
        (
            setting("actions", 1, "ask", [{"radios": {"id": "a", "ask": "A?", "options": {}}}]),
            "actions/1/ask/0/radios",
            "options",
            "",
        ),
        (setting("stages", "lost", {"title": "Lost", "end": "lost"}), "stages/lost", "ever comes to", "lead"),
        (setting("stages", "closed", {"title": "C", "end": "done"}), "stages/closed", "already means", ""),
        (setting("stages", "collected", "end", "asked"), "stages/collected/end", "already means", ""),
        (setting("stages", "reported", "on-reply", "nowhere"), "stages/reported/on-reply", "no stage", ""),
        (setting("stages", "collected", "due", "2 days"), "stages/collected/end", "waits for nothing", ""),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_word(change, path, what, instead):
    found = [problem for problem in problems(change) if problem[0] == path]
    assert found, problems(change)
    assert what in found[0][1]
    assert instead in found[0][2]


def test_a_stage_without_a_way_out_is_told():
    (problem,) = problems(
        lambda written: (
            written["actions"].clear()
            or (written["stages"].pop("collected") and written["stages"].pop("not-out"))
        )
    )
    assert problem[:2] == ("stages/reported", "A case at “reported” never comes to an end.")


def test_nothing_to_count_anew_is_told():
    def change(written):
        written["due"] = None
        written["stages"]["clarifying"]["clock"] = "starts-over"

    assert ("stages/clarifying/clock", "Without a “due” of the case there is nothing to count anew.", "") in (
        problems(change, FOI)
    )


@pytest.mark.parametrize(
    "change",
    [
        setting("due", "soon"),
        setting("due", "0 working days"),
        setting("stages", {}),
        setting("stages", "reported", "colour", "red"),
        setting("actions", 0, "message", "maybe"),
        setting("calendar", "wales"),
    ],
)
def test_what_is_not_in_the_language_is_refused(change):
    written = msgspec.to_builtins(MISSED_BIN)
    change(written)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, Options)


def visit(information_class="official-personal", said=None, **words):
    return Visit(
        service="missed-bin",
        title="Report a missed bin",
        version=3,
        journey="j-1",
        said=said or {},
        words=words,
        now=NOON,
        today=Today(day=NOON.date(), calendar=WorkingCalendar(frozenset())),
        actor=WALKER,
        prefix="MB",
        information_class=information_class,
    )


def test_confirming_opens_the_case(officers):
    confirmed = Cases().confirm(MISSED_BIN, visit(bin="refuse"))
    assert confirmed.ref == Ref("case", confirmed.words["reference"])
    assert confirmed.words["due"] == "25 November 2026"
    (fact,) = ledger.history(confirmed.ref)
    assert (fact.service, fact.service_version, fact.journey) == ("missed-bin", 3, "j-1")
    case = api.get_case(officer=tom(), reference=confirmed.ref.key)
    assert (case.version, case.title) == (3, "Report a missed bin")


@pytest.mark.parametrize(("bin_", "ids"), [("refuse", ["collected", "not-out"]), ("food", ["collected"])])
def test_a_guard_is_worked_out_when_the_case_is_opened(officers, bin_, ids):
    reference = Cases().confirm(MISSED_BIN, visit(bin=bin_)).ref.key
    possible = api.possible(officer=tom(), reference=reference, now=NOON)
    assert [action.id for action in possible.actions] == ids


def happened(reference):
    capability = Cases()
    return [
        (fact.name, *capability.happened(FOI, fact.name, fact.payload))
        for fact in ledger.history(Ref("case", reference))
    ]


def test_each_fact_answers_to_its_words_and_closing_to_each_of_them_once(officers):
    reference = open_foi()
    api.act(officer=maya(), reference=reference, action="clarify", answers={}, text="?", now=NOON)
    api.reply(reference=reference, text="2024", now=NOON, actor=WALKER)
    api.act(officer=maya(), reference=reference, action="answer", answers={}, text="Here.", now=NOON)
    assert happened(reference) == [
        ("cases.opened", "case.opened"),
        ("cases.asked", "case.asked"),
        ("cases.moved", "case.clarifying"),
        ("cases.clock_stopped",),
        ("cases.replied", "case.replied"),
        ("cases.moved", "case.received"),
        ("cases.clock_started",),
        ("cases.told", "case.told"),
        ("cases.moved",),
        ("cases.closed", "case.closed", "case.answered"),
    ]


def test_all_that_happens_was_announced_with_its_words(officers):
    reference, capability = open_foi(), Cases()
    api.act(officer=maya(), reference=reference, action="clarify", answers={}, text="Which year?", now=NOON)
    api.reply(reference=reference, text="2024", now=NOON + timedelta(days=3), actor=WALKER)
    answers = {"exemption": "s12"}
    api.act(officer=maya(), reference=reference, action="refuse", answers=answers, text="No.", now=NOON)
    announced = capability.announces(FOI)
    said = {}
    for fact in ledger.history(Ref("case", reference)):
        words = capability.words(FOI, Ref("case", reference), fact.name, fact.payload)
        for on in capability.happened(FOI, fact.name, fact.payload):
            assert announced[on] <= words.keys(), on
            said[on] = words
    assert said["case.asked"]["message"] == "Which year?"
    assert said["case.replied"]["message"] == "2024"
    assert said["case.refused"]["exemption"] == "Cost (section 12)"
    assert said["case.closed"]["stage"] == "Refused"
    assert said["case.opened"]["reference"] == reference


HOME = {"uprn": "42", "line": "2 High Street, Harrow Mere", "postcode": "HM1 2AB", "ward": "mere"}


@pytest.mark.parametrize(
    ("information_class", "place"),
    [
        ("public", "2 High Street, Harrow Mere, HM1 2AB"),
        ("official-personal", "2 High Street, Harrow Mere, HM1 2AB"),
        ("official-sensitive", ""),
        ("", ""),
    ],
)
def test_the_class_says_whether_lists_show_the_place(officers, information_class, place):
    visited = visit(information_class, {"bin": "refuse", "home": HOME}, bin="refuse")
    reference = Cases().confirm(MISSED_BIN, visited).ref.key
    assert api.get_case(officer=tom(), reference=reference).place == place


@pytest.mark.parametrize(
    ("information_class", "text"),
    [
        ("official-personal", "Which gate?"),
        ("official-sensitive", "Read it where you can see how your case stands."),
    ],
)
def test_the_class_says_whether_emails_repeat_what_was_written(officers, information_class, text):
    ref = Cases().confirm(MISSED_BIN, visit(information_class, bin="refuse")).ref
    api.message(officer=tom(), reference=ref.key, text="Which gate?", now=NOON)
    fact = ledger.history(ref)[-1]
    assert Cases().words(MISSED_BIN, ref, fact.name, fact.payload)["message"] == text
