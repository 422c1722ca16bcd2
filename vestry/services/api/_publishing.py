"""Publishing a pack: council, people, places, strategy, services; all or none. See `services.api`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from vestry.councils import api as councils
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.places import api as places
from vestry.services.definition.mistakes import Mistake
from vestry.services.events import ServicePublished, ServiceWithdrawn
from vestry.services.models import Offer, Version
from vestry.services.packs.reading import NotAPack, Pack, Source, check_service, read_pack
from vestry.strategy import api as strategy


class NotPublished(Refused):
    """Nothing was published. ``mistakes`` says what to mend, and where."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


class NoPackThere(Refused):
    """There is no pack in {folder}: a pack is a folder with a file pack.yaml in it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What publishing a pack came to: for each service, the number of its version, and which are new."""

    council: councils.CouncilView
    versions: Mapping[str, int]
    new: frozenset[str]
    withdrawn: frozenset[str]


def check(path: Path) -> list[Mistake]:
    """Everything that keeps a pack, or one service of a pack, from being published. Needs no database.

    Raises `NoPackThere` for a folder that is no pack.
    """
    if path.is_dir():
        try:
            return read_pack(path).mistakes
        except NotAPack:
            raise NoPackThere(folder=path) from None
    return check_service(path)


def publish_pack(*, folder: Path, now: datetime, actor: Ref, demo_password: str = "") -> Report:
    """Publish a pack: check all of it, then write all of it.

    Raises `NoPackThere`, `NotPublished`, `HostTaken`.
    A service whose text is the same as before gets no new version; one that is no longer in the pack is no
    longer offered. With ``demo_password``, officers without a password get that one.
    """
    try:
        reading = read_pack(folder)
    except NotAPack:
        raise NoPackThere(folder=folder) from None
    if reading.pack is None:
        raise NotPublished(tuple(reading.mistakes))
    pack = reading.pack
    # The scope can be entered only once the council is there, and its facts are written inside its scope.
    with transaction.atomic():
        council = _establish(pack)
        with councils.scope(council), ledger.transaction():
            _put(pack, demo_password)
            return _publish_services(council, pack.services, actor, now)


def _establish(pack: Pack) -> councils.CouncilView:
    said = pack.council
    return councils.establish(
        slug=said.council,
        name=said.name,
        hosts=said.hosts,
        division=said.division,
        contact_email=said.contact,
        look={"colour": said.look.colour} if said.look.colour else {},
    )


def _put(pack: Pack, demo_password: str) -> None:
    people.put_teams(pack.people.teams)
    people.put_officers(
        [
            people.Placement(slug=slug, name=each.name, email=each.email, teams=each.teams, roles=each.roles)
            for slug, each in pack.people.officers.items()
        ],
        demo_password=demo_password,
    )
    strategy.put_outline(pack.statements)
    places.put_wards(pack.council.wards)
    places.put_rounds(pack.rounds)
    places.put_addresses(pack.addresses)


def _publish_services(
    council: councils.CouncilView, services: Mapping[str, Source], actor: Ref, now: datetime
) -> Report:
    versions: dict[str, int] = {}
    new = set()
    for slug, source in services.items():
        version, is_new = _publish(slug, source, actor, now)
        versions[slug] = version.number
        if is_new:
            new.add(slug)
    withdrawn = set()
    for offer in Offer.objects.exclude(slug__in=services).select_related("version"):
        fact = ServiceWithdrawn(number=offer.version.number)
        ledger.record(fact, subject=Ref("service", offer.slug), actor=actor, now=now)
        withdrawn.add(offer.slug)
        offer.delete()
    return Report(council=council, versions=versions, new=frozenset(new), withdrawn=frozenset(withdrawn))


def _publish(slug: str, source: Source, actor: Ref, now: datetime) -> tuple[Version, bool]:
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    # Two who publish at once queued at the council's own row, so the next number is still free.
    last = Version.objects.filter(slug=slug).order_by("-number").first()
    version, is_new = last, last is None or last.digest != digest
    if is_new:
        version = Version.objects.create(
            slug=slug,
            number=last.number + 1 if last else 1,
            title=source.definition.title,
            source=source.text,
            digest=digest,
            published_at=now,
            published_by=str(actor),
        )
    _made, first = Offer.objects.update_or_create(slug=slug, defaults={"version": version})
    if is_new or first:
        fact = ServicePublished(number=version.number, digest=digest)
        ledger.record(fact, subject=Ref("service", slug), actor=actor, now=now)
    return version, is_new
