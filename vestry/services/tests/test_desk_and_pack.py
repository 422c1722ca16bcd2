"""One service, published from a pack and at the desk: the newest text holds, and nothing is undone unseen."""

import shutil
from pathlib import Path

import pytest

from vestry.councils import api as councils
from vestry.kernel import SYSTEM
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import put_officers
from vestry.services import api as services
from vestry.services.models import Version
from vestry.services.tests.test_publishing import NOW, PACKS, rewrite
from vestry.services.tests.test_submission import at_once

SERVICES = "services"
FILE = f"{SERVICES}/missed-bin.yaml"
WORDS = "title: Report a missed bin"


@pytest.fixture
def pack(tmp_path):
    """A copy of Harrowmere to change, with one service."""
    others = shutil.ignore_patterns(
        "bulky-waste.yaml",
        "garden-waste.yaml",
        "hall-hire.yaml",
        "complaint.yaml",
        "freedom-of-information.yaml",
        "moving.yaml",
        "registrar.yaml",
    )
    return Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere", ignore=others))


@pytest.fixture
def published(db, pack):
    with councils.scope(publish(pack).council):
        yield pack


def publish(folder, **words):
    return services.publish_pack(folder=folder, now=NOW, actor=SYSTEM, **words)


def a_manager():
    teams = {"waste": ("manager",)}
    put_officers([people.Placement(slug="max", name="Max", email="max@harrowmere.example", teams=teams)])
    return people.get_officer("max")


def at_the_desk(old=WORDS, new="title: Tell us about a bin", over=1, *, service="missed-bin"):
    """Somebody changes a service at the desk and publishes it."""
    officer = a_manager()
    draft = services.begin_draft(service=service, officer=officer, now=NOW)
    text = services.get_draft(draft=draft, officer=officer, now=NOW).text
    assert old in text
    services.keep_draft(draft=draft, text=text.replace(old, new), edition=1, officer=officer, now=NOW)
    return services.publish_draft(draft=draft, edition=2, over=over, officer=officer, now=NOW)


def title():
    return services.get_service("missed-bin").title


def test_an_older_text_in_a_pack_leaves_the_desks_version_as_often_as_it_is_published(published):
    assert at_the_desk() == 2
    for _night in range(2):
        report = publish(published)
        assert (report.kept, report.versions["missed-bin"], report.new) == ({"missed-bin"}, 2, frozenset())
        assert title() == "Tell us about a bin"


def test_a_new_text_in_a_pack_undoes_nothing_unseen(published):
    at_the_desk()
    rewrite(published / FILE, WORDS, "title: A bin we missed")
    rewrite(published / "pack.yaml", "name: Harrowmere", "name: Another")
    with pytest.raises(services.WouldUndo) as refused:
        publish(published)
    assert "missed-bin" in refused.value.undone
    assert "The title changed from “Tell us about a bin” to “A bin we missed”." in str(refused.value)
    assert (title(), councils.current().name) == ("Tell us about a bin", "Harrowmere District Council")
    report = publish(published, undo=True)
    assert (report.versions["missed-bin"], title()) == (3, "A bin we missed")


def test_going_back_to_an_older_text_is_a_new_version(published):
    at_the_desk()
    report = publish(published, undo=True)
    assert (report.versions["missed-bin"], report.kept, title()) == (3, frozenset(), "Report a missed bin")
    assert publish(published).new == frozenset()


def test_the_same_text_in_both_is_no_dispute(published):
    at_the_desk()
    rewrite(published / FILE, WORDS, "title: Tell us about a bin")
    report = publish(published)
    assert (report.versions["missed-bin"], report.kept, report.new) == (2, frozenset(), frozenset())


def test_what_only_the_desk_published_is_not_the_packs_to_withdraw(published):
    at_the_desk("service: missed-bin", "service: lost-bin\nalthough: {flexible: Until spring.}", over=0)
    report = publish(published)
    assert report.withdrawn == frozenset()
    assert {service.slug for service in services.catalogue()} == {"missed-bin", "lost-bin"}
    assert publish(published, undo=True).withdrawn == {"lost-bin"}


def test_what_a_pack_brought_and_the_desk_changed_leaves_with_the_pack(published):
    at_the_desk()
    (published / FILE).unlink()
    shutil.copy(PACKS / "harrowmere" / SERVICES / "freedom-of-information.yaml", published / SERVICES)
    assert publish(published).withdrawn == {"missed-bin"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_pack_and_two_at_the_desk_at_once_end_in_a_line_of_versions(transactional_db, pack):
    council = publish(pack).council
    with councils.scope(council):
        officer = a_manager()
        drafts = []
        for word in ("One", "Two"):
            draft = services.begin_draft(service="missed-bin", officer=officer, now=NOW)
            text = services.get_draft(draft=draft, officer=officer, now=NOW).text.replace(
                WORDS, f"title: {word}"
            )
            services.keep_draft(draft=draft, text=text, edition=1, officer=officer, now=NOW)
            drafts.append(draft)
        rewrite(pack / FILE, WORDS, "title: Three")

        def desk(draft):
            try:
                return services.publish_draft(draft=draft, edition=2, over=1, officer=officer, now=NOW)
            except services.PublishedMeanwhile as refused:
                return str(refused)

        def disk():
            try:
                return publish(pack).versions["missed-bin"]
            except services.WouldUndo as refused:
                return str(refused)

        jobs = [lambda: desk(drafts[0]), lambda: desk(drafts[1]), disk]
        outcomes = at_once(council, jobs)
        assert len(outcomes) == 3
        assert [each for each in outcomes if isinstance(each, int)] == [2]
        assert all("Another version" in each or "undo" in each for each in outcomes if each != 2)
        numbers = list(Version.objects.order_by("number").values_list("number", flat=True))
        assert numbers == [1, 2]
        facts = [fact for fact in ledger.since(0) if fact.name == "services.published"]
        assert [fact.payload["number"] for fact in facts] == [1, 2]


def test_whoever_reads_more_careful_answers_needs_a_second_step_whichever_way_it_was_published(
    published, settings
):
    settings.DEMO = False
    careless = "class: official\nalthough: {proportionately-secure: Nobody has to say who they are.}"
    rewrite(published / FILE, "class: official-personal", careless)
    rewrite(published / FILE, "owner: waste", "owner: information-governance")
    publish(published)
    assert not people.second_step_wanted(a_manager())
    teams = {"information-governance": ("manager",)}
    put_officers([people.Placement(slug="ina", name="Ina", email="ina@harrowmere.example", teams=teams)])
    ina = people.get_officer("ina")
    draft = services.begin_draft(service="missed-bin", officer=ina, now=NOW)
    text = services.get_draft(draft=draft, officer=ina, now=NOW).text
    text = text.replace(careless, "class: official-personal")
    services.keep_draft(draft=draft, text=text, edition=1, officer=ina, now=NOW)
    services.publish_draft(draft=draft, edition=2, over=2, officer=ina, now=NOW)
    publish(published)
    # Who owns it, and whose cases come of it.
    assert people.second_step_wanted(ina)
    assert people.second_step_wanted(a_manager())
