"""Definitions written at the desk: kept, checked, compared, tried, and published like any other.

A draft and a pack on disk are two ways to the same thing, a published version. The newest text that was
published holds; a pack that would take something back says so first (`_publishing`).

A draft is a team's: the one that owns the service, or the one its text names. Whoever may write services for
another team finds it nowhere.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from vestry.councils import api as councils
from vestry.kernel import Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.places import api as places
from vestry.services.api._affected import Affected, affected_by
from vestry.services.api._principles import others, stand_of
from vestry.services.api._publishing import NotPublished, publish_one
from vestry.services.api._versions import NoSuchService, definition_of, latest
from vestry.services.definition import capabilities
from vestry.services.definition.check import Checked, check_text
from vestry.services.definition.comparing import Part, compare
from vestry.services.definition.language import Definition
from vestry.services.definition.mistakes import Mistake
from vestry.services.definition.principles import Other, left_unsaid, other
from vestry.services.definition.reading import LONGEST, NotReadable, read_yaml
from vestry.services.models import Draft, Offer, Version
from vestry.services.packs.reading import Source
from vestry.strategy import api as strategy
from vestry.technology import api as technology


class NoSuchDraft(Refused):
    """There is no such draft. Somebody may have published it, or deleted it."""


class KeptMeanwhile(Refused):
    """{who} changed this draft after you opened it. What you see is yours: keep it, and theirs is gone."""

    def __init__(self, who: str, edition: int) -> None:
        self.edition = edition
        super().__init__(who=who)


class PublishedMeanwhile(Refused):
    """Another version was published after you looked. See what would be different now."""


class NotYours(Refused):
    """Only somebody who may publish for the team that owns this service can do this."""


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft. ``mistakes`` keep it from being published; the rest is there when there are none.

    ``changes`` says in words what is different from the version that is offered, part by part; ``current`` is
    that version's number, 0 when there is none. ``affected`` says how many people are mid-journey.
    """

    id: int
    slug: str
    title: str
    edition: int
    begun_from: int
    kept_by: Ref
    kept_at: datetime
    text: str = ""
    mistakes: tuple[Mistake, ...] = ()
    owner: str = ""
    current: int = 0
    changes: tuple[Part, ...] = ()
    affected: Affected | None = None
    stand: technology.ServiceStand | None = None
    """How it would stand against the six principles."""

    @property
    def ready(self) -> bool:
        """Whether it could be published as it is."""
        return not self.mistakes


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """A published version: who published it, and what was different in it from the one before."""

    number: int
    published_at: datetime
    published_by: Ref
    changes: tuple[Part, ...]


def begin_draft(*, service: str = "", officer: people.OfficerView, now: datetime, form: str = "") -> int:
    """Begin a draft from what is offered now, or with an empty page. The same ``form`` begins one.

    Raises `NoSuchService` alike for a service another team owns.
    """
    version = latest(service) if service else None
    said = definition_of(version) if version else None
    if said and said.owner not in people.reach(officer, "services.draft"):
        raise NoSuchService
    once = hashlib.sha256(f"{service} {form or uuid.uuid4().hex}".encode()).hexdigest()
    begun = {
        "slug": said.service if said else "",
        "title": said.title if said else "",
        "owner": said.owner if said else "",
        "text": version.source if version else "",
        "begun_from": version.number if version else 0,
        "kept_by": str(officer.ref),
        "kept_at": now,
    }
    row, _new = Draft.objects.get_or_create(begun_by=str(officer.ref), form=once, defaults=begun)
    return int(row.pk)


def keep_draft(*, draft: int, text: str, edition: int, officer: people.OfficerView, now: datetime) -> None:
    """Keep what was written, right or wrong. Raises `NoSuchDraft`, `KeptMeanwhile`."""
    with ledger.transaction():
        row = find(draft, officer, lock=True)
        if row.edition != edition:
            who = people.officer_name(Ref.read(row.kept_by)) or row.kept_by
            raise KeptMeanwhile(who, row.edition)
        row.text = text.replace("\r\n", "\n").replace("\x00", "")[: LONGEST + 1]
        said = _heading(row.text)
        row.slug, row.title = said["service"][:60], said["title"][:200]
        # Of a new service the text says whose it is, as far as its writer reaches.
        if not row.begun_from and said["owner"] in people.reach(officer, "services.draft"):
            row.owner = said["owner"][:80]
        row.edition += 1
        row.kept_by, row.kept_at = str(officer.ref), now
        row.save()


def drop_draft(*, draft: int, officer: people.OfficerView) -> None:
    """Throw a draft away. Raises `NoSuchDraft`."""
    find(draft, officer).delete()


def drafts(*, officer: people.OfficerView) -> list[DraftView]:
    """The drafts of an officer's teams, the one last written in first; without what is in their text."""
    return [_plain(row) for row in _within(officer).order_by("-kept_at", "-pk").defer("text")]


def get_draft(*, draft: int, officer: people.OfficerView, now: datetime) -> DraftView:
    """A draft, and what it would come to. Raises `NoSuchDraft`."""
    row = find(draft, officer)
    checked = check(row)
    plain = replace(_plain(row), text=row.text)
    if checked.definition is None:
        return replace(plain, mistakes=checked.mistakes)
    said = checked.definition
    offered = Offer.objects.select_related("version").filter(slug=said.service).first()
    return replace(
        plain,
        owner=said.owner,
        current=offered.version.number if offered else 0,
        changes=compare(definition_of(offered.version), said) if offered else (),
        affected=affected_by(text=row.text, definition=said, now=now),
        stand=stand_of(said, local_day(now)),
    )


def publish_draft(*, draft: int, edition: int, over: int, officer: people.OfficerView, now: datetime) -> int:
    """Publish a draft as somebody saw it, over the version they saw it beside. Returns the new number.

    Raises `NoSuchDraft`, `NotPublished`, `NotYours`, `KeptMeanwhile`, `PublishedMeanwhile`.
    """
    with ledger.transaction():
        # A pack that is being published at this moment is waited for: it may be the newer text.
        councils.one_at_a_time()
        row = find(draft, officer, lock=True)
        checked = check(row)
        if checked.definition is None:
            raise NotPublished(checked.mistakes)
        said = checked.definition
        if not may_publish(officer, said.owner) or not _owned(officer, said.service):
            raise NotYours
        if row.edition != edition:
            raise KeptMeanwhile(people.officer_name(Ref.read(row.kept_by)) or row.kept_by, row.edition)
        offered = Offer.objects.select_related("version").filter(slug=said.service).first()
        if over != (offered.version.number if offered else 0):
            raise PublishedMeanwhile
        version = publish_one(said.service, Source(text=row.text, definition=said), officer.ref, now)
        row.delete()
    return version


def may_publish(officer: people.OfficerView, owner: str) -> bool:
    """Whether an officer may publish for a team."""
    return owner in people.reach(officer, "services.publish")


def _owned(officer: people.OfficerView, service: str) -> bool:
    """Nobody takes another team's service over by naming their own as its owner."""
    # The newest version, offered or not: people may still be in the middle of one that was withdrawn.
    newest = Version.objects.filter(slug=service).order_by("-number").first()
    return newest is None or may_publish(officer, definition_of(newest).owner)


def versions(*, service: str) -> list[VersionView]:
    """Every version of a service, the newest first. Raises `NoSuchService`."""
    found, before = [], None
    for version in Version.objects.filter(slug=service).order_by("number"):
        said = definition_of(version)
        found.append(
            VersionView(
                number=version.number,
                published_at=version.published_at,
                published_by=Ref.read(version.published_by),
                changes=compare(before, said) if before else (),
            )
        )
        before = said
    if not found:
        raise NoSuchService
    return found[::-1]


def _within(officer: people.OfficerView) -> QuerySet[Draft]:
    """The drafts somebody may write in: their teams', and what they began and is no team's yet."""
    teams = people.reach(officer, "services.draft")
    if teams.every:
        return Draft.objects.all()
    mine = Q(owner="", begun_by=str(officer.ref)) if teams else Q(pk__in=())
    return Draft.objects.filter(Q(owner__in=teams.some) | mine)


def find(draft: int, officer: people.OfficerView, *, lock: bool = False) -> Draft:
    """The row of a draft. Raises `NoSuchDraft` alike for one that isn't there and another team's."""
    rows = _within(officer).select_for_update() if lock else _within(officer)
    row = rows.filter(pk=draft).first()
    if row is None:
        raise NoSuchDraft
    return row


def check(row: Draft) -> Checked:
    """A draft held against what the council has."""
    known = {
        "roles": frozenset(people.ROLES),
        "teams": frozenset(team.slug for team in people.teams()),
        "statements": strategy.slugs(),
        "schedules": frozenset(places.schedules()),
        **{kind: names for file in capabilities.pack_files() for kind, names in file.known().items()},
        "services": frozenset(Offer.objects.values_list("slug", flat=True))
        | frozenset(filter(None, Draft.objects.values_list("slug", flat=True))),
    }
    file = f"{row.slug or 'service'}.yaml"
    checked = check_text(row.text, file, known)
    if checked.definition is None:
        return checked
    problems = list(left_unsaid(checked.definition, _others(checked.definition)))
    if not problems:
        return checked
    tree = read_yaml(row.text, file)
    mistakes = tuple(tree.mistake(each.path, each.what, each.instead, key=True) for each in problems)
    return Checked(definition=None, mistakes=mistakes)


def _others(said: Definition) -> list[Other]:
    """What may do the same as a draft. One whose number was published so is not asked once more."""
    offered = Offer.objects.select_related("version").filter(slug=said.service).first()
    before = other(definition_of(offered.version)) if offered else None
    known = before and said.standard and before.standard == (said.standard.lgsl, said.standard.lgil)
    return [] if known else others()


def _plain(row: Draft) -> DraftView:
    return DraftView(
        id=row.pk,
        slug=row.slug,
        title=row.title or row.slug,
        edition=row.edition,
        begun_from=row.begun_from,
        kept_by=Ref.read(row.kept_by),
        kept_at=row.kept_at,
    )


def _heading(text: str) -> dict[str, str]:
    """What the heading says, whatever else may be wrong with the text."""
    words = ("service", "title", "owner")
    try:
        tree = read_yaml(text, "")
    except NotReadable:
        return dict.fromkeys(words, "")
    said = {word: tree.at((word,)) for word in words}
    return {word: each if isinstance(each, str) else "" for word, each in said.items()}
