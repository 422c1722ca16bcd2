"""The door to technology: what the council buys, renews and builds, and whether it should.

1. A pack fills the register (`put_entries`), a table (`read_table`) or an officer (`write_entries`); a
   service says what it runs on (`put_uses`).
2. Somebody begins an assessment (`begin`); what is asked depends on the case (`asked`).
3. Evidence comes in: an officer's `answer`, what a port saw (`take_run`), a supplier's answers
   (`read_claims`, `read_answers`, then `take_claims`), which stand `beside` what is known otherwise
   (`disagreements`).
4. `ask_look` has the worker look at it (`claim_look`, `tell_look`, `end_look`). All of it stays `evidence`,
   which `check_evidence` and `kept_file` hold against its hash.
5. `get_stand` says how it stands on a day, `stands` all of them. The council's own services answer for
   themselves, too (`Offered`): `service_stand`, `service_stands`; `foreseen_stand` on what is `foreseen`.
6. It is decided (`allowed`, `decide`), or waived first: `ask_waiver` by one, `settle_waiver` by another.
7. Each minute `fall_due` ends waivers and makes due what has to be looked at again; `take_reminders` says
   whose contract can be ended soon, once each. `make_calendar` gives a secret link to the days that matter.
"""

from vestry.technology.api.assessing import answer, begin, known_already, take_run
from vestry.technology.api.claims import (
    Beside,
    ReadClaims,
    beside,
    disagreements,
    read_answers,
    read_claims,
    take_claims,
)
from vestry.technology.api.data import questions, rubrics
from vestry.technology.api.deciding import (
    Deciding,
    Waiving,
    allowed,
    ask_waiver,
    decide,
    digest_of,
    fall_due,
    rests_on,
    settle_waiver,
)
from vestry.technology.api.evidence import (
    Checked,
    File,
    Known,
    check_evidence,
    check_files,
    evidence,
    kept_file,
)
from vestry.technology.api.history import Granted, History, Told, put_history, unknown_criteria
from vestry.technology.api.looks import (
    Look,
    ask_look,
    claim_look,
    end_look,
    fail_look,
    last_look,
    looks,
    tell_look,
)
from vestry.technology.api.offered import (
    Answer,
    Footing,
    Offered,
    ServiceStand,
    ServiceWord,
    foreseen,
    foreseen_stand,
    service_stand,
    service_stands,
)
from vestry.technology.api.refusals import (
    EvidenceChanged,
    LookingAlready,
    NoSourceGiven,
    NoSuchCalendar,
    NoSuchEvidence,
    NoSuchSupplier,
    NoSuchTechnology,
    NotAnAddress,
    NotPossibleNow,
    OpenAlready,
    WrittenMeanwhile,
)
from vestry.technology.api.register import (
    Contract,
    Entry,
    get_technology,
    given_already,
    name_for,
    put_entries,
    put_uses,
    slugs,
    technologies,
    uses,
    write_entries,
)
from vestry.technology.api.renewing import (
    Day,
    Reminder,
    as_calendar,
    calendar_of,
    calendars,
    days_of,
    end_calendar,
    make_calendar,
    take_reminders,
)
from vestry.technology.api.seen import Glance, glance
from vestry.technology.api.standing import (
    Decision,
    Stand,
    WaiverView,
    barred,
    decisions,
    get_stand,
    stands,
)
from vestry.technology.api.suppliers import Supplied, Supplier, get_supplier, supplier_key, suppliers
from vestry.technology.api.table import Difference, Table, WrongCell, compared, read_table, written_table
from vestry.technology.api.writing import as_csv, as_json
from vestry.technology.ports import NotAJourney, Verdict
from vestry.technology.rules.claims import Claim, Meaning
from vestry.technology.rules.criteria import (
    CLASSES,
    KINDS,
    PRINCIPLES,
    USERS,
    Case,
    Criterion,
    Principle,
    Rubrics,
)
from vestry.technology.rules.criteria import asked as _asked
from vestry.technology.rules.steps import LADDER, Step
from vestry.technology.rules.table import EARLIEST, LATEST
from vestry.technology.rules.waivers import REASONS

__all__ = [
    "CLASSES",
    "EARLIEST",
    "KINDS",
    "LADDER",
    "LATEST",
    "PRINCIPLES",
    "REASONS",
    "USERS",
    "Answer",
    "Beside",
    "Case",
    "Checked",
    "Claim",
    "Contract",
    "Criterion",
    "Day",
    "Deciding",
    "Decision",
    "Difference",
    "Entry",
    "EvidenceChanged",
    "File",
    "Footing",
    "Glance",
    "Granted",
    "History",
    "Known",
    "Look",
    "LookingAlready",
    "Meaning",
    "NoSourceGiven",
    "NoSuchCalendar",
    "NoSuchEvidence",
    "NoSuchSupplier",
    "NoSuchTechnology",
    "NotAJourney",
    "NotAnAddress",
    "NotPossibleNow",
    "Offered",
    "OpenAlready",
    "Principle",
    "ReadClaims",
    "Reminder",
    "Rubrics",
    "ServiceStand",
    "ServiceWord",
    "Stand",
    "Step",
    "Supplied",
    "Supplier",
    "Table",
    "Told",
    "Verdict",
    "WaiverView",
    "Waiving",
    "WrittenMeanwhile",
    "WrongCell",
    "allowed",
    "answer",
    "as_calendar",
    "as_csv",
    "as_json",
    "ask_look",
    "ask_waiver",
    "asked",
    "barred",
    "begin",
    "beside",
    "calendar_of",
    "calendars",
    "check_evidence",
    "check_files",
    "claim_look",
    "compared",
    "days_of",
    "decide",
    "decisions",
    "digest_of",
    "disagreements",
    "end_calendar",
    "end_look",
    "evidence",
    "fail_look",
    "fall_due",
    "foreseen",
    "foreseen_stand",
    "get_stand",
    "get_supplier",
    "get_technology",
    "given_already",
    "glance",
    "kept_file",
    "known_already",
    "last_look",
    "looks",
    "make_calendar",
    "name_for",
    "put_entries",
    "put_history",
    "put_uses",
    "questions",
    "read_answers",
    "read_claims",
    "read_table",
    "rests_on",
    "rubrics",
    "service_stand",
    "service_stands",
    "settle_waiver",
    "slugs",
    "stands",
    "supplier_key",
    "suppliers",
    "take_claims",
    "take_reminders",
    "take_run",
    "technologies",
    "tell_look",
    "unknown_criteria",
    "uses",
    "write_entries",
    "written_table",
]


def asked(case: Case) -> list[Criterion]:
    """What is asked of a case by the criteria as they are now."""
    return _asked(case, rubrics())
