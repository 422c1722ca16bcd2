"""Calling the API. Every answer is held against the OpenAPI document: each test is a contract test too."""

import copy
import json
import re

import jsonschema_rs

from vestry.services.tests.services_to_try import furnish, offer

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
ASKED = {"question": "How many trees are there?", "email": "sam@example.com"}
SUBMIT = "/api/v1/services/ask-us/submissions"

# With a question of every shape, and one that depends on another.
EVERYTHING = """
service: everything
title: Say everything
summary: Every kind of answer.
why: clean-streets
owner: waste
class: official
standard: {lgsl: 524, lgil: 8}
reference: EV
contact: {}
keep: {closed: 1 year}
journey:
  - page: About you
    ask:
      - name: {id: who, ask: What is your name?}
      - phone: {id: phone, ask: What is your phone number?, optional: true}
  - page: What you want
    ask:
      - radios: {id: what, ask: What do you want?, options: {much: Much, little: A little}}
      - number: {id: how-much, ask: How much?, when: what == "much", min: 1, max: 10}
      - checkboxes: {id: colours, ask: Which colours?, options: {red: Red, blue: Blue}, optional: true}
      - yes-no: {id: sure, ask: Are you sure?}
  - check: Check your answers
case:
  team: waste
  due: 5 working days
  stages:
    open: {title: Being looked at, next: We look at it.}
    done: {title: Done, end: answered}
  actions:
    - {do: Answer, id: answer, from: open, to: done, by: [officer]}
"""
ALL_SAID = {"who": "Sam Taylor", "what": "much", "how-much": 3, "colours": ["red"], "sure": True}

__all__ = [
    "ALL_SAID",
    "ASKED",
    "EVERYTHING",
    "KEY",
    "SUBMIT",
    "UPLOAD",
    "WITH_A_FILE",
    "Caller",
    "furnish",
    "offer",
]


WITH_A_FILE = """
service: show-us
title: Show us something
summary: With a letter.
why: clean-streets
owner: waste
class: official
reference: SH
contact: {}
keep: {closed: 1 year}
journey:
  - page: What is it?
    ask:
      - text: {id: what, ask: What is it?}
      - file: {id: letter, ask: Upload a letter, name: a letter, types: [pdf], max: 2, megabytes: 1}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    done: {title: Done, end: answered}
  actions:
    - {do: Answer, id: answer, from: open, to: done, by: [officer]}
"""
UPLOAD = "/api/v1/services/show-us/files?question=letter&name=bill.pdf"


class Caller:
    """A program that calls the API through Django's test client."""

    def __init__(self, client, document):
        self.client = client
        self.document = document
        self.seen = set()
        """The (path, method, status) answered so far."""

    def get(self, path, **headers):
        return self.call("GET", path, headers=headers)

    def send(self, answers=ASKED, key=KEY, path=SUBMIT, **headers):
        return self.call("POST", path, {"answers": answers}, {"Idempotency-Key": key, **headers})

    def call(self, method, path, body=None, headers=None, content_type="application/json"):
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {name: value for name, value in (headers or {}).items() if value is not None}
        # Named among the headers: for an empty body the test client would leave it out.
        headers["Content-Type"] = content_type
        response = self.client.generic(method, path, data, content_type, headers=headers)
        self.check(method, path, response)
        return response

    def check(self, method, path, response):
        """What came back is what the document says comes back."""
        kind = response.headers.get("Content-Type")
        operation, template = self.operation(method, path)
        if operation is None or response.status_code == 405:
            assert kind == "application/problem+json"
            self.check_body({"$ref": "#/components/schemas/Problem"}, response.json())
            return
        documented = operation["responses"][str(response.status_code)]
        assert kind in documented["content"]
        self.check_body(documented["content"][kind]["schema"], response.json())
        for name in set(response.headers) & {"Location", "Idempotency-Replayed", "Link", "ETag"}:
            assert name in documented["headers"]
        if kind == "application/problem+json":
            assert response.json()["status"] == response.status_code
        self.seen.add((template, method, response.status_code))

    def operation(self, method, path):
        path = path.partition("?")[0]
        for template, methods in self.document["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch("/api/v1" + pattern, path) and method.lower() in methods:
                return methods[method.lower()], template
        return None, ""

    def check_body(self, schema, body):
        components = copy.deepcopy(self.document["components"])
        for component in components["schemas"].values():
            component["additionalProperties"] = False  # a field that isn't documented is a fault
        whole = {**schema, "components": components}
        jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(body)


def pointers(response):
    """The parts that are wrong, by pointer."""
    return {error["pointer"]: error["detail"] for error in response.json().get("errors", [])}
