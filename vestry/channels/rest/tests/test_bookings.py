"""Free times, holds and bookings through the API; what nobody can have is refused, and nothing changes."""

from datetime import datetime, timedelta

import pytest

from vestry.book import api as book
from vestry.channels.rest.tests.calling import KEY, pointers
from vestry.channels.rest.tests.client import Program, a_key
from vestry.councils import api as councils
from vestry.kernel import Ref, utc_now
from vestry.ledger import api as ledger
from vestry.people.tests.officers import put_everybody
from vestry.services.tests.services_to_try import offer
from vestry.services.tests.test_book_a_time import VISIT

pytestmark = pytest.mark.django_db

HOLDS = "/api/v1/calendars/visits/holds"
SCOPES = ("bookings.read", "bookings.change")


def put_visits(seats=4):
    week = dict.fromkeys(range(7), (book.read_hours("09:00-12:00"),))
    book.put_calendars(
        resources=[
            book.ResourcePlan(slug="seats", title="Seats", stock=seats),
            book.ResourcePlan(slug="cups", title="Cups", stock=10),
        ],
        calendars=[
            book.CalendarPlan(
                slug="visits",
                title="Visits",
                team="waste",
                plan=book.Plan(
                    open=week,
                    every=60,
                    lasts=60,
                    longest=120,
                    most=4,
                    each={"seats": 1},
                    extras=frozenset({"cups"}),
                    bank_holidays=True,
                    ahead=30,
                    waits=True,
                ),
            )
        ],
    )
    offer(VISIT, utc_now())


@pytest.fixture
def visits(api):
    put_visits()
    return api


def free(**wanted):
    day = utc_now().date() + timedelta(days=1)
    now = utc_now()
    return book.slots(
        calendar="visits", from_=day, to=day + timedelta(days=9), wanted=book.Wanted(**wanted), now=now
    )


def hold(api, slot, key=KEY, path=HOLDS, **body):
    start = slot if isinstance(slot, str) else slot.start.isoformat()
    return api.call("POST", path, {"start": start, **body}, {"Idempotency-Key": key})


def signed(token):
    return {"Authorization": f"Bearer {token}"}


def facts():
    return [
        (fact.name, getattr(fact, "payload", {}).get("why", "")) for fact in ledger.since(0, limit=10_000)
    ]


def refusals():
    return [fact.payload for fact in ledger.since(0, limit=10_000) if fact.name == "book.refused"]


def taken():
    """All that is held or booked, and all that is still free."""
    today = utc_now().date()
    page = book.bookings(calendars=["visits"], first=today, last=today + timedelta(days=40), limit=100)
    return page.found, [free(units=units) for units in (1, 2, 3, 4)]


def test_what_can_be_booked_and_when_page_by_page(visits):
    (entry,) = visits.get("/api/v1/calendars").json()["calendars"]
    assert entry["calendar"] == "visits"
    everything = [slot.start for slot in free()]
    day, last = free()[0].start.date(), free()[-1].start.date()
    address, found = f"/api/v1/calendars/visits/slots?from={day}&to={last}&limit=7", []
    while address:
        page = visits.get(address.removeprefix("http://testserver")).json()
        found += [datetime.fromisoformat(slot["start"]) for slot in page["slots"]]
        address = page["next"]
    assert found == everything
    address, days = f"/api/v1/calendars/visits/days?from={day}&to={last}&limit=3&units=4", []
    while address:
        page = visits.get(address.removeprefix("http://testserver")).json()
        days += [(each["day"], each["times"]) for each in page["days"]]
        address = page["next"]
    assert days == [((day + timedelta(days=each)).isoformat(), 3) for each in range(10)]
    assert visits.get("/api/v1/calendars/visits/slots?minutes=120").json()["slots"]
    assert visits.get("/api/v1/calendars/visits/slots?extras=cups:11").json()["slots"] == []


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "from=9999-12-31",
        "from=2026-01-01&to=2028-01-01",
        "to=1999-01-01",
        "limit=0",
        "units=-1",
        "units=0",
        "minutes=x",
        "extras=cups",
        "extras=cups:-1",
        "after=%00",
        "after=eA",
        "nonsense=1",
    ],
)
def test_a_query_that_says_nothing_is_told_what_is_wrong(visits, query):
    for name in ("days", "slots"):
        assert visits.get(f"/api/v1/calendars/visits/{name}?{query}").status_code == 400


def test_a_time_is_held_shown_and_given_back(visits):
    slot = free(units=3)[0]
    held = hold(visits, slot, units=3).json()
    assert (held["state"], held["units"]) == ("held", 3)
    assert slot not in free(units=2)
    again = hold(visits, slot, units=3)
    assert again.json() == held
    assert again.headers["Idempotency-Replayed"] == "true"
    address = f"/api/v1/holds/{held['hold']}"
    assert visits.get(address, **signed(held["token"])).json() == held
    for _twice in range(2):
        gone = visits.call("POST", f"{address}/release", {}, signed(held["token"]))
        assert gone.json()["state"] == "released"
    assert slot in free(units=4)


def test_the_same_key_for_another_time_is_refused(visits):
    first, second = free()[:2]
    hold(visits, first)
    before = taken()
    assert hold(visits, second).status_code == 422
    assert taken() == before


def answers(slot, people=2):
    return {"people": people, "visit-time": slot.start.isoformat(), "email": "sam@example.com"}


def send(api, slot, token, people=2, key="k" * 20):
    body = {"answers": answers(slot, people), "holds": {"visit-time": token}}
    return api.call("POST", "/api/v1/services/visit/submissions", body, {"Idempotency-Key": key})


def test_what_is_held_is_booked_with_the_answers(visits):
    slot = free()[0]
    held = hold(visits, slot, units=4).json()
    # Others find it full, and whoever holds it sends all the same.
    plain = {"answers": answers(slot)}
    others = visits.call("POST", "/api/v1/services/visit/submissions", plain, {"Idempotency-Key": "o" * 20})
    assert others.status_code == 422
    assert send(visits, slot, held["token"], people=4).status_code == 201
    assert send(visits, slot, held["token"], people=4).headers["Idempotency-Replayed"] == "true"
    it = book.get(reference=held["hold"])
    assert (it.state, it.units, it.course.service) == ("booked", 4, "visit")
    # It is sent; the token opens it, and books nothing else.
    assert visits.get(f"/api/v1/holds/{held['hold']}", **signed(held["token"])).json()["state"] == "booked"
    before = taken()
    assert send(visits, free()[1], held["token"], key="m" * 20).status_code == 422
    visits.call("POST", f"/api/v1/holds/{held['hold']}/release", {}, signed(held["token"]))
    assert taken() == before


def test_a_hold_of_little_does_not_book_much(visits):
    slot = free()[0]
    held = hold(visits, slot, units=1).json()
    hold(visits, slot, key="other-key-" * 3, units=2)
    before = taken()
    assert send(visits, slot, held["token"], people=3).status_code == 422
    assert taken() == before
    assert send(visits, slot, held["token"], people=2).status_code == 201
    assert book.get(reference=held["hold"]).units == 2


def test_a_hold_of_somebody_else_is_not_there(visits):
    slot = free()[0]
    theirs = hold(visits, slot, units=4).json()
    mine = hold(visits, free(units=4)[0], key="my-own-key-" * 2).json()
    before = taken()
    for token in (mine["token"], theirs["hold"] + "." + "0" * 64, "x"):
        assert visits.get(f"/api/v1/holds/{theirs['hold']}", **signed(token)).status_code == 404
        gone = visits.call("POST", f"/api/v1/holds/{theirs['hold']}/release", {}, signed(token))
        assert gone.status_code == 404
    forged = theirs["hold"] + "." + "0" * 64
    assert "visit-time" in str(pointers(send(visits, slot, forged, people=4)))
    assert taken() == before
    assert {(each["what"], each["why"]) for each in refusals()} == {
        ("look", "not theirs"),
        ("release", "not theirs"),
        ("send", "not theirs"),
    }


def test_holds_are_looked_up_for_a_service_that_is_there_and_not_without_end(visits):
    theirs = hold(visits, free()[0]).json()["hold"] + "." + "0" * 64
    sent = {"answers": {}, "holds": {"visit-time": theirs}}
    nowhere = "/api/v1/services/nothing/submissions"
    assert visits.call("POST", nowhere, sent, {"Idempotency-Key": KEY}).status_code == 404
    sent["holds"] = {f"visit-{number}": theirs for number in range(21)}
    many = visits.call("POST", "/api/v1/services/visit/submissions", sent, {"Idempotency-Key": KEY})
    assert (many.status_code, list(pointers(many))) == (422, ["/holds"])
    assert refusals() == []


def test_what_nobody_can_have_is_refused_and_on_record(visits):
    slot = free()[0]
    before = taken()
    wrong = [
        hold(visits, "2020-01-01T09:00:00+00:00"),
        hold(visits, slot, units=-1),
        hold(visits, slot, units=0),
        hold(visits, slot, units=5),
        hold(visits, slot, units=10**30),
        hold(visits, slot, extras={"cups": 11}),
        hold(visits, slot, minutes=-60),
        hold(visits, slot, minutes=10**12),
        hold(visits, slot, extras={"cups": -1}),
        hold(visits, slot, extras={"seats": 1}),
        hold(visits, (slot.start + timedelta(minutes=7)).isoformat()),
        hold(visits, (slot.start + timedelta(seconds=7)).isoformat()),
        hold(visits, "0001-01-01T00:00:00+01:00"),
        hold(visits, "9999-12-31T23:59:00-01:00"),
    ]
    assert {each.status_code for each in wrong} == {422}
    assert taken() == before
    assert len(refusals()) == len(wrong)
    assert hold(visits, slot.start.replace(tzinfo=None).isoformat()).status_code == 422


def test_what_there_never_is_has_not_just_been_taken(visits):
    for wanted in ({"units": 5}, {"extras": {"cups": 11}}, {"minutes": 180}):
        answer = hold(visits, free()[0], **wanted)
        assert pointers(answer) == {
            "/units": "There is never as much as this here, or for as long. Ask for less."
        }


def test_what_is_full_is_told_apart(visits):
    slot = free()[0]
    hold(visits, slot, units=4)
    full = hold(visits, slot, key="another-key-" * 2)
    assert (full.status_code, full.json()["type"].rpartition("#")[2]) == (409, "not-free")


def test_another_council_s_calendar_and_hold_are_not_there(visits, other_council):
    held = hold(visits, free()[0]).json()
    before = taken()
    there = {"Host": "saltmarsh.localhost", "Idempotency-Key": KEY}
    start = {"start": free()[0].start.isoformat()}
    assert visits.call("POST", HOLDS, start, there).status_code == 404
    for address, method in (
        (f"/api/v1/holds/{held['hold']}", "GET"),
        (f"/api/v1/holds/{held['hold']}/release", "POST"),
    ):
        answer = visits.call(method, address, {}, {**signed(held["token"]), "Host": "saltmarsh.localhost"})
        assert answer.status_code == 404
    assert taken() == before
    today = utc_now().date()
    with councils.scope(other_council):
        assert book.bookings(calendars=["visits"], first=today, last=today, limit=9).found == []


@pytest.fixture
def program(visits):
    put_everybody()
    return Program(visits, a_key(scopes=SCOPES))


def test_a_program_books_moves_and_cancels_for_somebody(program):
    first, second = free()[:2]
    made = program.post("bookings", {"calendar": "visits", "start": first.start.isoformat(), "who": "Ms Elm"})
    reference = made.json()["booking"]
    assert made.json()["who"] == "Ms Elm"
    moved = program.post(f"bookings/{reference}/move", {"start": second.start.isoformat()}).json()
    assert datetime.fromisoformat(moved["start"]) == second.start
    assert program.get(f"bookings/{reference}").json() == moved
    assert [each["booking"] for each in program.get("bookings?calendar=visits").json()["bookings"]] == [
        reference
    ]
    assert program.post(f"bookings/{reference}/cancel", {}).json()["state"] == "cancelled"
    assert program.post(f"bookings/{reference}/move", {"start": first.start.isoformat()}).status_code == 409


@pytest.mark.parametrize("who", ["", " \n", "x" * 201, "a\x07b"])
def test_nobody_is_booked_for_or_waits_without_a_name_that_can_be_read(program, who):
    body = {"calendar": "visits", "start": free()[0].start.isoformat(), "who": who}
    before = taken()
    for refused in (program.post("bookings", body), join(program, who=who)):
        assert refused.status_code == 422
        assert list(pointers(refused)) == ["/who"]
    assert (taken(), book.waiting(calendar="visits", now=utc_now())) == (before, [])
    longest = "Ms " + "x" * 197
    for kept in (program.post("bookings", body | {"who": longest}), join(program, who=longest)):
        assert kept.json()["who"] == longest


def test_a_program_sees_all_of_them_page_by_page(program):
    made = []
    for number, slot in enumerate(free()[:2] * 3):
        body = {"calendar": "visits", "start": slot.start.isoformat(), "who": "Ms Elm"}
        made.append(program.post("bookings", body, f"a-key-of-its-own-{number}").json())
    address, found = "bookings?limit=2", []
    while address:
        page = program.get(address.removeprefix("http://testserver/api/v1/")).json()
        found += [each["booking"] for each in page["bookings"]]
        address = page["next"]
    assert found == [each["booking"] for each in sorted(made, key=lambda each: each["start"])]
    assert program.get("bookings?after=eHg").status_code == 400
    assert program.get("bookings?calendar=nothing").status_code == 404


def test_a_program_of_another_team_finds_nothing_and_that_is_on_record(program):
    slot = free()[0]
    theirs = Program(program.api, a_key("freedom", held=(("officer", "information"),), scopes=SCOPES))
    reference = program.post(
        "bookings", {"calendar": "visits", "start": slot.start.isoformat(), "who": "Ms Elm"}
    ).json()["booking"]
    before = taken()
    assert theirs.get("bookings").json()["bookings"] == []
    refused = [
        theirs.get(f"bookings/{reference}"),
        theirs.post(f"bookings/{reference}/cancel", {}),
        theirs.post("bookings", {"calendar": "visits", "start": slot.start.isoformat(), "who": "Ms Elm"}),
    ]
    assert {each.status_code for each in refused} == {404}
    assert taken() == before
    assert sum(fact.name == "people.client_refused" for fact in ledger.since(0, limit=10_000)) == len(refused)


def test_a_program_cannot_book_the_past(program):
    before = taken()
    body = {"calendar": "visits", "start": "2020-01-01T09:00:00+00:00", "who": "x"}
    assert program.post("bookings", body).status_code == 422
    assert taken() == before
    assert refusals() == [{"what": "book", "why": "not offered"}]
    assert Ref("client", "crm") in [fact.actor for fact in ledger.since(0, limit=10_000)]


def join(program, key="join-key-" * 3, **changed):
    day = utc_now().date() + timedelta(days=1)
    body = {"first": day.isoformat(), "last": day.isoformat(), "who": "Ms Elm", "units": 4, **changed}
    return program.post("calendars/visits/waiting", body, key)


def test_a_program_lets_somebody_wait_and_takes_what_is_offered(program):
    here = {"calendar": "visits", "who": "Ms Oak", "units": 4}
    taken = [
        program.post(
            "bookings", {**here, "start": slot.start.isoformat()}, f"a-key-of-its-own-{number}"
        ).json()
        for number, slot in enumerate(free(units=4))
    ]
    made = join(program).json()
    assert (made["state"], made["who"], made["links"]["booking"], made["until"]) == (
        "waiting",
        "Ms Elm",
        None,
        None,
    )
    assert join(program).json() == made
    assert program.get("calendars/visits/waiting").json() == {"waiting": [made]}
    book.offer(now=utc_now())
    assert program.get(f"waiting/{made['waiter']}").json()["state"] == "waiting"
    assert program.post(f"waiting/{made['waiter']}/take", {}).status_code == 409
    program.post(f"bookings/{taken[0]['booking']}/cancel", {}, "another-key-" * 2)
    book.offer(now=utc_now())
    offered = program.get(f"waiting/{made['waiter']}").json()
    assert (offered["state"], bool(offered["until"])) == ("offered", True)
    for _twice in range(2):
        booked = program.post(f"waiting/{made['waiter']}/take", {}, "a-third-key-" * 2).json()
        assert (booked["state"], booked["who"], booked["start"]) == ("booked", "Ms Elm", taken[0]["start"])
    assert program.get(offered["links"]["booking"].removeprefix("http://testserver/api/v1/")).json() == booked
    assert program.post(f"waiting/{made['waiter']}/take", {}).status_code == 409
    assert program.get("calendars/visits/waiting").json() == {"waiting": []}


def test_an_offer_whose_time_is_up_is_one_no_more_whatever_the_clock_says(program, monkeypatch):
    made = join(program).json()
    book.offer(now=utc_now())
    later = utc_now() + timedelta(days=2)
    monkeypatch.setattr("vestry.channels.rest.waiting_endpoints.utc_now", lambda: later)
    stands = program.get(f"waiting/{made['waiter']}").json()
    assert (stands["state"], stands["until"], stands["who"]) == ("gone", None, "")
    assert program.get("calendars/visits/waiting").json() == {"waiting": []}


def test_a_program_takes_somebody_off_the_list(program):
    made = join(program).json()
    for _twice in range(2):
        gone = program.post(f"waiting/{made['waiter']}/leave", {}).json()
        assert (gone["state"], gone["who"]) == ("gone", "")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"first": "2020-01-01", "last": "2020-01-02"}, "/last"),
        ({"last": "2020-01-01"}, "/last"),
        ({"units": 9}, "/units"),
        ({"units": 3_000_000_000}, "/units"),
        ({"minutes": 999}, "/units"),
        ({"minutes": 3_000_000_000}, "/units"),
        ({"extras": {"cups": 11}}, "/units"),
    ],
)
def test_nobody_waits_for_what_there_never_is(program, wrong, pointer):
    answer = join(program, **wrong)
    assert answer.status_code == 422
    assert list(pointers(answer)) == [pointer]
    assert book.waiting(calendar="visits", now=utc_now()) == []


def test_a_waiting_list_is_its_team_s_and_within_its_scopes(program):
    made = join(program).json()
    theirs = Program(program.api, a_key("freedom", held=(("officer", "information"),), scopes=SCOPES))
    reads = Program(program.api, a_key("reads", scopes=SCOPES[:1]))
    for address in ("calendars/visits/waiting", f"waiting/{made['waiter']}"):
        assert theirs.get(address).status_code == 404
        assert reads.get(address).status_code == 200
        # Whom to write to is for those who act on it.
        assert "Ms Elm" not in reads.get(address).content.decode()
        assert "Ms Elm" in program.get(address).content.decode()
    for what in ("leave", "take"):
        assert theirs.post(f"waiting/{made['waiter']}/{what}", {}).status_code == 404
        assert reads.post(f"waiting/{made['waiter']}/{what}", {}).status_code == 403
    assert join(theirs, "their-key-" * 3).status_code == 404
    assert join(reads, "their-key-" * 3).status_code == 403
    assert program.get("waiting/WL-NONE-NONE").status_code == 404
    assert len(book.waiting(calendar="visits", now=utc_now())) == 1
