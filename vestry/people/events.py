"""What the people room states. The subject is the officer, the team, or the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vestry.kernel import Fact, mark

_PRIVACY = (
    "Short names of teams and officers, roles, kinds of second step and numbers; never an email, a device or "
    "an address."
)


@dataclass(frozen=True, kw_only=True)
class TeamMade(Fact):
    """There is a team, newly or again. ``second_step``: its officers need one to sign in."""

    name = "people.team_made"
    sentence = mark("{actor} made this team.")
    privacy = _PRIVACY

    second_step: bool


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Fact):
    """From now on the officers of a team need a second step to sign in, or no longer."""

    name = "people.team_changed"
    sentence = mark("{actor} changed how the officers of this team sign in.")
    privacy = _PRIVACY

    second_step: bool


@dataclass(frozen=True, kw_only=True)
class TeamClosed(Fact):
    """There is no such team any more. It stays in the books, because old cases name it."""

    name = "people.team_closed"
    sentence = mark("{actor} closed this team.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class OfficerPlaced(Fact):
    """An officer has a place in the council: newly, again, or another account opens it. Roles come apart.

    ``account``: the number of the account that opens it.
    """

    name = "people.officer_placed"
    sentence = mark("{actor} gave this officer a place in the council.")
    privacy = _PRIVACY

    account: int


@dataclass(frozen=True, kw_only=True)
class OfficerLeft(Fact):
    """The council names this officer no more: they may nothing. What they held stays in the books."""

    name = "people.officer_left"
    sentence = mark("{actor} no longer names this officer: they may nothing any more.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Fact):
    """An officer was given a role in a team; without one, for the whole council."""

    name = "people.role_given"
    sentence = mark("{actor} gave this officer the role {role}.")
    privacy = _PRIVACY

    role: str
    team: str


@dataclass(frozen=True, kw_only=True)
class RoleTaken(Fact):
    """A role was taken from an officer, in a team or for the whole council."""

    name = "people.role_taken"
    sentence = mark("{actor} took the role {role} from this officer.")
    privacy = _PRIVACY

    role: str
    team: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    """An officer signed in. ``second``: ``totp``, ``webauthn``, ``recovery_codes``, or none of them."""

    name = "people.signed_in"
    sentence = mark("{actor} signed in.")
    privacy = _PRIVACY

    second: str


@dataclass(frozen=True, kw_only=True)
class SignInLocked(Fact):
    """Somebody tried too many wrong passwords or codes, so an officer can't sign in for five minutes."""

    name = "people.sign_in_locked"
    sentence = mark("Signing in was locked for a while, after too many tries.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    """An officer made a new password through the link they were sent. Their other sessions ended with it."""

    name = "people.password_changed"
    sentence = mark("{actor} made a new password.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class SecondStepAdded(Fact):
    """An officer added a second step to signing in."""

    name = "people.second_step_added"
    sentence = mark("{actor} added a second step to signing in: {kind}.")
    privacy = _PRIVACY

    kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SecondStepRemoved(Fact):
    """A second step was taken away from an officer's signing in."""

    name = "people.second_step_removed"
    sentence = mark("{actor} removed a second step from signing in: {kind}.")
    privacy = _PRIVACY

    kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Fact):
    """Sessions of an officer were ended before their time, by themselves or by whoever looks after Vestry."""

    name = "people.sessions_ended"
    sentence = mark("{actor} ended {count} sessions.")
    privacy = _PRIVACY

    count: int


@dataclass(frozen=True, kw_only=True)
class OfficerStopped(Fact):
    """An officer can't sign in any more; every session of theirs ended in the same moment."""

    name = "people.officer_stopped"
    sentence = mark("{actor} stopped this officer from signing in.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class OfficerAllowed(Fact):
    """An officer who was stopped may sign in again."""

    name = "people.officer_allowed"
    sentence = mark("{actor} allowed this officer to sign in again.")
    privacy = _PRIVACY


@dataclass(frozen=True, kw_only=True)
class OfficerRefused(Fact):
    """An officer came to what is not there, or is not for them: they are not told which, and nor is this.

    Of those within an hour at one kind of page, the 1st, 10th, 100th and so on are stated.
    """

    name = "people.officer_refused"
    sentence = mark("{actor} was refused: nothing is there for them at {address}.")
    privacy = "Names a kind of page of the desk; not what was looked for there."

    address: str
    """The kind of page: ``desk:case``."""
    count: int
    """Which one within the hour it was."""


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact):
    """A program was given a key."""

    name = "people.key_made"
    sentence = mark("{actor} made a key for a program. It begins with {prefix} and is good until {expires}.")
    privacy = "What a program may, and what its key begins with; never the key, never a person."

    prefix: str
    held: list[list[str]]
    scopes: list[str]
    expires: date


@dataclass(frozen=True, kw_only=True)
class KeyTakenBack(Fact):
    """A program's key opens nothing any more."""

    name = "people.key_taken_back"
    sentence = mark("{actor} took back the key that begins with {prefix}.")
    privacy = "What a program may, and what its key begins with; never the key, never a person."

    prefix: str


@dataclass(frozen=True, kw_only=True)
class ClientRefused(Fact):
    """A program asked for what is not for it, or what cannot be done now.

    Of those within an hour at one address, the 1st, 10th, 100th and so on are stated.
    """

    name = "people.client_refused"
    sentence = mark("A program was refused: {problem}, at {address}.")
    privacy = "Names an address of the API without what was asked for there, and a kind of problem."

    address: str
    problem: str
    count: int
    """Which one within the hour it was."""
