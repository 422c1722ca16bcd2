"""People and programs that send things, and don't give up: what they were told is what must be there."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from vestry.channels.public.tests.visitor import Reader

SERVICE = "freedom-of-information"
SUBMISSIONS = f"/api/v1/services/{SERVICE}/submissions"
SAID = {"request": "How many trees are there?", "format": "email", "your-name": "Sam Taylor"}
A_REFERENCE = re.compile(r"\bFOI-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
# As a browser or a program would wait for an answer.
PATIENCE = 15
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class Stopping(Exception):
    """The day is over."""


@dataclass
class Told:
    """What people were told. ``api``: key to references; ``pages``: journey to references."""

    api: dict[str, set[str]] = field(default_factory=dict)
    pages: dict[str, set[str]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    tries: int = 0
    failures: int = 0

    def references(self) -> list[str]:
        return [reference for some in (self.api, self.pages) for told in some.values() for reference in told]


class Somebody(threading.Thread):
    """Sends one thing after another until ``over`` is set, each tried until it is acknowledged."""

    def __init__(self, port: int, told: Told, over: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.told, self.over, self.random = port, told, over, random.Random(seed)

    def run(self) -> None:
        with suppress(Stopping):
            while not self.over.is_set():
                self.send_one()
                time.sleep(self.random.uniform(0, 0.1))

    def send_one(self) -> None:
        raise NotImplementedError

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
        """An answer, after as many tries as it takes. Raises `Stopping` when the day ends before."""
        while not self.over.is_set():
            self.told.tries += 1
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request(method, path, body.encode(), {"Host": "localhost", **headers})
                answer = connection.getresponse()
                text = answer.read().decode()
                if answer.status not in TRY_AGAIN:
                    return answer.status, text, dict(answer.getheaders())
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            self.told.failures += 1
            time.sleep(self.random.uniform(0.05, 0.4))
        raise Stopping


class Program(Somebody):
    """Sends submissions to the API under keys of its own, and now and then the same one again."""

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.sent: list[tuple[str, str]] = []

    def send_one(self) -> None:
        again = self.sent and self.random.random() < 0.1
        key, email = self.random.choice(self.sent) if again else (uuid.uuid4().hex, self.somebody())
        body = json.dumps({"answers": {**SAID, "email": email}})
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        status, text, _ = self.ask("POST", SUBMISSIONS, body, **headers)
        if status != 201:
            self.told.strange.append(f"the API said {status}: {text[:200]}")
            return
        self.told.api.setdefault(key, set()).add(json.loads(text)["reference"])
        self.sent.append((key, email))

    @staticmethod
    def somebody() -> str:
        return f"{uuid.uuid4().hex[:12]}@example.org"


class Resident(Somebody):
    """Walks through the pages, presses again what brought no answer, and reads the reference at the end."""

    def send_one(self) -> None:
        said = {**SAID, "email": f"{uuid.uuid4().hex[:12]}@example.org"}
        here, page = self.go("POST", f"/services/{SERVICE}/")
        for _ in range(30):
            if here.endswith("/done/"):
                found = A_REFERENCE.search(page.text)
                journey = here.split("/")[3]
                self.told.pages.setdefault(journey, set()).add(found.group() if found else here)
                return
            form = next((one for one in page.forms if "asked" in one.names or "/check/" in one.action), None)
            if form is None:
                break
            sent = [(name, value) for name, value in form.fields if name not in said]
            sent += [(name, value) for name, value in said.items() if name in form.names]
            here, page = self.go("POST", urljoin(here, form.action), urlencode(sent))
        self.told.strange.append(f"the pages led nowhere: {here.split('/')[-2]}: {page.title}")

    def go(self, method: str, path: str, body: str = "") -> tuple[str, Reader]:
        for _ in range(6):
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
            status, text, headers = self.ask(method, path, body, **kind)
            where = next((value for name, value in headers.items() if name.lower() == "location"), "")
            if not where:
                break
            method, path, body = "GET", urlsplit(urljoin(path, where)).path, ""
        if status != 200:
            self.told.strange.append(f"a page said {status}: {path.split('/')[-2]}")
        return path, Reader(text)
