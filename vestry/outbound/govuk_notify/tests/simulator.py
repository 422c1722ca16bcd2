"""GOV.UK Notify on this machine, by its published contract (docs.notifications.service.gov.uk/rest-api.html).

Emails only. It is as strict as the real one about keys, clocks and bodies, remembers what it took, and breaks
as told: ``faults`` are answers to give instead, one for each request.
"""

import json
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt

from tools.postgres import free_port

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"council_live-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
REPLY_TO = "8e222534-7f05-4972-86e3-17c5d9f894e2"
TOKEN = "agreed-with-notify"
CREATED, BAD, FORBIDDEN, NOT_FOUND = 201, 400, 403, 404

SLOW, CUT, LOST = "slow", "cut", "lost"
"""It says nothing; it hangs up; it takes the email and then hangs up."""


class Simulator:
    """What it took, how it breaks, and the receipts it sends."""

    def __init__(self):
        self.taken = []
        """Notifications as the API shows them, oldest first, each with the request's own body as ``said``."""
        self.faults = []
        self.requests = []
        self.url = ""
        self.released = threading.Event()

    def settings(self, **asked):
        """What VESTRY_EMAIL_URL says for it."""
        query = "&".join(f"{name}={value}" for name, value in {"tls": "none", **asked}.items())
        return self.url.replace("http://", f"govuk-notify://{KEY}@") + f"/{TEMPLATE}?{query}"

    def fault(self):
        return self.faults.pop(0) if self.faults else None

    def becomes(self, status, number=-1):
        """The mail servers answered."""
        self.taken[number]["status"] = status

    def receipt(self, number=-1, **changed):
        """The body of a receipt about one email."""
        sent = self.taken[number]
        moment = "2026-11-23T12:00:00.000000Z"
        said = {
            "id": sent["id"],
            "reference": sent["reference"],
            "to": sent["email_address"],
            "status": sent["status"],
            "created_at": moment,
            "completed_at": moment,
            "sent_at": moment,
            "notification_type": "email",
            "template_id": TEMPLATE,
            "template_version": 1,
        }
        return json.dumps({**said, **changed}).encode()

    def take(self, said):
        for name in ("email_address", "template_id"):
            if not isinstance(said.get(name), str):
                return problem(BAD, "ValidationError", f"{name} is a required property")
        if "@" not in said["email_address"]:
            return problem(BAD, "ValidationError", "email_address Not a valid email address")
        if said["template_id"] != TEMPLATE:
            return problem(BAD, "BadRequestError", "Template not found")
        missing = {"subject", "body"} - set(said.get("personalisation", {}))
        if missing:
            return problem(BAD, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")
        if said.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
            return problem(BAD, "BadRequestError", "email_reply_to_id does not exist in database")
        one = {
            "id": str(uuid.uuid4()),
            "reference": said.get("reference"),
            "email_address": said["email_address"],
            "type": "email",
            "status": "created",
            "said": said,
        }
        self.taken.append(one)
        shown = {"id": one["id"], "reference": one["reference"], "content": said["personalisation"]}
        return CREATED, shown

    def found(self, asked):
        reference = asked.get("reference", [None])[0]
        found = [one for one in reversed(self.taken) if reference in (None, one["reference"])]
        shown = [{name: value for name, value in one.items() if name != "said"} for one in found]
        return 200, {"notifications": shown[:250], "links": {"current": self.url}}


def problem(status, kind, message):
    return status, {"status_code": status, "errors": [{"error": kind, "message": message}]}


def refused(authorization):
    """What is wrong with the signature, if anything."""
    scheme, _, token = (authorization or "").partition(" ")
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE, leeway=30)
    except jwt.InvalidTokenError:
        return problem(FORBIDDEN, "AuthError", "Invalid token: API key not found")
    if scheme != "Bearer" or abs(time.time() - claims["iat"]) > 30:
        return problem(
            FORBIDDEN, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"
        )
    return None


def handler_of(simulator):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *said):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(lambda: simulator.take(json.loads(body)), "/v2/notifications/email")

        def do_GET(self):
            self.answer(lambda: simulator.found(parse_qs(urlsplit(self.path).query)), "/v2/notifications")

        def answer(self, work, path):
            simulator.requests.append((self.command, self.path))
            fault = simulator.fault()
            if fault == SLOW:
                simulator.released.wait(30)
            if fault in (SLOW, CUT):
                return
            status, said = refused(self.headers.get("Authorization")) or (
                work()
                if urlsplit(self.path).path == path
                else problem(NOT_FOUND, "NoResultFound", "Not found")
            )
            if fault == LOST:
                return
            status, said = fault or (status, said)
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            if 300 <= status < 400:
                self.send_header("Location", simulator.url + "/elsewhere")
            self.end_headers()
            self.wfile.write(text)

    return Handler


@contextmanager
def running():
    """It listens on a free port of this machine."""
    simulator = Simulator()
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), handler_of(simulator))
    simulator.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield simulator
    finally:
        simulator.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
