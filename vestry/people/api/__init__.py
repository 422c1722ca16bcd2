"""The door to people: who works here, who is asking, and what they may.

1. A pack names teams and officers: `put_teams`, `put_officers`.
2. An officer signs in (`people.sign_in`); from then on `officer_of(request)` says who it is.
3. Each page says who may come: `may("cases.read")` or `public`. What a role may do stands in one table,
   `people.permissions`; `allowed` answers for a page, `reach` for the rows of a list.
4. Somebody without an account shows who they are by a code sent to them: `new_code`, `check_code`.
"""

from __future__ import annotations

from vestry.people.api.access import allowed, may, officer_of, public, reach
from vestry.people.api.codes import check_code, new_code
from vestry.people.api.forgetting import forget_expired
from vestry.people.api.officers import (
    NoSuchOfficer,
    OfficerView,
    Placement,
    TeamView,
    UnknownRole,
    UnknownTeam,
    find_officers,
    get_officer,
    officer_name,
    put_officers,
    put_teams,
    teams,
)
from vestry.people.permissions import PERMISSIONS, ROLES, Teams

__all__ = [
    "PERMISSIONS",
    "ROLES",
    "NoSuchOfficer",
    "OfficerView",
    "Placement",
    "TeamView",
    "Teams",
    "UnknownRole",
    "UnknownTeam",
    "allowed",
    "check_code",
    "find_officers",
    "forget_expired",
    "get_officer",
    "may",
    "new_code",
    "officer_name",
    "officer_of",
    "public",
    "put_officers",
    "put_teams",
    "reach",
    "teams",
]
