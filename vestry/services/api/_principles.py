"""How services stand against the six principles: offered, as a draft, or as a pack would have them. See
`services.api`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import connection

from vestry.councils import api as councils
from vestry.kernel import Remembered
from vestry.services.api._deciding import Decision
from vestry.services.api._publishing import NoPackThere, foretelling, read_or_refuse
from vestry.services.api._versions import definition_of, latest
from vestry.services.definition.language import Definition
from vestry.services.definition.principles import Other, offered, other
from vestry.services.models import Offer
from vestry.services.packs.reading import NotAPack, Pack, find_pack, read_pack
from vestry.technology import api as technology


def principles_of(service: str, today: date) -> technology.ServiceStand:
    """How a service that is offered stands. Raises `NoSuchService`."""
    return stand_of(definition_of(latest(service)), today)


_remembered: Remembered[tuple[int, str, date], technology.ServiceStand] = Remembered()


def told_principles(service: str, today: date) -> technology.ServiceStand:
    """The same for everybody who comes to its first page, as it was at most 5 seconds ago. Raises
    `NoSuchService`.
    """
    key = (councils.current().id, service, today)
    if stand := _remembered.get(key):
        return stand
    stand = principles_of(service, today)
    # What is read within a transaction may come to nothing.
    if not connection.in_atomic_block:
        _remembered.keep(key, stand)
    return stand


def all_principles(today: date) -> list[technology.ServiceStand]:
    """How everything that is offered stands, by title."""
    return technology.service_stands(_told(_offered(), today), today)


def stand_of(said: Definition, today: date) -> technology.ServiceStand:
    """How a definition would stand if it were offered, by what is known of its page by now."""
    return technology.service_stand(offered(said, others(), today), today)


def others() -> list[Other]:
    """What is offered, as a definition sees it."""
    return list(filter(None, map(other, _offered())))


def _offered() -> list[Definition]:
    offers = Offer.objects.select_related("version").order_by("version__title")
    return [definition_of(offer.version) for offer in offers]


def _told(definitions: Iterable[Definition], today: date) -> list[technology.Offered]:
    every = list(definitions)
    known = list(filter(None, map(other, every)))
    return [offered(said, known, today) for said in every]


def checked_principles(path: Path, today: date) -> dict[str, technology.ServiceStand]:
    """How the services of a pack would stand by what its files say, or the one that a file holds; by title.
    Nothing for what has a mistake in it, or is part of no pack. Needs no database.

    Nobody has looked at a page yet: what only that can tell is not known.
    """
    folder = path if path.is_dir() else find_pack(path)
    try:
        pack = read_pack(folder).pack if folder else None
    except NotAPack:
        raise NoPackThere(folder=path) from None
    if pack is None:
        return {}
    known = _foreseen(pack, today)
    every = [source.definition for source in pack.services.values()]
    here = {said.service for said in every if path.is_dir()} | {path.stem}
    found = {each.service: technology.foreseen_stand(each, today, known) for each in _told(every, today)}
    return {said.title: found[said.service] for said in every if said.service in here}


def _foreseen(pack: Pack, today: date) -> list[technology.Footing]:
    return [
        each
        for file, said in pack.files
        if "technologies" in file.kinds
        for each in file.foreseen(said, today)
    ]


def foretold_principles(
    *, folder: Path, today: date, undo: bool = False
) -> dict[str, technology.ServiceStand]:
    """How services would stand once a pack is published, by title. Changes nothing.

    Raises `NoPackThere`, `NotPublished` as publishing would.
    """
    pack = read_or_refuse(folder)
    with foretelling(folder, undo=undo) as decisions:
        every = [said for each in decisions if (said := _becomes(each))]
        told = _told(every, today)
        known = _foreseen(pack, today)
        if any(each.newest for each in decisions):
            stands = technology.service_stands(told, today, known)
        else:
            stands = [technology.foreseen_stand(each, today, known) for each in told]
    return _by_title(every, stands)


def _becomes(decision: Decision) -> Definition | None:
    """What there would be of a service; None where it is no longer offered."""
    if decision.change == "withdrawn":
        return None
    if decision.change in {"kept", "same", "again"} and decision.newest:
        return definition_of(decision.newest)
    return decision.source.definition if decision.source else None


def _by_title(
    every: Iterable[Definition], stands: Iterable[technology.ServiceStand]
) -> dict[str, technology.ServiceStand]:
    return dict(zip((said.title for said in every), stands, strict=True))
