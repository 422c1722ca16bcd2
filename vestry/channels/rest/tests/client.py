"""A program of an officers' system, with a key."""

from datetime import timedelta

from vestry.kernel import SYSTEM, local_day, utc_now
from vestry.people import api as people

EVERY_SCOPE = (
    "cases.read",
    "cases.take",
    "cases.hand-over",
    "cases.note",
    "cases.message",
    "cases.act",
    "cases.tasks",
    "cases.task",
)


def a_key(client="crm", *, held=(("officer", "waste"),), scopes=EVERY_SCOPE, days=30, now=None):
    now = now or utc_now()
    return people.new_key(
        client=client,
        held=[people.Held(*each) for each in held],
        scopes=scopes,
        expires=local_day(now) + timedelta(days=days),
        now=now,
        actor=SYSTEM,
    )


class Program:
    """Calls the API with a key."""

    def __init__(self, api, key):
        self.api = api
        self.key = key
        self.number = 0

    def get(self, path, **headers):
        return self.api.get(f"/api/v1/{path}", Authorization=f"Bearer {self.key}", **headers)

    def post(self, path, body, key="", **headers):
        self.number += 1
        said = {
            "Authorization": f"Bearer {self.key}",
            "Idempotency-Key": key or f"a-key-of-my-own-{self.number}",
            **headers,
        }
        return self.api.call("POST", f"/api/v1/{path}", body, said)
