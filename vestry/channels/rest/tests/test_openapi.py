"""The document: valid, whole, made for the host that gives it. (`calling` holds each answer against it.)"""

import re
from datetime import timedelta

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from vestry.book import api as book
from vestry.cases import api as cases
from vestry.channels.rest.routes import ROUTES
from vestry.channels.rest.tests.calling import ALL_SAID, KEY, SUBMIT, UPLOAD, WITH_A_FILE, offer
from vestry.channels.rest.tests.client import Program, a_key
from vestry.channels.rest.tests.test_bookings import HOLDS, SCOPES, free, put_visits
from vestry.channels.rest.tests.test_tasks import WORKED
from vestry.channels.rest.urls import urlpatterns
from vestry.documents.tests import made
from vestry.kernel import utc_now
from vestry.pay import api as pay
from vestry.pay.tests.paying import World as Paying
from vestry.pay.tests.paying import plugged
from vestry.people import api as people
from vestry.people.api import LIMITS, Limit
from vestry.people.tests.officers import put_everybody


def test_it_is_a_valid_openapi_document(api):
    OpenAPIV31SpecValidator(api.document).validate()


def test_it_keeps_the_government_s_api_rules(api):
    info = api.document["info"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["description"]
    assert info["contact"]["name"] == "Harrowmere District Council"
    assert info["contact"]["email"] == "hello@harrowmere.example"
    for path, methods in api.document["paths"].items():
        assert re.fullmatch(r"(/([a-z]+(-[a-z]+)*|\{[a-z]+\}))+", path)
        for operation in methods.values():
            assert operation["operationId"]
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            for parameter in operation["parameters"]:
                assert not parameter["name"].lower().startswith("x-")
                assert parameter["description"]


def test_every_field_says_what_it_is(api):
    for name, schema in api.document["components"]["schemas"].items():
        assert schema["description"], name
        for field, part in schema["properties"].items():
            assert part.get("description"), f"{name}.{field}"


def test_it_is_made_for_its_host(api, other_council):
    assert api.document["servers"][0]["url"] == "http://testserver/api/v1"
    theirs = api.client.get("/api/v1/openapi.json", headers={"Host": "saltmarsh.localhost"}).json()
    assert theirs["servers"][0]["url"] == "http://saltmarsh.localhost/api/v1"
    assert "Saltmarsh" in theirs["info"]["title"]


def test_every_address_is_documented(api):
    addresses = {pattern.name for pattern in urlpatterns} - {"about", "openapi", "nowhere"}
    documented = {
        operation["operationId"]
        for methods in api.document["paths"].values()
        for operation in methods.values()
    }
    assert addresses == documented == {route.name for route in ROUTES}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_document_is_read_only(api, method):
    response = api.call(method, "/api/v1/openapi.json")
    assert response.status_code == 405


def every_answer_about_cases(api, reference):
    put_everybody()
    program, late = Program(api, a_key()), Program(api, a_key("late"))
    may_note, may_read = (Program(api, a_key(scopes=[scope])) for scope in ("cases.note", "cases.read"))
    nobody = Program(api, "x")
    program.get("cases?limit=0")
    program.get("tasks?limit=0")
    for path in ("tasks", "teams"):
        for asker in (program, nobody, may_note):
            asker.get(path)
        program.get(path, Accept="text/html")
    for part in ("", "/timeline", "/messages", "/notes", "/tasks"):
        program.get(f"cases/AU-0000-0000{part}")
        for path in ("cases", f"cases/{reference}{part}"):
            program.get(path)
            program.get(path, Accept="text/html")
            nobody.get(path)
            may_note.get(path)
    priya = people.get_officer("priya")
    for title in ("done", "given"):
        cases.add_to_case(officer=priya, reference=reference, title=title, now=utc_now())
    ended, given = (task.id for task in cases.tasks_of(officer=priya, reference=reference))
    for path in (f"tasks/{ended}", f"tasks/{10**9}"):
        for asker in (program, nobody, may_note):
            asker.get(path)
        program.get(path, Accept="text/html")
    case = f"cases/{reference}/"
    writes = {
        f"{case}notes": {"text": "x"},
        f"{case}messages": {"text": "x", "wants_answer": True},
        f"{case}tasks": {"title": "x"},
        f"tasks/{given}/give": {"owner": "tom"},
        f"tasks/{ended}/end": {"came": "done"},
        f"{case}take": {},
        f"{case}hand-over": {"team": "waste", "owner": "tom"},
        f"{case}extend": {"reason": "x"},
        f"{case}actions/answer": {},
    }
    for path, body in writes.items():
        every_answer_to_a_write(program, path, body)
        nobody.post(path, body)
        may_read.post(path, body)
        late.post(path, body)
    cases.end(officer=priya, task=given, now=utc_now())
    for path in (f"{case}messages", f"{case}tasks", f"{case}hand-over", f"tasks/{given}/give"):
        late.post(path, writes[path])


def every_answer_to_a_write(program, path, body):
    key = f"{KEY}{path}"
    program.post(path, body, key, **{"If-Match": '"something-else"'})
    program.post(path, body, key)
    program.post(path, b" ".join((b"{", b"}")) if not body else {**body, "text": "y"}, key)
    program.post(path, {"nonsense": 1})
    program.post(path, b"{")
    program.post(path, b"{" + b" " * 300_000)
    program.post(re.sub(r"(cases|tasks)/[^/]+", r"\1/0", path), body)
    program.post(path, body, Accept="text/html")
    signed = {"Authorization": f"Bearer {program.key}"}
    program.api.call("POST", f"/api/v1/{path}", b"{}", signed, "text/plain")


def every_answer_about_files(api):
    offer(WITH_A_FILE)
    sent = made.pdf()
    for where, body, kind in (
        (UPLOAD, sent, "application/pdf"),
        (UPLOAD, b"no file", "application/pdf"),
        (UPLOAD, sent, "multipart/form-data; boundary=x"),
        (UPLOAD, b"x" * 20_000_001, "application/pdf"),
        (UPLOAD.partition("?")[0], sent, "application/pdf"),
        (UPLOAD.replace("show-us", "nothing"), sent, "application/pdf"),
    ):
        api.call("POST", where, body, content_type=kind)
    api.call("POST", UPLOAD, sent, {"Accept": "text/html"}, "application/pdf")


WAITING = ("calendars/visits/waiting", "calendars/none/waiting", "waiting/none")


def somebody_waits(clerk, day):
    """Whoever has an offer, and all that is written about waiting."""
    waits = {"first": day, "last": day, "who": "x"}
    waiter = clerk.post("calendars/visits/waiting", waits, "waits-" * 4).json()["waiter"]
    book.offer(now=utc_now())
    return waiter, (
        ("/api/v1/calendars/visits/waiting", waits),
        ("/api/v1/calendars/none/waiting", waits),
        (f"/api/v1/waiting/{waiter}/take", {}),
        (f"/api/v1/waiting/{waiter}/leave", {}),
        ("/api/v1/waiting/none/take", {}),
        ("/api/v1/waiting/none/leave", {}),
    )


def every_answer_about_bookings(api):
    put_visits()
    clerk, nobody = Program(api, a_key("clerk", scopes=SCOPES)), Program(api, "x")
    reader = Program(api, a_key("reader", scopes=["cases.read"]))
    first, second = free()[:2]
    body = {"start": first.start.isoformat(), "units": 4}
    html = {"Accept": "text/html"}

    def signed(key, **more):
        return {"Authorization": f"Bearer {clerk.key}", "Idempotency-Key": f"a-key-of-its-own-{key}", **more}

    for address in ("calendars", "calendars/visits/days", "calendars/visits/slots"):
        for address_too in (address, address.replace("visits", "none"), f"{address}?x=1"):
            api.get(f"/api/v1/{address_too}")
        api.get(f"/api/v1/{address}", **html)
    held = api.call("POST", HOLDS, body, {"Idempotency-Key": KEY}).json()
    mine = {"Authorization": f"Bearer {held['token']}"}
    clerk_books = {"calendar": "visits", "start": second.start.isoformat(), "who": "x"}
    made = clerk.post("bookings", clerk_books, "made-" * 5).json()
    waiter, waiting = somebody_waits(clerk, first.start.date().isoformat())
    written = (
        *waiting,
        (HOLDS, body),
        (HOLDS.replace("visits", "none"), body),
        ("/api/v1/bookings", clerk_books),
        ("/api/v1/bookings", clerk_books | {"calendar": "none"}),
        ("/api/v1/bookings", clerk_books | {"start": first.start.isoformat()}),
        (f"/api/v1/bookings/{made['booking']}/move", {"start": first.start.isoformat()}),
        (f"/api/v1/bookings/{made['booking']}/move", {"start": free()[-1].start.isoformat()}),
        ("/api/v1/bookings/none/move", {"start": first.start.isoformat()}),
        (f"/api/v1/bookings/{made['booking']}/cancel", {}),
        (f"/api/v1/bookings/{made['booking']}/move", {"start": free()[-2].start.isoformat()}),
        ("/api/v1/bookings/none/cancel", {}),
        (f"/api/v1/bookings/{held['hold']}/cancel", {}),
        (f"/api/v1/holds/{held['hold']}/release", {}),
        ("/api/v1/holds/none/release", {}),
    )
    for number, (address, good) in enumerate(written):
        who = mine if "/holds/" in address else {"Authorization": f"Bearer {clerk.key}"}
        for sent, headers in (
            (good, signed(f"n{number}", **who)),
            (b"{", signed(f"a{number}", **who)),
            (b"{" + b" " * 300_000, signed(f"b{number}", **who)),
            ({"nonsense": 1}, signed(f"c{number}", **who)),
            (good, {**who, "Idempotency-Key": None}),
            (good, signed(f"d{number}", **who, **html)),
            (good, {"Idempotency-Key": f"{KEY}e{number}"}),
            (good, {"Idempotency-Key": f"{KEY}f{number}", "Authorization": f"Bearer {reader.key}"}),
            (good, {"Idempotency-Key": f"{KEY}g{number}", "Authorization": f"Bearer {nobody.key}"}),
            (good, signed(f"h{number}", **who)),
        ):
            api.call("POST", address, sent, headers)
        api.call("POST", address, b"{}", signed(f"i{number}", **who), "text/plain")
    there = (f"holds/{held['hold']}", "holds/none", "bookings", f"bookings/{made['booking']}")
    for address in (*there, *WAITING, f"waiting/{waiter}"):
        who = mine if address.startswith("holds") else {"Authorization": f"Bearer {clerk.key}"}
        for headers in (who, {}, {**who, **html}, {"Authorization": f"Bearer {reader.key}"}):
            api.get(f"/api/v1/{address}", **headers)
    for address in ("bookings/none", "bookings?calendar=none", "bookings?limit=0"):
        clerk.get(address)


def every_answer_about_money(api):
    held = (("officer", ""),)
    clerk = Program(api, a_key("money", held=held, scopes=["cases.read", "money.read", "money.refund"]))
    reader = Program(api, a_key("money-not", scopes=["cases.read"]))
    case = api.send(key="a-case-without-money").json()["reference"]
    world = Paying()
    pay.put_settings(codes={}, alone=100_000)
    with plugged(world.provider):
        charge = world.paid()
    address = f"/api/v1/payments/{charge.reference}-1/refunds"
    good, html, mine = {"pence": 100, "why": "other"}, {"Accept": "text/html"}, f"Bearer {clerk.key}"
    for number, (sent, more) in enumerate(
        (
            (good, {}),
            (good | {"pence": 999_999}, {}),
            (b"{", {}),
            (b"{" + b" " * 300_000, {}),
            ({"nonsense": 1}, {}),
            (good, {"Idempotency-Key": None}),
            (good, html),
            (good, {"Authorization": None}),
            (good, {"Authorization": f"Bearer {reader.key}"}),
        )
    ):
        key = f"a-key-for-this-money-{number}"
        api.call("POST", address, sent, {"Authorization": mine, "Idempotency-Key": key, **more})
    signed = {"Authorization": mine, "Idempotency-Key": "a-key-for-this-money-x"}
    api.call("POST", address, b"{}", signed, "text/plain")
    api.call("POST", address.replace("PAY", "NAY"), good, signed)
    made = pay.get(reference=charge.reference).payments[0].refunds[0].reference
    for there in (f"charges/{charge.reference}", f"cases/{case}/charges", f"refunds/{made}"):
        for path in (there, f"{there.split('/')[0]}/none/{'/'.join(there.split('/')[2:])}".rstrip("/")):
            for headers in ({}, html):
                clerk.get(path, **headers)
            api.get(f"/api/v1/{path}")
            reader.get(path)


def test_every_documented_answer_can_be_had(api, monkeypatch):
    """Nothing is documented that never happens: each status of each operation, once."""
    said = api.send().json()
    for path in ("/api/v1/services", "/api/v1/services/ask-us", "/api/v1/services/ask-us/questions"):
        api.get(path)
        api.get(path, Accept="text/html")
    for path in ("/api/v1/services/nothing", "/api/v1/services/nothing/questions"):
        api.get(path)
    status = f"/api/v1/submissions/{said['reference']}"
    token = {"Authorization": f"Bearer {said['token']}"}
    api.get(status, **token)
    api.get(status)
    api.get(status, Accept="text/html")
    api.get("/api/v1/submissions/none", **token)
    api.get("/api/v1/sending/none", **token)
    api.get("/api/v1/sending/none")
    api.get("/api/v1/sending/none", Accept="text/html")
    api.send(key=None)
    api.send(path="/api/v1/services/nothing/submissions", key="another-key-altogether")
    api.send({}, key="another-key-altogether")
    api.send(ALL_SAID)
    api.send(Accept="text/html")
    every_answer_about_files(api)
    api.call("POST", SUBMIT, b"{" + b" " * 300_000, {"Idempotency-Key": KEY})
    api.call("POST", SUBMIT, b"{}", {"Idempotency-Key": KEY}, content_type="text/plain")
    every_answer_about_cases(api, said["reference"])
    offer(WORKED)
    # Where a due date can be put off.
    every_answer_to_a_write(
        Program(api, a_key("more")),
        f"cases/{api.send(key='one-more-key-altogether').json()['reference']}/extend",
        {"reason": "x"},
    )
    every_answer_about_bookings(api)
    every_answer_about_money(api)
    for what, path in (("files", UPLOAD), ("api.submit", SUBMIT), ("api.hold", HOLDS)):
        with monkeypatch.context() as patch:
            patch.setitem(LIMITS, what, Limit(many=0, within=timedelta(hours=1)))
            kind = "application/pdf" if what == "files" else "application/json"
            api.call("POST", path, b"{}", {"Idempotency-Key": KEY}, kind)
    documented = {
        (path, method.upper(), int(status))
        for path, methods in api.document["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    # What waits for a payment is tried where somebody pays: tests/saga.
    paid = {entry for entry in documented if entry[2] == 202 or entry == ("/sending/{id}", "GET", 200)}
    assert {entry for entry in documented - paid - api.seen if entry[2] < 500} == set()
