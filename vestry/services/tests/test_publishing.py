"""A pack is published as a whole, in versions that never change."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, Remembered
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.places import api as places
from vestry.services import api as services
from vestry.services.api import _versions
from vestry.services.api._versions import definition_of, find_version
from vestry.services.models import Unchangeable, Version
from vestry.strategy import api as strategy
from vestry.technology import api as technology

PACKS = Path(__file__).parents[3] / "packs"
OFFERED = frozenset(file.stem for file in (PACKS / "harrowmere" / "services").glob("*.yaml"))
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path):
    """A copy of Harrowmere to change."""
    return Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere"))


def publish(folder, **words):
    return services.publish_pack(folder=folder, now=NOW, actor=SYSTEM, **words)


def rewrite(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_pack_brings_everything(db, pack):
    report = publish(pack, demo_password="example-only")
    assert report.versions == dict.fromkeys(OFFERED, 1)
    assert report.new == OFFERED >= {"freedom-of-information", "missed-bin", "moving"}
    assert report.council == councils.council_for_host("localhost:8000")
    with councils.scope(report.council):
        titles = [service.title for service in services.catalogue()]
        assert titles == sorted(titles)
        assert {"Make a freedom of information request", "Report a missed bin"} < set(titles)
        assert {team.slug for team in people.teams()} >= {"waste", "information-governance"}
        assert people.get_officer("dean-hollis").roles == {"crew"}
        assert places.find_addresses("hm1 1aa")
        assert places.schedules() == {"bin-rounds"}
        why = strategy.why(services.get_service("missed-bin").why)
        assert why[-1].layer == "purpose"


def test_what_a_service_runs_on_hangs_in_with_it_and_goes_with_it(db, pack):
    with councils.scope(publish(pack).council):
        assert "service:missed-bin" in strategy.users("technology:sackline")
        assert strategy.why("technology:sackline")[-1].layer == "purpose"
        assert "missed-bin" in technology.uses()
    rewrite(pack / "services" / "missed-bin.yaml", ", sackline]", "]")
    with councils.scope(publish(pack).council):
        assert "service:missed-bin" not in strategy.users("technology:sackline")
        assert "sackline" not in technology.uses()["missed-bin"]


def test_the_same_text_makes_no_new_version(db, pack):
    publish(pack)
    report = publish(pack)
    assert (report.versions["missed-bin"], report.new) == (1, frozenset())
    with councils.scope(report.council):
        assert len(ledger.history(Ref("service", "missed-bin"))) == 1


def test_a_changed_text_makes_one_and_the_old_one_stays(db, pack):
    publish(pack)
    rewrite(pack / "services" / "missed-bin.yaml", "title: Report a missed bin", "title: A bin we missed")
    report = publish(pack)
    assert (report.versions, report.new) == (
        {**dict.fromkeys(OFFERED, 1), "missed-bin": 2},
        {"missed-bin"},
    )
    with councils.scope(report.council):
        assert services.get_service("missed-bin").title == "A bin we missed"
        assert definition_of(find_version("missed-bin", 1)).title == "Report a missed bin"
        facts = ledger.history(Ref("service", "missed-bin"))
        assert [fact.payload["number"] for fact in facts] == [1, 2]


def test_a_service_taken_out_is_no_longer_offered_and_can_come_back(db, pack):
    publish(pack)
    taken = pack / "services" / "missed-bin.yaml"
    text = taken.read_text()
    taken.unlink()
    report = publish(pack)
    assert report.withdrawn == {"missed-bin"}
    with councils.scope(report.council):
        assert {service.slug for service in services.catalogue()} == OFFERED - {"missed-bin"}
        with pytest.raises(services.NoSuchService):
            services.get_service("missed-bin")
        assert find_version("missed-bin", 1) is not None
    taken.write_text(text)
    report = publish(pack)
    assert report.versions["missed-bin"] == 1
    with councils.scope(report.council):
        names = [fact.name for fact in ledger.history(Ref("service", "missed-bin"))]
    assert names == ["services.published", "services.withdrawn", "services.published"]


def test_a_mistake_anywhere_and_nothing_is_published(db, pack):
    rewrite(pack / "services" / "missed-bin.yaml", "- radios:", "- raidos:")
    rewrite(pack / "gazetteer.csv", "mereside,monday", "mereside,moonday")
    with pytest.raises(services.NotPublished) as refused:
        publish(pack)
    assert councils.all_councils() == []
    said = str(refused.value)
    assert '"raidos" is not a kind of question. Did you mean "radios"?' in said
    assert 'Did you mean "monday"?' in said
    assert {Path(mistake.file).name for mistake in refused.value.mistakes} == {
        "missed-bin.yaml",
        "gazetteer.csv",
    }


def test_a_failure_half_way_leaves_nothing(db, pack, other_council):
    rewrite(pack / "pack.yaml", "harrowmere.localhost", "saltmarsh.localhost")
    with pytest.raises(councils.HostTaken):
        publish(pack)
    assert [council.slug for council in councils.all_councils()] == ["saltmarsh"]


def test_two_councils_offer_the_same_name_in_their_own_words(db):
    harrowmere, saltmarsh = (publish(PACKS / name).council for name in ("harrowmere", "saltmarsh"))
    with councils.scope(harrowmere):
        ours = services.get_service("missed-bin")
        assert places.find_addresses("QS1 1AA") == []
    with councils.scope(saltmarsh):
        theirs = services.get_service("missed-bin")
        assert [service.slug for service in services.catalogue()] == ["missed-bin"]
        assert set(services.questions_schema("missed-bin")["properties"]) & {"home", "bin"} == set()
    assert ours.title != theirs.title
    assert ours.why != theirs.why


def test_what_is_not_a_pack_is_refused(db, tmp_path):
    with pytest.raises(services.NoPackThere, match=str(tmp_path)):
        publish(tmp_path)


def test_a_published_version_never_changes(db, pack):
    report = publish(pack)
    with councils.scope(report.council):
        version = find_version("missed-bin", 1)
        version.title = "Something else"
        for change in (
            version.save,
            version.delete,
            Version.objects.all().delete,
            lambda: Version.objects.update(title="x"),
        ):
            with pytest.raises(Unchangeable):
                change()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update services_version set title = 'Something else'")
        assert find_version("missed-bin", 1).title == "Report a missed bin"


@pytest.mark.postgresql
def test_a_published_version_is_never_deleted(db, pack):
    report = publish(pack)
    with councils.scope(report.council):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from services_version")
        assert find_version("missed-bin", 1)


def test_a_machine_is_told_what_to_answer(db, pack):
    report = publish(pack)
    with councils.scope(report.council):
        schema = services.questions_schema("missed-bin")
    assert schema["properties"]["bin"]["enum"] == ["refuse", "recycling", "food", "garden"]
    assert "fetched-from" in schema["properties"]
    assert set(schema["required"]) == {"home", "bin", "day", "assisted", "your-name", "email"}


@pytest.mark.django_db(transaction=True)
def test_what_is_offered_is_remembered_until_it_changes(
    transactional_db, pack, monkeypatch, django_assert_num_queries
):
    moment = [0.0]
    monkeypatch.setattr(_versions, "_remembered", Remembered(clock=lambda: moment[0]))
    with councils.scope(publish(pack).council):
        title = services.get_service("missed-bin").title
        with django_assert_num_queries(0):
            assert services.get_service("missed-bin").title == title
        rewrite(pack / "services" / "missed-bin.yaml", f"title: {title}", "title: Another title")
        with pytest.raises(RuntimeError), transaction.atomic():
            publish(pack)
            assert services.get_service("missed-bin").title == title, "not before it is there for everybody"
            raise RuntimeError
        moment[0] = 5.0
        assert services.get_service("missed-bin").title == title, "what came to nothing was not remembered"
        publish(pack)
        assert services.get_service("missed-bin").title == "Another title"
