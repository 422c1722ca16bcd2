"""Published versions and the catalogue. See `services.api`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from vestry.councils import api as councils
from vestry.kernel import Refused, Remembered
from vestry.services.definition.capabilities import questions_of
from vestry.services.definition.check import read_published
from vestry.services.definition.language import Definition
from vestry.services.models import Offer, Version


class NoSuchService(Refused):
    """There is no such service."""


@dataclass(frozen=True, kw_only=True)
class ServiceView:
    """A service as it is offered now. ``lgsl`` and ``lgil`` are its numbers in the national lists."""

    slug: str
    title: str
    summary: str
    before: str
    version: int
    owner: str
    why: str
    information_class: str
    lgsl: int | None
    lgil: int | None


def latest(service: str) -> Version:
    """The version offered now. Raises `NoSuchService`."""
    # What can't be printed can't be looked for either: PostgreSQL takes no NUL.
    offers = Offer.objects.select_related("version").defer("version__source")
    offer = offers.filter(slug=service).first() if service.isprintable() else None
    if offer is None:
        raise NoSuchService
    return offer.version


def find_version(slug: str, number: int) -> Version | None:
    """A version by its number, offered or not."""
    return Version.objects.filter(slug=slug, number=number).first()


def definition_of(version: Version) -> Definition:
    """What a version says. Decoded once a process: a version never changes."""
    return _decoded(version, version.digest)


# A few thousand definitions are some tens of megabytes: more than the services of all councils of a county.
@lru_cache(maxsize=2048)
def _decoded(version: Version, digest: str) -> Definition:
    return read_published(version.source, f"{version.slug}.yaml")


def view(version: Version) -> ServiceView:
    """A version as the catalogue shows it."""
    return view_of(definition_of(version), version.number)


def view_of(said: Definition, number: int) -> ServiceView:
    """A definition as the catalogue would show it."""
    return ServiceView(
        slug=said.service,
        title=said.title,
        summary=said.summary,
        before=said.before,
        version=number,
        owner=said.owner,
        why=said.why,
        information_class=said.information_class,
        lgsl=said.standard.lgsl if said.standard else None,
        lgil=said.standard.lgil if said.standard else None,
    )


def catalogue() -> list[ServiceView]:
    """Everything the council offers, by title, as it was at most 5 seconds ago."""
    return list(_offered().values())


def get_service(slug: str) -> ServiceView:
    """One service as it was offered at most 5 seconds ago. Raises `NoSuchService`."""
    return _offered().get(slug) or view(latest(slug))


_remembered: Remembered[int, dict[str, ServiceView]] = Remembered()


def _offered() -> dict[str, ServiceView]:
    council = councils.current().id
    if offered := _remembered.get(council):
        return offered
    offers = Offer.objects.select_related("version").defer("version__source").order_by("version__title")
    offered = {offer.slug: view(offer.version) for offer in offers}
    # What is read within a transaction may come to nothing.
    if not connection.in_atomic_block:
        _remembered.keep(council, offered)
    return offered


def offers_change() -> None:
    """This process looks again, once the transaction is there for everybody."""
    council = councils.current().id
    transaction.on_commit(lambda: _remembered.forget(council))


def questions_schema(slug: str) -> dict[str, Any]:
    """JSON Schema of the answers to a service's questions, by question id. Raises `NoSuchService`.

    A question is required where it is always asked; the others depend on answers, and the journey's own
    rules say which. Every rule is checked again when answers are sent.
    """
    definition = definition_of(latest(slug))
    properties: dict[str, Any] = {}
    required: list[str] = []
    for item in definition.journey:
        for question in questions_of(item):
            asked = {"title": question.ask} | ({"description": question.hint} if question.hint else {})
            properties[question.id] = question.schema() | asked
            if not (item.when or question.when or question.optional):
                required.append(question.id)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definition.title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
