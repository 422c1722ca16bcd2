"""How a capability takes part in a service: the one protocol between `services` and everything it can do.

A service definition names capabilities by their word (``report: {...}``). `services` finds the word among
the installed ones (entry points, group ``vestry.capabilities``) and from then on only speaks this protocol:

1. ``options`` says what a definition may write; its JSON Schema comes from there.
2. ``problems`` is asked when a definition is checked or published.
3. ``ask`` is asked again and again while somebody answers: a page, a stop, or nothing more to ask.
4. ``hold`` may set something aside until the end; ``release`` gives it back, and so may the clock (``due``).
   ``gives`` is what later steps may use of it before anything is confirmed: a fee, the day of what is held.
   What only another site can do before the end, such as taking money, it ``owes``: ``depart`` says where to
   go, ``look`` asks how it stands, ``settles`` names the facts that say so, ``extend`` makes what is held
   last meanwhile, and ``strand`` is told where it was settled and the end can't come all the same.
   What cannot be had now may be waited for: ``waiting`` says how, ``wait`` begins it, and ``take_waited``
   takes what came free; it is released like anything that is held.
5. ``confirm`` runs inside the submission's transaction: all capabilities confirm, or none.
6. ``show`` says on the status page and on the desk what came of it.
7. ``announces``, ``happened``, ``words`` and ``react`` serve the definition's ``on:`` rules: what may happen,
   which rules a fact sets off, what a message about it may say, and what to do. What its options say that
   it ``listens`` to, it may ``follow`` without a rule.
8. ``calls_for`` says what a person has to do because of a fact, whatever the definition says; one that
   ``takes_work`` is given it, and told when another fact ``settles_work``.
9. ``stands`` says whether something came to its end; long after, ``forget`` erases what is personal in it.

The facts of a capability begin with the name of its package: ``parking_permit.granted``.

A capability knows no service and no other capability. What it needs of the journey is in the `Visit`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Protocol

import msgspec

from vestry.design.expressions import Today
from vestry.design.questions import Question
from vestry.design.waiting import Row as Row  # noqa: PLC0414 - others find it here
from vestry.design.waiting import Taken, Waiting, Waits
from vestry.kernel import Ref, Refused


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A mistake in a definition, told to the person who wrote it.

    ``path`` leads to it from the capability's own options, such as ``("stages", "booked", "due")``.
    ``instead`` is what would be right, where that can be known.
    """

    path: tuple[str | int, ...]
    what: str
    instead: str = ""
    message: str = ""
    """The message whose text is at fault, by name; ``path`` then leads from it: ``("body",)``."""


class Template(Protocol):
    """A message as a definition writes it, with ``((words))`` to fill in."""

    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a capability may know of the definition it is part of, when it is checked."""

    service: str
    questions: Mapping[str, Question]
    """Every question asked before this step, by id."""
    words: frozenset[str]
    """Every name an expression at this place may use."""
    messages: Mapping[str, Template]
    """The definition's message templates, by name."""
    known: Mapping[str, frozenset[str]]
    """What the council has: ``teams``, ``roles``, ``statements``, ``schedules`` ..., each a set of slugs."""
    named: frozenset[str] = frozenset()
    """Everything steps let a rule name (`Capability.names`); only there for rules."""
    hopeless: Callable[[str], Iterable[tuple[str, str]]] = lambda when: ()
    """Why a condition at this place can never hold, whatever people answer: what is wrong, what instead."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One journey as a capability sees it, at one moment.

    ``said`` holds the plain answers by question id (as stored: JSON values); ``words`` the same as an
    expression sees them (dates are dates), and what earlier steps gave. ``held`` is what this capability's
    own ``hold`` returned; ``texts``, while it is submitted, what the answers say as a person reads them.
    ``today`` is the day that expressions reckon with: while it is sent, the day on which it was accepted.
    ``prefix`` is what the service's references begin with,
    ``information_class`` how carefully what it collects is held; empty counts as the most careful.
    """

    service: str
    title: str
    version: int
    journey: str
    said: Mapping[str, Any]
    words: Mapping[str, Any]
    now: datetime
    today: Today
    actor: Ref
    prefix: str = ""
    information_class: str = ""
    held: Any = None
    texts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with questions. One thing per page: most have one question."""

    questions: Sequence[Question]
    title: str = ""
    guidance: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A page that ends the journey here: why, and what to do instead. Changing an answer reopens it."""

    title: str
    reason: str
    instead: str = ""


class Stopped(Refused):
    """This can't go on with the answers as they are now."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        super().__init__(stop.reason)


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What only another site can do before this can be sent, and how it stands.

    ``state`` is ``open`` (they have to go there), ``waiting`` (they were there, and how it went is not known
    yet), ``settled``, or ``failed`` (``text`` says why; they may try again).
    """

    state: Literal["open", "waiting", "settled", "failed"]
    title: str
    """What it is, or how it went, as a heading: Your payment was declined."""
    text: str = ""
    """What to know about it, in a sentence or two."""
    action: str = ""
    """What a button says that leads there: Accept and pay £30.00."""
    rows: Sequence[Row] = ()
    """What it is made of: each thing and its price, and the sum."""
    link: str = ""
    """The last part of an address at which somebody else can settle it; empty while there is none."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom messages go to. Either may be empty: a person need not give both."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A fact that a definition reacts to, with all that a reaction may use."""

    on: str
    """The word in the definition's ``on:``, such as ``submitted`` or ``case.closed``."""
    key: str
    """The same for the same fact and rule for ever: doing it twice must come to the same as once."""
    about: Ref
    service: str
    version: int
    to: Contact
    words: Mapping[str, str]
    messages: Mapping[str, Template]
    """The version's message templates, by name."""
    now: datetime
    made: tuple[Ref, ...] = ()
    """What each step of the submission made, such as a charge."""
    opens: bool = False
    """Whether its words hold an address that is a key: a message that says it is for nobody else to read."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a person has to do because of a fact: one line that says it, and how to go about it."""

    title: str
    hint: str = ""
    team: str = ""
    """Whose it is where it is about no case; left empty, of whoever answers for the service, if it is one."""
    called: str = ""
    """What it is called by what may settle it later; empty where only a person can say that it is done."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Work that a fact settled: what it was ``called``, and a sentence that says so."""

    called: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What came of a step: words for later steps and messages, and the reference of what was made."""

    words: Mapping[str, Any] = field(default_factory=dict)
    ref: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether what came of a journey is over. ``why`` says what keeps it from being forgotten, if anything.

    ``ended_at`` is None while it goes on, or where this capability has no say in when it is over.
    """

    ended_at: datetime | None = None
    why: str = ""
    closed: bool = False
    """Whether with this all is decided: no rule for a day is told any more, whatever is still to be sent or
    done."""


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """What is to be erased: everything personal that is known under any of these names."""

    about: Collection[Ref]
    """The journey, what came of it, and what each of its steps made."""
    to: Contact
    """Whom messages about it went to."""
    actor: Ref
    now: datetime

    def keys(self, kind: str) -> list[str]:
        """The keys of one kind of reference."""
        return sorted(ref.key for ref in self.about if ref.kind == kind)


class PackFile:
    """A file that a room brings to every pack (entry points, group ``vestry.pack_files``): what the council
    has of its kind.

    Its schema is checked before it is asked anything. A `Problem` leads from the top of the file.
    """

    name: ClassVar[str]
    """What it is called: ``calendars.yaml``. A pack may do without; then there is nothing of the kind."""
    struct: ClassVar[type[msgspec.Struct]]
    """What may stand in it; with nothing in it, a struct of defaults."""
    kinds: ClassVar[tuple[str, ...]]
    """What others know its names by, in ``Outline.known``: ``calendars``."""

    def named(self, said: Any) -> Mapping[str, frozenset[str]]:
        """The names there will be, of each kind."""
        raise NotImplementedError

    def known(self) -> Mapping[str, frozenset[str]]:
        """The names there are by now in the current council, of each kind."""
        raise NotImplementedError

    def problems(self, said: Any, known: Mapping[str, frozenset[str]]) -> Iterable[Problem]:
        """What the schema cannot see. ``known`` is what the other files name, as far as they can be read."""
        return ()

    def foreseen(self, said: Any, today: date) -> Sequence[Any]:
        """What the file alone tells, before it is put anywhere, as the door of its room says it."""
        return ()

    def put(self, said: Any, *, now: datetime) -> None:
        """Make it so, inside the transaction that publishes the pack."""
        raise NotImplementedError


class Capability:
    """Base of every capability: each answer has a plain default, so that one says only what it has to say."""

    word: ClassVar[str]
    """Its name in a definition."""
    options: ClassVar[type[msgspec.Struct]]
    """What a definition may write under that name."""
    happenings: ClassVar[Mapping[str, str]] = {}
    """Fact name to the word in ``on:`` that it answers to, for the facts this capability states."""
    reacts: ClassVar[bool] = False
    """True when it may stand under ``on:``."""
    section: ClassVar[bool] = False
    """True when it is written as a section of its own, after the journey, and confirmed after its steps."""
    written: ClassVar[bool] = True
    """False when no definition says its word: it only speaks for the facts of its room."""
    settles: ClassVar[frozenset[str]] = frozenset()
    """Facts of its own after which a journey that waits may be finished: the one in whose course they are."""
    ends_waiting: ClassVar[frozenset[str]] = frozenset()
    """Facts of its own after which somebody waits no more: the one in whose journey they are."""
    moves: ClassVar[frozenset[str]] = frozenset()
    """Facts of its own after which `days` are others."""
    dated: ClassVar[bool] = False
    """True when a rule may count from the days of what it made."""
    addresses: ClassVar[frozenset[str]] = frozenset()
    """The words of its messages that are paths of pages, each of them a key."""
    takes_work: ClassVar[bool] = False
    """True when it brings work that facts call for before somebody who does it."""

    def problems(self, options: Any, outline: Outline) -> Iterable[Problem]:
        """What is wrong with these options in this definition, beyond their types."""
        return ()

    def questions(self, options: Any) -> Sequence[Question]:
        """All the questions it may ever ask, for the JSON Schema and the publish checks."""
        return ()

    def ask(self, options: Any, visit: Visit) -> Page | Stop | None:
        """The page to show now, or None when there is nothing to ask; an answered page may come again."""
        return None

    def hold(self, options: Any, visit: Visit) -> Any:
        """Set aside what was chosen; return what JSON can store. Called when its questions are answered.

        One without questions is asked when the person sends, and each time again: what it returned before is
        in ``visit.held``, and the same again must be harmless. ``{}`` and None hold nothing.
        Raise `Stopped` when there is nothing left: what was held before stays held.
        """
        return None

    def take_over(self, options: Any, visit: Visit, token: str) -> Any:
        """Make what a program held before it sent, and has a ``token`` for, what this journey holds.

        Return it as ``hold`` would, which is asked again once the answers are known; None where the token
        opens nothing of the kind.
        """
        return None

    def extend(self, options: Any, visit: Visit, until: datetime) -> Any:
        """Make what is held last until then, and take it again if it lapsed; return what is held now.

        Called inside a transaction when somebody sends and has to go to another site first. Raise `Stopped`
        when it is gone.
        """
        return visit.held

    def fits(self, options: Any, visit: Visit) -> bool:
        """Whether what is held is still what the answers before it ask for.

        Where it is not, it is given back, its own answers are taken once more, and ``hold`` comes again.
        """
        return True

    def release(self, options: Any, visit: Visit) -> None:
        """Give back what ``hold`` set aside; nothing happens when the clock was faster."""

    def gives(self, options: Any, visit: Visit) -> Mapping[str, Any]:
        """What later steps may use of it by now, under its id; for the submission ``confirm`` has the say."""
        return {}

    def owes(self, options: Any, visit: Visit) -> Elsewhere | None:
        """What only another site can do before this can be sent; None when there is nothing to settle.

        Asked on the check page (nothing held yet: ``open``), and again and again while somebody sends. Reads
        its own tables and ``visit`` only.
        """
        return None

    def depart(self, options: Any, visit: Visit, back: str) -> str:
        """The address at which to settle it, from where the person comes back to ``back``.

        Called outside any transaction, after ``hold``; may talk to that site through a port. Twice comes to
        the same as once. Raise `Stopped` when the other site is away: nothing is lost.
        """
        raise NotImplementedError

    def look(self, options: Any, visit: Visit) -> None:
        """Ask the other site how it stands and record what it says, outside any transaction.

        Called when the person is back. When the other site is away, nothing happens.
        """

    def strand(self, options: Any, visit: Visit, stop: Stop) -> None:
        """It was settled, but this can't be sent: ``stop`` says why. Called inside a transaction.

        It has to become visible work. The person may change their answers and send again, without settling it
        twice: ``owes`` goes on to say ``settled``. Until then ``release`` gives it back, as money for one.
        """

    def waiting(self, options: Any, visit: Visit) -> Waiting | None:
        """How somebody stands who waits, or would; None where nothing can be waited for."""
        return None

    def wait(self, options: Any, visit: Visit, answers: Mapping[str, Any]) -> Waits:
        """Let somebody wait, inside a transaction. ``answers`` are those to the questions of ``waiting``.

        Raise `Wrong` for what they cannot be; it is shown beside the last question.
        """
        raise NotImplementedError

    def take_waited(self, options: Any, visit: Visit, link: str) -> Taken:
        """Take what is kept for who waits, inside a transaction; again it must come to the same.

        ``link`` is that of the `Waiting` it was shown in. Raise `Stopped` where nothing is kept any more,
        or not for what the answers ask for now, or the link is that of another time they waited.
        """
        raise NotImplementedError

    def due(self, now: datetime) -> int:
        """Do what the clock asks in the current council, such as releasing holds. How much was done."""
        return 0

    def confirm(self, options: Any, visit: Visit) -> Confirmed:
        """Make it so, inside the submission's transaction. Raise `Stopped` when it can't be done any more."""
        return Confirmed()

    def show(self, options: Any, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        """What came of it, for resident and officer alike. ``confirmed`` is the words ``confirm`` gave."""
        return ()

    def announces(self, options: Any) -> Mapping[str, frozenset[str]]:
        """Every ``on:`` word its facts may answer to, each with the words ``words`` then gives a message.

        Asked at publish, so that a rule on something that never happens, or a ((word)) left empty, is told.
        """
        return dict.fromkeys(self.happenings.values(), frozenset())

    def happened(self, options: Any, fact: str, payload: Mapping[str, Any]) -> Sequence[str]:
        """The ``on:`` words this fact of its own answers to, such as ``("case.closed", "case.answered")``."""
        return (self.happenings[fact],) if fact in self.happenings else ()

    def readers(self, options: Any) -> Iterable[str]:
        """The teams that come to read what was said, besides the one that owns the service."""
        return ()

    def names(self, options: Any) -> Iterable[str]:
        """What a rule may name of this step, such as one line of what is paid."""
        return ()

    def words(self, options: Any, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """What a message about this fact of its own may say, personal details included; none is kept.

        Those in ``addresses`` are paths of our pages that are keys, ``/waiting/...``: the host is put before.
        """
        return {}

    def whom(self, options: Any, about: Ref, fact: str) -> Contact | None:
        """To whom a message about this fact of its own goes, where not to whoever sent the journey."""
        return None

    def react(self, options: Any, happening: Happening) -> None:
        """Do what the rule asks. Called at least once for each happening; must be safe to do twice."""
        raise NotImplementedError

    def listens(self, options: Any) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """The ``on:`` words it follows of its own accord, each after where its options say so."""
        return ()

    def follow(self, options: Any, happening: Happening) -> None:
        """Do what follows from one of those. ``happening.made`` is what this step made. Twice is once."""

    def calls_for(self, fact: str, payload: Mapping[str, Any]) -> Work | None:
        """What a person has to do because of this fact of its own; None when nobody has to do anything."""
        return None

    def settles_work(self, fact: str, payload: Mapping[str, Any]) -> Sequence[Settled]:
        """The work it called for that is done with by this fact of its own."""
        return ()

    def end_work(self, called: str, *, why: str, now: datetime) -> None:
        """Work that was taken is settled. ``called`` ends the key it was taken with; twice is once."""
        raise NotImplementedError

    def take_work(self, work: Work, *, about: Ref, key: str, now: datetime) -> None:
        """Bring work before somebody who does it. The same ``key`` again must come to the same as once."""
        raise NotImplementedError

    def days(self, made: Ref) -> Sequence[date]:
        """On which days what it made is, as it stands now, in order; none where it was given up."""
        return ()

    def stands(self, about: Ref) -> Standing | None:
        """Whether it is over and may be forgotten; None for what this capability knows nothing of."""
        return None

    def forget(self, forgetting: Forgetting) -> None:
        """Erase what is personal, inside a transaction. What happened stays, and counts stay true.

        Asked of every installed capability, whatever the definition says. Twice comes to the same as once.
        """
