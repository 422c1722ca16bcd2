"""Publishing a pack: council, people, places, strategy, services; all or none. See `services.api`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from vestry.councils import api as councils
from vestry.information import api as information
from vestry.kernel import Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.places import api as places
from vestry.services.api._deciding import Change, Decision, decide, decide_all, digest
from vestry.services.api._versions import definition_of, offers_change
from vestry.services.definition.capabilities import installed, is_own
from vestry.services.definition.comparing import Part, compare
from vestry.services.definition.language import Definition
from vestry.services.definition.mistakes import Mistake
from vestry.services.events import ServicePublished, ServiceWithdrawn
from vestry.services.models import Offer, Version
from vestry.services.packs.reading import NotAPack, Pack, Source, check_service, read_pack
from vestry.strategy import api as strategy
from vestry.technology import api as technology


class NotPublished(Refused):
    """Nothing was published. ``mistakes`` says what to mend, and where."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


class WouldUndo(Refused):
    """This would undo what was published at the desk. ``undone`` says what, service by service."""

    def __init__(self, undone: Mapping[str, tuple[Part, ...]]) -> None:
        self.undone = undone
        lines = []
        for slug, parts in undone.items():
            lines += [f"{slug}:", *(f"  {sentence}" for part in parts for sentence in part.sentences)]
        super().__init__("\n".join([_("This would undo what was published at the desk."), *lines]))


class NoPackThere(Refused):
    """There is no pack in {folder}: a pack is a folder with a file pack.yaml in it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What publishing a pack came to: what became of each service, and the number of its newest version."""

    council: councils.CouncilView
    changes: Mapping[str, Change]
    versions: Mapping[str, int]

    @property
    def new(self) -> frozenset[str]:
        """Those with a new version."""
        return self._that("new", "changed")

    @property
    def kept(self) -> frozenset[str]:
        """Those whose text in the pack is an older one: the newer version stays."""
        return self._that("kept")

    @property
    def withdrawn(self) -> frozenset[str]:
        """Those no longer offered."""
        return self._that("withdrawn")

    def _that(self, *changes: Change) -> frozenset[str]:
        return frozenset(slug for slug, change in self.changes.items() if change in changes)


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


def publish_pack(
    *,
    folder: Path,
    now: datetime,
    actor: Ref,
    demo_password: str = "",
    demo_second_step: Collection[str] = (),
    undo: bool = False,
) -> Report:
    """Publish a pack: check all of it, then write all of it.

    Raises `NoPackThere`, `NotPublished`, `HostTaken`, `WouldUndo`.
    A service that was published at the desk since stays as it is where the pack still has an older text;
    where the pack's text is new, `WouldUndo` is raised. With ``undo`` the pack's text is published anyhow.
    A service whose text is the same as before gets no new version; one that is no longer in the pack is no
    longer offered, and offered again once it is back. `affected` foretells all of this.
    With ``demo_password``, officers without a password get that one; ``demo_second_step`` are those who get
    a second step everybody may know.
    """
    pack = read_or_refuse(folder)
    # The scope can be entered only once the council is there, and its facts are written inside its scope.
    with transaction.atomic():
        council = _establish(pack)
        with councils.scope(council), ledger.transaction():
            _put(pack, actor, now, demo_password, demo_second_step)
            return _publish_services(council, pack.services, actor, now, undo=undo)


@contextmanager
def foretelling(folder: Path, *, undo: bool) -> Iterator[list[Decision]]:
    """What would become of each service, in the scope of the pack's council if that is there yet.

    Raises `NoPackThere`, `NotPublished`.
    """
    pack = read_or_refuse(folder)
    council = next((one for one in councils.all_councils() if one.slug == pack.council.council), None)
    if council is None:
        yield [
            Decision(slug=slug, change="new", number=1, source=each) for slug, each in pack.services.items()
        ]
        return
    with councils.scope(council):
        yield list(decide_all(pack.services, undo=undo))


def read_or_refuse(folder: Path) -> Pack:
    """A whole pack with no mistake in it. Raises `NoPackThere`, `NotPublished`."""
    try:
        reading = read_pack(folder)
    except NotAPack:
        raise NoPackThere(folder=folder) from None
    if reading.pack is None:
        raise NotPublished(tuple(reading.mistakes))
    return reading.pack


def _establish(pack: Pack) -> councils.CouncilView:
    said = pack.council
    return councils.establish(
        slug=said.council,
        name=said.name,
        hosts=said.hosts,
        division=said.division,
        contact_email=said.contact,
        look={"colour": said.look.colour} if said.look.colour else {},
        shows=said.shows.named,
    )


def _put(
    pack: Pack, actor: Ref, now: datetime, demo_password: str, demo_second_step: Collection[str]
) -> None:
    people.put_teams(pack.people.teams, now=now, actor=actor)
    people.put_officers(
        [each.placed(slug) for slug, each in pack.people.officers.items()],
        now=now,
        actor=actor,
        demo_password=demo_password,
        demo_second_step=demo_second_step,
    )
    strategy.put_outline(pack.statements, layers=pack.layers, now=now)
    strategy.put_past(pack.past)
    strategy.put_figures(pack.figures)
    places.put_wards(pack.council.wards)
    places.put_rounds(pack.rounds)
    places.put_addresses(pack.addresses)
    for file, said in pack.files:
        file.put(said, now=now)


def _publish_services(
    council: councils.CouncilView,
    services: Mapping[str, Source],
    actor: Ref,
    now: datetime,
    *,
    undo: bool,
) -> Report:
    # Whoever publishes at the same moment waits at the council's own row: what is decided still holds.
    decisions = list(decide_all(services, undo=undo))
    undone = undone_by(decisions)
    if undone:
        raise WouldUndo(undone)
    for decision in decisions:
        _carry_out(decision, actor, now)
    _be_careful(actor, now)
    offers_change()
    return Report(
        council=council,
        changes={each.slug: each.change for each in decisions},
        versions={each.slug: each.number for each in decisions if each.change != "withdrawn"},
    )


def undone_by(decisions: Iterable[Decision]) -> dict[str, tuple[Part, ...]]:
    """What of the desk's would be undone, service by service."""
    return {each.slug: differences(each) for each in decisions if each.change == "undone"}


def differences(decision: Decision) -> tuple[Part, ...]:
    """In words, what would be different from the newest version; nothing where that stays."""
    if decision.newest is None or decision.source is None or decision.change not in {"changed", "undone"}:
        return ()
    return compare(definition_of(decision.newest), decision.source.definition)


def publish_one(slug: str, source: Source, actor: Ref, now: datetime) -> int:
    """Publish one service, inside a transaction and a council's scope. Returns its version's number."""
    offered = Offer.objects.filter(slug=slug).exists()
    decision = decide(slug, source, offered=offered, from_desk=True)
    _carry_out(decision, actor, now)
    _be_careful(actor, now)
    offers_change()
    return decision.number


def _be_careful(actor: Ref, now: datetime) -> None:
    """Whoever reads what a service asks, as it is offered by now, needs what its class asks of them."""
    careful: set[str] = set()
    for offer in Offer.objects.select_related("version"):
        said = definition_of(offer.version)
        if information.control(said.information_class).second_step:
            careful.add(said.owner)
            for item in said.journey:
                careful.update(installed()[item.word].readers(item.options))
    people.put_careful(careful, now=now, actor=actor)


def _carry_out(decision: Decision, actor: Ref, now: datetime) -> None:
    """Do what was decided; nothing for a service that stays as it is."""
    if decision.change == "withdrawn":
        _withdraw(decision, actor, now)
    elif decision.source and decision.change in {"new", "changed"}:
        version = Version.objects.create(
            slug=decision.slug,
            number=decision.number,
            title=decision.source.definition.title,
            source=decision.source.text,
            digest=digest(decision.source.text),
            published_at=now,
            published_by=str(actor),
        )
        _offer(version, decision.newest, actor, now)
    elif decision.newest and decision.change == "again":
        _offer(decision.newest, None, actor, now)


def _offer(version: Version, before: Version | None, actor: Ref, now: datetime) -> None:
    """Offer a version from now on. ``before`` is the one it follows, if it was just made."""
    Offer.objects.update_or_create(slug=version.slug, defaults={"version": version})
    fact = ServicePublished(number=version.number, digest=version.digest)
    ledger.record(fact, subject=Ref("service", version.slug), actor=actor, now=now)
    _hang(version, _said(definition_of(before)) if before else "", now)
    _run_on(version.slug, definition_of(version).runs_on, now)


def _withdraw(decision: Decision, actor: Ref, now: datetime) -> None:
    fact = ServiceWithdrawn(number=decision.number)
    ledger.record(fact, subject=Ref("service", decision.slug), actor=actor, now=now)
    strategy.unhang(slug=decision.slug, on=local_day(now))
    _run_on(decision.slug, (), now)
    Offer.objects.filter(slug=decision.slug).delete()


def _run_on(service: str, technologies: Sequence[str], now: datetime) -> None:
    """Say what a service runs on: in the register, and in the strategy, where that has the service's why."""
    before = technology.uses().get(service, [])
    technology.put_uses(service=service, technologies=technologies, now=now)
    users: dict[str, set[str]] = {slug: set() for slug in before}
    for each, runs_on in technology.uses().items():
        for slug in runs_on:
            users.setdefault(slug, set()).add(each)
    for slug in {*before, *technologies} & users.keys():
        _hang_technology(technology.get_technology(slug), users[slug], now)


def _hang_technology(entry: technology.Entry, users: Collection[str], now: datetime) -> None:
    strategy.hang_technology(
        strategy.Technology(
            slug=entry.slug,
            title=entry.title,
            owner=entry.owner,
            text=f"{entry.title}\n{entry.what}",
            used_by=frozenset(users),
        ),
        on=local_day(now),
    )


def write_register(
    *, entries: Sequence[technology.Entry], by: Ref, now: datetime, over: Mapping[str, str] | None = None
) -> int:
    """Write technologies into the register; those that services run on are called so in the strategy too.
    ``over``, and what is raised: see `technology.write_entries`.
    """
    with ledger.transaction():
        changed = technology.write_entries(entries, by=by, now=now, over=over)
        run_by = technology.uses()
        for entry in entries:
            if users := {service for service, on in run_by.items() if entry.slug in on}:
                _hang_technology(entry, users, now)
        return changed


def _said(definition: Definition) -> str:
    """What a service is, in the words that people read before they begin."""
    return f"{definition.title}\n{definition.summary}\n{definition.before}"


def _hang(version: Version, before: str, now: datetime) -> None:
    """The service into the strategy, under its why: nobody has to draw that."""
    definition = definition_of(version)
    words = {item.word for item in definition.journey}
    strategy.hang(
        strategy.Offered(
            slug=version.slug,
            number=version.number,
            title=definition.title,
            owner=definition.owner,
            serves=definition.why,
            uses=frozenset(word for word in words if not is_own(word)),
            text=_said(definition),
            before=before,
        ),
        on=local_day(now),
    )
