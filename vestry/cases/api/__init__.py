"""The door to cases: see it through.

1. A submission opens a case (`open_case`, through the capability in `cases.step`).
2. An officer finds it: `inbox`, `get_case`, `timeline`, `notes`, `messages`. `possible`: what can be done.
3. They work it: `take`, `hand_over`, `note`, `message`, `set_due`, and `act` for what the definition allows.
4. The resident sees `told`, `next_step` and `correspondence`, and writes back: `reply`.

Who may see a case is decided in one place (`Cases.visible_to`); what is not for somebody is refused as if it
were not there.
"""

from __future__ import annotations

from vestry.cases.api.finding import (
    answers,
    answers_given,
    get_action,
    get_case,
    inbox,
    message_text,
    messages,
    notes,
    possible,
    services_with_cases,
)
from vestry.cases.api.opening import Origin, open_case
from vestry.cases.api.residents import correspondence, exists, next_step, reply
from vestry.cases.api.timelines import timeline, told
from vestry.cases.api.views import (
    ActionView,
    AlreadyTaken,
    AnswerView,
    CaseClosed,
    CaseView,
    Filters,
    InboxPage,
    Line,
    MessageView,
    Next,
    NobodyThere,
    NoSuchCase,
    NotAnswered,
    NoteView,
    NothingWritten,
    NotNow,
    NotPossible,
    NotYours,
    Possible,
    WrittenTooLong,
)
from vestry.cases.api.working import (
    NotADueDate,
    act,
    hand_over,
    is_done,
    message,
    note,
    resident_of,
    set_due,
    take,
)

__all__ = [
    "ActionView",
    "AlreadyTaken",
    "AnswerView",
    "CaseClosed",
    "CaseView",
    "Filters",
    "InboxPage",
    "Line",
    "MessageView",
    "Next",
    "NoSuchCase",
    "NobodyThere",
    "NotADueDate",
    "NotAnswered",
    "NotNow",
    "NotPossible",
    "NotYours",
    "NoteView",
    "NothingWritten",
    "Origin",
    "Possible",
    "WrittenTooLong",
    "act",
    "answers",
    "answers_given",
    "correspondence",
    "exists",
    "get_action",
    "get_case",
    "hand_over",
    "inbox",
    "is_done",
    "message",
    "message_text",
    "messages",
    "next_step",
    "note",
    "notes",
    "open_case",
    "possible",
    "reply",
    "resident_of",
    "services_with_cases",
    "set_due",
    "take",
    "timeline",
    "told",
]
