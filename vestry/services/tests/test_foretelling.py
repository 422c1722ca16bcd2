"""What is foretold of publishing is what happens, whatever was published before, from wherever."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.councils import api as councils
from vestry.kernel import SYSTEM
from vestry.people import api as people
from vestry.services import api as services
from vestry.services.models import Offer, Version
from vestry.services.tests.test_publishing import NOW, PACKS

SERVICES = ("missed-bin", "late-bin")
WORDS = ("One", "Two", "Three")
POLICIES = ("stay", "carry-over", "{finish-by: 2 weeks}")
TEXT = (PACKS / "saltmarsh" / "services" / "missed-bin.yaml").read_text()


def text_of(service, word):
    """A text of a service: each has its own title, and its own word for people in the middle of it."""
    text = TEXT.replace("service: missed-bin", f"service: {service}").replace(
        "reference: ", "reference: X", 1
    )
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    if service != "missed-bin":  # two of one number in the national list would have to be explained
        text = text.replace("lgil: ", "lgil: 1", 1)
    return text.replace(title, f"title: {word}\npeople-midway: {POLICIES[WORDS.index(word)]}")


# In a pack, each service has one of the texts or is left out; at the desk one service gets one of them.
packs = st.tuples(st.just("pack"), st.tuples(*[st.sampled_from([*WORDS, ""])] * 2).filter(any), st.booleans())
desks = st.tuples(st.just("desk"), st.sampled_from(SERVICES), st.sampled_from(WORDS))


def write(pack, words):
    for service, word in zip(SERVICES, words, strict=True):
        file = pack / "services" / f"{service}.yaml"
        file.unlink(missing_ok=True)
        if word:
            file.write_text(text_of(service, word))


def offered():
    """What is offered: the version's number and text, by service."""
    offers = Offer.objects.select_related("version")
    return {offer.slug: (offer.version.number, offer.version.source) for offer in offers}


def newest():
    return dict(Version.objects.order_by("number").values_list("slug", "number"))


def publish_at_the_desk(service, word, now):
    """Publish a draft, and hold it against what its page foretold."""
    officer = people.get_officer("anita-das")
    draft = services.begin_draft(officer=officer, now=now)
    text = text_of(service, word)
    services.keep_draft(draft=draft, text=text, edition=1, officer=officer, now=now)
    at = begun(now)
    seen = services.get_draft(draft=draft, officer=officer, now=now)
    assert seen.ready, seen.mistakes
    was = newest().get(service, 0)
    number = services.publish_draft(draft=draft, edition=2, over=seen.current, officer=officer, now=now)
    assert number == seen.affected.number
    assert (number > was) == (seen.affected.change in {"new", "changed"})
    assert offered()[service] == (number, text)
    assert_people([seen.affected], at, now)


def publish_a_pack(pack, words, undo, now):
    """Publish a pack, and hold it against what was foretold."""
    write(pack, words)
    at = begun(now)
    foretold = services.affected(folder=pack, undo=undo, now=now)
    compared = {each.service: each for each in services.compare(folder=pack, undo=undo)}
    was, had = offered(), newest()
    undone = {each.service for each in foretold if each.change == "undone"}
    assert {slug: each.change for slug, each in compared.items()} == {x.service: x.change for x in foretold}
    try:
        report = services.publish_pack(folder=pack, now=now, actor=SYSTEM, undo=undo)
    except services.WouldUndo as refused:
        assert set(refused.undone) == undone != set()
        assert (offered(), newest()) == (was, had)
        assert all(refused.undone[slug] == compared[slug].parts for slug in undone)
        return
    assert not undone
    assert report.changes == {each.service: each.change for each in foretold}
    said = dict(zip(SERVICES, words, strict=True))
    for each in foretold:
        assert_came_true(each, was, had, said[each.service])
        assert bool(compared[each.service].parts) == (each.change == "changed")
    untold = set(SERVICES) - {each.service for each in foretold}
    assert {slug: offered().get(slug) for slug in untold} == {slug: was.get(slug) for slug in untold}
    assert_people(foretold, at, now)


def assert_came_true(foretold, was, had, word):
    """Held against the tables, not against what publishing said of itself."""
    slug = foretold.service
    before, after = was.get(slug), offered().get(slug)
    if foretold.change == "withdrawn":
        assert before
        assert after is None
        return
    assert (after[0], newest()[slug]) == (foretold.number, foretold.number)
    if foretold.change in {"new", "changed"}:
        assert after == (had.get(slug, 0) + 1, text_of(slug, word))
        assert (foretold.change == "new") == (slug not in had)
    elif foretold.change == "again":
        assert before is None
        assert had[slug] == foretold.number
    else:
        assert after == before
        assert (after[1] == text_of(slug, word)) == (foretold.change == "same")


def begun(now):
    """Begin a journey through all that is offered, and tell of everybody in the middle where they are."""
    for slug in offered():
        token = services.start(service=slug, origin="https://saltmarsh.example", now=now).token
        TOKENS.append(token)
    return [(token, services.at(token=token, now=now)) for token in TOKENS]


def assert_people(foretold, before, now):
    """Each of them meets what was said of those in the middle of their version."""
    lines = {(each.service, line.version): line for each in foretold for line in each.midway}
    changes = {each.service: each.change for each in foretold}
    for token, was in before:
        key = was.journey.service, was.journey.version
        after = services.at(token=token, now=now)
        if key in lines:
            assert (after.kind == "changed") == lines[key].moves
            assert after.journey.finish_by == (None if lines[key].moves else lines[key].until)
        elif changes.get(key[0]) not in {"again", "withdrawn"}:
            assert after.kind == was.kind
    for (service, version), line in lines.items():
        assert line.people == sum(
            1 for _, was in before if (was.journey.service, was.journey.version) == (service, version)
        )


TOKENS = []


class Over(Exception):
    """The tables are as they were before."""


def walk_through(pack, steps):
    write(pack, ("One", ""))
    council = services.publish_pack(folder=pack, now=NOW, actor=SYSTEM).council
    TOKENS.clear()
    with councils.scope(council):
        for number, (where, *what) in enumerate(steps, 1):
            now = NOW + timedelta(minutes=number)
            if where == "pack":
                publish_a_pack(pack, *what, now)
            else:
                publish_at_the_desk(*what, now)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(packs | desks, min_size=2, max_size=6))
def test_what_is_foretold_is_what_happens(db, tmp_path, steps):
    pack = Path(shutil.copytree(PACKS / "saltmarsh", tmp_path / "saltmarsh", dirs_exist_ok=True))
    with pytest.raises(Over), transaction.atomic():
        walk_through(pack, steps)
        raise Over


@pytest.mark.parametrize(
    ("steps", "change"),
    [
        ([("desk", "missed-bin", "Two")], "kept"),
        ([("desk", "missed-bin", "Two"), ("pack", ("Two", ""), False)], "kept"),
        ([("pack", ("Two", ""), False)], "changed"),
        ([("desk", "late-bin", "Two")], "same"),
        ([("desk", "missed-bin", "Two"), ("pack", ("", "One"), False)], "again"),
        ([("pack", ("", "One"), False)], "again"),
    ],
)
def test_each_thing_that_can_become_of_an_older_text(db, tmp_path, steps, change):
    pack = Path(shutil.copytree(PACKS / "saltmarsh", tmp_path / "saltmarsh"))
    walk_through(pack, steps)
    write(pack, ("One", ""))
    changes = {each.service: each.change for each in services.affected(folder=pack, now=NOW)}
    assert changes["missed-bin"] == change
    assert changes.get("late-bin") in {None, "withdrawn"}
    if change == "again":
        council = services.publish_pack(folder=pack, now=NOW, actor=SYSTEM).council
        with councils.scope(council):
            assert offered()["missed-bin"][0] == newest()["missed-bin"]


def test_a_new_text_over_the_desks_is_foretold_as_undoing(db, tmp_path):
    pack = Path(shutil.copytree(PACKS / "saltmarsh", tmp_path / "saltmarsh"))
    walk_through(pack, [("desk", "missed-bin", "Two")])
    write(pack, ("Three", ""))
    (told,) = services.affected(folder=pack, now=NOW)
    assert (told.change, told.number, told.midway) == ("undone", 2, ())
    (told,) = services.affected(folder=pack, now=NOW, undo=True)
    assert (told.change, told.number) == ("changed", 3)
