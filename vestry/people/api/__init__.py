"""The door to people: who works here, who is asking, and what they may.

1. A pack names teams and officers: `put_teams`, `put_officers`.
2. An officer signs in (`people.sign_in`); from then on `officer_of(request)` says who it is.
3. Each page says who may come: `may("cases.read")` or `public`. What a role may do stands in one table,
   `people.permissions`; `allowed` answers for a page, `reach` for the rows of a list.
4. A program of an officers' system comes with a key (`new_key`): `client_of` says who it is, an officer to
   every other room, and `once` does what it asks once for each key of its own.
5. Somebody without an account shows who they are by a code sent to them: `new_code`, `check_code`.
"""

from __future__ import annotations

from vestry.people.api.access import allowed, may, officer_of, public, reach, written
from vestry.people.api.clients import (
    BadKey,
    ClientView,
    KeyExpired,
    KeyMadeAlready,
    KeyReused,
    KeyView,
    NoSuchKey,
    NotAKey,
    client_keys,
    client_of,
    makers_of,
    new_key,
    once,
    state_refusal,
    take_key_back,
)
from vestry.people.api.codes import check_code, new_code
from vestry.people.api.forgetting import forget_expired
from vestry.people.api.limiting import limited, seconds, too_many, wait_for
from vestry.people.api.officers import (
    NoSuchOfficer,
    OfficerView,
    Placement,
    RoleOfNoTeam,
    TeamView,
    UnknownRole,
    UnknownTeam,
    find_officers,
    get_officer,
    officer_name,
    put_careful,
    put_officers,
    put_teams,
    teams,
)
from vestry.people.api.residents import resident_email, sign_resident_in, sign_resident_out
from vestry.people.api.second_steps import Passkey, SecondSteps, second_step_wanted, second_steps
from vestry.people.api.sessions import (
    SessionView,
    allow_officer,
    end_other_sessions,
    end_session,
    sessions_of,
    stop_officer,
)
from vestry.people.limits import LIMITS, Limit
from vestry.people.permissions import COUNCIL_ONLY, PERMISSIONS, ROLES, SCOPES, Held, Teams

__all__ = [
    "COUNCIL_ONLY",
    "LIMITS",
    "PERMISSIONS",
    "ROLES",
    "SCOPES",
    "BadKey",
    "ClientView",
    "Held",
    "KeyExpired",
    "KeyMadeAlready",
    "KeyReused",
    "KeyView",
    "Limit",
    "NoSuchKey",
    "NoSuchOfficer",
    "NotAKey",
    "OfficerView",
    "Passkey",
    "Placement",
    "RoleOfNoTeam",
    "SecondSteps",
    "SessionView",
    "TeamView",
    "Teams",
    "UnknownRole",
    "UnknownTeam",
    "allow_officer",
    "allowed",
    "check_code",
    "client_keys",
    "client_of",
    "end_other_sessions",
    "end_session",
    "find_officers",
    "forget_expired",
    "get_officer",
    "limited",
    "makers_of",
    "may",
    "new_code",
    "new_key",
    "officer_name",
    "officer_of",
    "once",
    "public",
    "put_careful",
    "put_officers",
    "put_teams",
    "reach",
    "resident_email",
    "second_step_wanted",
    "second_steps",
    "seconds",
    "sessions_of",
    "sign_resident_in",
    "sign_resident_out",
    "state_refusal",
    "stop_officer",
    "take_key_back",
    "teams",
    "too_many",
    "wait_for",
    "written",
]
