"""How the council's own services stand against the six principles on a day. See `technology.api`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from vestry.kernel import Ref
from vestry.technology.api.data import questions, rubrics
from vestry.technology.api.history import History
from vestry.technology.api.register import Entry
from vestry.technology.api.standing import Stand, case_of, pieces_of, stands, worked_out
from vestry.technology.ports import Verdict
from vestry.technology.rules import claims
from vestry.technology.rules.criteria import PRINCIPLES, Criterion, Means, asked, asked_of_service
from vestry.technology.rules.verdicts import Piece, Standing, Word, standing, word_of, words_of, worst


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a service's definition says of a criterion. ``day`` is since when: an answer grows stale."""

    criterion: str
    verdict: Verdict
    sentence: str
    day: date
    means: Means = "worked-out"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A service, as far as it matters here: what it runs on, and what its definition answers."""

    service: str
    information_class: str
    runs_on: tuple[str, ...]
    answers: tuple[Answer, ...]
    although: Mapping[str, str] = field(default_factory=dict)
    """Why it is offered all the same, by principle. It makes nothing met."""

    @property
    def ref(self) -> Ref:
        """What looks and facts call it."""
        return Ref("service", self.service)


@dataclass(frozen=True, kw_only=True)
class Footing:
    """A technology that services run on: the word of each principle, and until when which is waived."""

    slug: str
    title: str
    words: Mapping[str, Verdict]
    waived: Mapping[str, date]


@dataclass(frozen=True, kw_only=True)
class ServiceWord:
    """What is said of one principle of a service: the worst of its own word and of what it runs on."""

    principle: str
    verdict: Verdict
    own: Word
    on: tuple[Footing, ...]
    """What it runs on; where nothing is named, nobody knows what stands under it."""
    although: str = ""
    """Why it is offered all the same, where that is said."""


@dataclass(frozen=True, kw_only=True)
class ServiceStand:
    """A service on a day: its six words, and all they rest on. Nothing is added up."""

    service: str
    day: date
    criteria: tuple[Criterion, ...]
    standings: Mapping[str, Standing]
    words: tuple[ServiceWord, ...]
    on: tuple[Footing, ...]

    @property
    def unseen(self) -> list[Criterion]:
        """What only a look at its page can tell, and none has."""
        return [
            each
            for each in self.criteria
            if each.service == ("page",) and self.standings[each.id].verdict == Verdict.NOT_KNOWN
        ]

    @property
    def missing(self) -> list[Criterion]:
        """What else is wrong with it or not known of it, and what it must meet first."""
        unseen = {each.id for each in self.unseen}
        wanting = (Verdict.NOT_MET, Verdict.NOT_KNOWN, Verdict.PARTLY)
        found = [
            each
            for each in self.criteria
            if each.id not in unseen and self.standings[each.id].verdict in wanting
        ]
        return sorted(found, key=lambda each: not each.must)


def service_stand(offered: Offered, today: date) -> ServiceStand:
    """One service on a day, by its answers, by what was seen of its page, and by what it runs on."""
    return service_stands([offered], today)[0]


def service_stands(
    offered: Iterable[Offered], today: date, foreseen: Collection[Footing] = ()
) -> list[ServiceStand]:
    """Several of them. ``foreseen`` are technologies that will be in the register."""
    every = list(offered)
    used = {slug for each in every for slug in each.runs_on}
    known = {each.slug: each for each in foreseen}
    known |= {each.entry.slug: _known(each) for each in stands(today, of=used)} if used else {}
    return [foreseen_stand(each, today, known.values(), seen=tuple(pieces_of(each.ref))) for each in every]


def foreseen_stand(
    offered: Offered, today: date, known: Iterable[Footing], seen: Iterable[Piece] = ()
) -> ServiceStand:
    """A service as it would stand, with nothing looked up: ``known`` are the technologies there would be."""
    criteria = asked_of_service(offered.information_class, rubrics())
    pieces = [*seen, *(_piece(each) for each in offered.answers)]
    standings = {each.id: standing(each, pieces, today) for each in criteria}
    by_slug = {each.slug: each for each in known}
    on = tuple(by_slug.get(slug) or _unheard(slug) for slug in offered.runs_on)
    words = tuple(
        _word(principle, criteria, standings, on, offered.although.get(principle, ""))
        for principle in PRINCIPLES
    )
    return ServiceStand(
        service=offered.service,
        day=today,
        criteria=tuple(criteria),
        standings=standings,
        words=words,
        on=on,
    )


def _piece(said: Answer) -> Piece:
    return Piece(
        id=0,
        criterion=said.criterion,
        verdict=said.verdict,
        means=said.means,
        day=said.day,
        sentence=said.sentence,
    )


def _known(stand: Stand) -> Footing:
    return Footing(
        slug=stand.entry.slug,
        title=stand.entry.title,
        words={word.principle: word.verdict for word in stand.words},
        waived=stand.waived,
    )


def _unheard(slug: str) -> Footing:
    return Footing(slug=slug, title=slug, words=dict.fromkeys(PRINCIPLES, Verdict.NOT_KNOWN), waived={})


def _word(
    principle: str,
    criteria: list[Criterion],
    standings: Mapping[str, Standing],
    on: tuple[Footing, ...],
    although: str,
) -> ServiceWord:
    own = word_of(principle, criteria, standings)
    under = [each.words[principle] for each in on] or [Verdict.NOT_KNOWN]
    verdict = worst([own.verdict, *under])
    # Once it is mended, the sentence that explained it explains nothing.
    said = although if own.verdict == Verdict.NOT_MET else ""
    return ServiceWord(principle=principle, verdict=verdict, own=own, on=on, although=said)


def foreseen(entries: Iterable[Entry], histories: Mapping[str, History], today: date) -> list[Footing]:
    """How technologies would stand by what is written of them alone, before they are in any register."""
    every = list(entries)
    found = []
    for entry in every:
        history = histories.get(entry.slug, History())
        criteria = asked(case_of(entry, history.kind), rubrics())
        pieces = [*_told(history), *worked_out(entry, every, today)]
        held = {each.id: standing(each, pieces, today) for each in criteria}
        words = {word.principle: word.verdict for word in words_of(criteria, held)}
        waived = {
            each.waiver.principle: each.waiver.ends for each in history.waivers if each.waiver.ends >= today
        }
        found.append(Footing(slug=entry.slug, title=entry.title, words=words, waived=waived))
    return found


def _told(history: History) -> Iterable[Piece]:
    known = rubrics()
    for told in history.told:
        for verdict, names in told.verdicts.items():
            for name in names:
                for criterion in [name] if name in known.criteria else [each.id for each in known.of(name)]:
                    yield Piece(
                        id=0,
                        criterion=criterion,
                        verdict=Verdict(verdict),
                        means=told.means,  # type: ignore[arg-type]
                        day=told.day,
                        sentence=told.says,
                    )
    if history.claims and history.claimed_on:
        for claim in claims.read(history.claims, questions()):
            yield Piece(
                id=0,
                criterion=claim.criterion,
                verdict=claim.verdict,
                means="claimed",
                day=history.claimed_on,
                sentence=claim.answer,
                question=claim.question,
            )
