"""A file from its arrival to its end."""

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from vestry.councils import api as councils
from vestry.documents import api, jobs
from vestry.documents.models import Document, Loose
from vestry.documents.tests import made
from vestry.documents.tests.made import scanners, stores
from vestry.kernel import Ref
from vestry.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("council", "scanner", "store")

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
JOURNEY, CASE, SOMEBODY = Ref("journey", "7"), Ref("case", "MB-7K3N-9QFA"), Ref("resident", "7")


def receive(content=None, name="photo.jpg", *, owner=JOURNEY, types=("photo", "pdf"), now=NOON, **more):
    stream = io.BytesIO(made.picture() if content is None else content)
    allowed = api.kinds_of(types)
    return api.receive(
        owner=owner, actor=SOMEBODY, name=name, stream=stream, allowed=allowed, kinds="a JPG", now=now, **more
    )


def keep(*views, to=CASE):
    ids = [view.id for view in views]
    api.keep(ids=ids, owners=[JOURNEY], to=to, actor=SOMEBODY, now=NOON)


def nothing(owner):
    return []


def facts(subject):
    return [fact.name.partition(".")[2] for fact in ledger.history(subject)]


def content_of(view, owner=CASE):
    with api.open_file(id=view.id, owner=owner)[1] as stream:
        return stream.read()


def test_a_photo_is_taken_kept_and_opened(store):
    content = made.picture()
    view = receive(content, "../my\u202egpj.exe")
    assert (view.name, view.called, view.state, view.size) == ("mygpj.exe.jpg", "JPG", "clean", len(content))
    assert api.of(owner=JOURNEY) == [view]
    keep(view)
    assert content_of(view) == content
    assert api.of(owner=JOURNEY) == []
    (key,) = store.kept
    assert "my" not in key
    kept = ledger.history(CASE)[0]
    assert kept.payload["sha256"] == view.sha256
    assert "my" not in str([fact.payload for fact in ledger.since(0)])


@pytest.mark.parametrize(
    ("content", "largest", "refusal"),
    [
        (made.picture(), 100, "TooBig"),
        (b"", 1000, "Empty"),
        (made.PROGRAM, 1000, "Renamed"),
        (made.infected_pdf(), 100_000, "Virus"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(store, content, largest, refusal):
    with pytest.raises(api.NotTaken) as refused:
        receive(content, "bill.pdf", largest=largest)
    assert type(refused.value).__name__ == refusal
    assert "bill.pdf" in str(refused.value)
    assert not store.kept
    assert not Document.objects.exists()
    assert not Loose.objects.exists()
    assert facts(JOURNEY) == (["turned_away"] if refusal == "Virus" else [])


def test_nobody_piles_up_what_is_never_sent(monkeypatch):
    monkeypatch.setattr(api, "MOST_UNSENT", 2)
    first, _second = receive(), receive()
    with pytest.raises(api.NotTaken, match="was not uploaded, because 2 files wait to be sent"):
        receive()
    assert receive(owner=Ref("journey", "8")), "each has their own"
    for _ in range(3):
        receive(owner=Ref("client", "api"))
    keep(first)
    assert receive(), "what was sent counts no more"


@pytest.mark.parametrize("taken", ["bytearray(decoders.MEMORY)", "sum(iter(int, 1))"])
def test_a_decoder_has_so_much_memory_and_so_much_of_the_processor(taken):
    program = (
        "from vestry.documents.rules import decoders\n"
        "decoders.MEMORY, decoders.CPU_SECONDS = 200 * 2**20, 1\n"
        f"decoders.found = lambda stream: str({taken})\n"
        "decoders.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], input=b"x", capture_output=True, check=False)
    assert done.returncode != 0
    assert done.stdout == b""


def test_a_decoder_has_so_much_time_and_nobody_waits_longer(monkeypatch):
    monkeypatch.setattr(api.decoders, "SECONDS", 0.001)
    with pytest.raises(api.NotTaken, match="Save a smaller copy of it"):
        receive()


def test_what_is_none_of_ours_starts_no_decoder(monkeypatch):
    monkeypatch.setattr(api.decoders, "__file__", "nothing.py")
    with pytest.raises(api.NotTaken, match="Save a smaller copy of it"):
        receive()
    with pytest.raises(api.NotTaken, match="is not what its name says"):
        receive(made.PROGRAM)


def test_more_than_can_be_scanned_is_too_big_whatever_a_question_allows():
    with pytest.raises(api.NotTaken, match="smaller than 20MB"):
        receive(b"\xff\xd8\xff" + b"\0" * api.LARGEST, largest=10**9)


def test_without_a_scanner_it_is_taken_and_nobody_opens_it_until_it_was_scanned(plugged, store):
    plugged("documents.scan", scanners.FailingScanner(times=2))
    view = receive()
    keep(view)
    assert view.state == "waiting"
    with pytest.raises(api.NotChecked):
        content_of(view)
    assert jobs.scan_waiting(now=NOON) == 0, "still nobody there"
    assert jobs.scan_waiting(now=NOON) == 0, "asked again in a minute, not at once"
    with pytest.raises(api.NotChecked):
        content_of(view)
    assert jobs.scan_waiting(now=NOON + timedelta(minutes=1)) == 1
    assert content_of(view)
    assert facts(CASE) == ["kept", "found_clean"]


def test_a_virus_found_later_is_deleted_and_seen(plugged, store):
    plugged("documents.scan", scanners.FailingScanner())
    view = receive(made.infected_pdf(), "bill.pdf")
    keep(view)
    plugged("documents.scan", scanners.FakeScanner())
    assert jobs.scan_waiting(now=NOON) == 1
    assert [one.state for one in api.of(owner=CASE)] == ["infected"]
    with pytest.raises(api.NoSuchDocument):
        content_of(view)
    jobs.sweep(now=NOON, answers=nothing)
    assert not store.kept
    assert facts(CASE) == ["kept", "found_infected"]


def test_a_scanner_that_stays_away_is_asked_ever_less_often_and_for_ever(plugged):
    away = plugged("documents.scan", scanners.FailingScanner())
    receive()
    now, asked = NOON, []
    for _ in range(24 * 60):
        before = Document.objects.get().tries
        jobs.scan_waiting(now=now)
        if Document.objects.get().tries > before:
            asked.append(now)
        now += timedelta(minutes=1)
    pauses = [after - before for before, after in pairwise(asked)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=30)
    assert away.scanned == 0


def test_a_store_that_is_away_is_told_and_nothing_is_left(plugged):
    plugged("documents.store", stores.FailingStore())
    with pytest.raises(api.NotStored):
        receive()
    assert not Document.objects.exists()
    (loose,) = Loose.objects.all()
    assert loose.due > NOON, "what may have arrived is deleted later"


@pytest.mark.parametrize("owner", [CASE, Ref("journey", "8"), Ref("client", "api")])
def test_what_is_not_theirs_is_not_there(owner):
    view = receive()
    with pytest.raises(api.NoSuchDocument):
        content_of(view, owner)
    assert api.find(ids=[view.id], owners=[owner]) == []
    assert api.of(owner=owner) == []
    api.keep(ids=[view.id], owners=[owner], to=CASE, actor=SOMEBODY, now=NOON)
    api.discard(id=view.id, owners=[owner], actor=SOMEBODY, now=NOON)
    assert api.of(owner=JOURNEY) == [view]


def test_another_council_has_nothing_of_it(other_council):
    view = receive()
    keep(view)
    with councils.scope(other_council):
        with pytest.raises(api.NoSuchDocument):
            content_of(view)
        assert api.find(ids=[view.id]) == api.of(owner=CASE) == []
        assert jobs.sweep(now=NOON + timedelta(days=9), answers=nothing) == 0
    assert content_of(view)


def test_forgetting_deletes_the_rows_at_once_and_the_content_soon(store):
    keep(receive(), receive(made.pdf(), "a.pdf"))
    assert api.forget(owner=CASE, actor=SOMEBODY, now=NOON) == 2
    assert api.of(owner=CASE) == []
    assert len(store.kept) == 2
    jobs.sweep(now=NOON, answers=nothing)
    assert not store.kept
    assert not Loose.objects.exists()
    assert api.forget(owner=CASE, actor=SOMEBODY, now=NOON) == 0


def test_what_a_journey_did_not_send_goes_and_what_was_sent_stays():
    sent, not_sent = receive(), receive()
    keep(sent)
    api.release(owner=JOURNEY, actor=SOMEBODY, now=NOON)
    api.release(owner=CASE, actor=SOMEBODY, now=NOON)
    assert api.find(ids=[sent.id, not_sent.id]) == api.of(owner=CASE)
    assert content_of(sent)


def test_a_file_can_be_discarded_until_it_was_sent():
    first, second = receive(), receive()
    keep(first)
    for view in (first, second):
        api.discard(id=view.id, owners=[JOURNEY, CASE], actor=SOMEBODY, now=NOON)
    assert [one.id for one in api.find(ids=[first.id, second.id])] == [first.id]


def test_what_belongs_to_nothing_is_swept_and_nothing_else(store):
    old, sent, going_on, aside, fresh = (
        receive(owner=Ref("journey", "8")),
        receive(),
        receive(owner=Ref("journey", "9")),
        receive(owner=Ref("journey", "9")),
        receive(owner=Ref("journey", "8"), now=NOON + timedelta(hours=20)),
    )
    keep(sent)
    answers = {Ref("journey", "9"): [going_on.id]}
    jobs.sweep(now=NOON + timedelta(days=1), answers=lambda owner: answers.get(owner, []))
    there = [one.id for one in api.find(ids=[view.id for view in (old, sent, going_on, aside, fresh)])]
    assert there == [sent.id, going_on.id, fresh.id], "what no answer names is swept, whosever it is"
    assert len(store.kept) == 3


def test_an_upload_that_broke_off_is_swept(store, monkeypatch):

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(ledger, "record", killed)
        receive()
    assert store.kept, "the content had arrived"
    jobs.sweep(now=NOON + timedelta(minutes=59), answers=nothing)
    assert store.kept, "it may still be on its way"
    jobs.sweep(now=NOON + timedelta(hours=1), answers=nothing)
    assert not store.kept


def test_the_facts_replayed_give_what_the_table_holds(plugged):
    plugged("documents.scan", scanners.FailingScanner(times=2))
    waiting, infected = receive(), receive(made.infected_pdf(), "a.pdf")
    clean, gone, forgotten = receive(), receive(), receive()
    keep(waiting, infected, clean, forgotten)
    api.discard(id=gone.id, owners=[JOURNEY], actor=SOMEBODY, now=NOON)
    other = receive()
    keep(other, to=Ref("case", "MB-1"))
    jobs.scan_waiting(now=NOON)
    api.forget(owner=Ref("case", "MB-1"), actor=SOMEBODY, now=NOON)
    receive()
    assert replayed(ledger.since(0)) == {
        row.key: {
            "owner": row.owner,
            "kept": row.kept,
            "state": row.state,
            **{word: getattr(row, word) for word in ("kind", "size", "sha256")},
        }
        for row in Document.objects.all()
    }
    assert {row.state for row in Document.objects.all()} == {"clean", "infected"}


def replayed(entries):
    """What the table comes to, by the facts alone."""
    there = {}
    for fact in entries:
        said, owner = fact.payload, str(fact.subject)
        key = said.get("document")
        match fact.name:
            case "documents.received":
                state = "clean" if said["clean"] else "waiting"
                what = {word: said[word] for word in ("kind", "size", "sha256")}
                there[key] = {"owner": owner, "kept": False, "state": state, **what}
            case "documents.kept":
                there[key] |= {"owner": owner, "kept": True}
            case "documents.found_clean":
                there[key]["state"] = "clean"
            case "documents.found_infected":
                there[key]["state"] = "infected"
            case "documents.forgotten":
                del there[key]
    return there
