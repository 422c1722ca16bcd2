"""The door to cases: see it through.

1. A submission opens a case (`open_case`, through the capability in `cases.step`).
2. An officer finds it: `inbox`, `search`, `get_case`, `timeline`, `notes`, `messages`; a program,
   `changed`. `possible`: what can be done.
3. They work it: `take`, `hand_over`, `note`, `message`, `set_due`, `extend`, and `act` for what the
   definition allows. `tasks` are pieces of it (`add_to_case`, `give_task`, `end`); `link` ties cases;
   `together` does the same with several. `alone_with` first, where it matters what it is before.
4. Work no case asked for, such as a message that can't be delivered, is `raise_task`;
   `settle_tasks` ends it where something else has settled it.
5. The resident sees `told`, `next_step` and `correspondence`, and writes back: `reply`.
6. Long after, `forget` erases what is personal, unless there is a legal hold on it:
   `place_legal_hold`, `lift_legal_hold`.

Who may see a case is decided in one place (`Cases.visible_to`); what is not for somebody is refused as if it
were not there.
"""

from __future__ import annotations

from vestry.cases.api.allowing import get_action, get_extension, possible
from vestry.cases.api.finding import (
    answers,
    answers_given,
    get_case,
    inbox,
    message_text,
    messages,
    notes,
    services_with_cases,
)
from vestry.cases.api.forgetting import forget, forgotten, lift_legal_hold, place_legal_hold, standing
from vestry.cases.api.linking import Itself, LinkedAlready, PartOfAPart, link, links, open_parts, unlink
from vestry.cases.api.listing import Changed, ChangedPage, changed
from vestry.cases.api.opening import Origin, open_case
from vestry.cases.api.paging import NotAPlace
from vestry.cases.api.residents import correspondence, do, exists, follow, next_step, reply, theirs_to_do
from vestry.cases.api.searching import search
from vestry.cases.api.several import PossibleTogether, Shared, possible_together, together
from vestry.cases.api.tasking import (
    NoSuchTask,
    TaskEnded,
    add_to_case,
    alone_with_task,
    end,
    get_task,
    give_task,
    raise_task,
    settle_tasks,
    tasks,
    tasks_of,
)
from vestry.cases.api.timelines import timeline, told
from vestry.cases.api.views import (
    ActionView,
    AlreadyTaken,
    AnswerView,
    Barred,
    CannotForget,
    CaseClosed,
    CaseForgotten,
    CaseView,
    ExtensionView,
    Filters,
    HeldUp,
    InboxPage,
    Line,
    LinkView,
    MessageView,
    Next,
    NobodyThere,
    NoSuchCase,
    NotADueDate,
    NotAnswered,
    NoteView,
    NothingWritten,
    NotNow,
    NotPossible,
    NotYours,
    Possible,
    TakesNoMessage,
    TaskPage,
    TaskView,
    Tried,
    WrittenTooLong,
)
from vestry.cases.api.working import (
    act,
    alone_with,
    extend,
    hand_over,
    is_done,
    is_extended,
    is_handed_over,
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
    "Barred",
    "CannotForget",
    "CaseClosed",
    "CaseForgotten",
    "CaseView",
    "Changed",
    "ChangedPage",
    "ExtensionView",
    "Filters",
    "HeldUp",
    "InboxPage",
    "Itself",
    "Line",
    "LinkView",
    "LinkedAlready",
    "MessageView",
    "Next",
    "NoSuchCase",
    "NoSuchTask",
    "NobodyThere",
    "NotADueDate",
    "NotAPlace",
    "NotAnswered",
    "NotNow",
    "NotPossible",
    "NotYours",
    "NoteView",
    "NothingWritten",
    "Origin",
    "PartOfAPart",
    "Possible",
    "PossibleTogether",
    "Shared",
    "TakesNoMessage",
    "TaskEnded",
    "TaskPage",
    "TaskView",
    "Tried",
    "WrittenTooLong",
    "act",
    "add_to_case",
    "alone_with",
    "alone_with_task",
    "answers",
    "answers_given",
    "changed",
    "correspondence",
    "do",
    "end",
    "exists",
    "extend",
    "follow",
    "forget",
    "forgotten",
    "get_action",
    "get_case",
    "get_extension",
    "get_task",
    "give_task",
    "hand_over",
    "inbox",
    "is_done",
    "is_extended",
    "is_handed_over",
    "lift_legal_hold",
    "link",
    "links",
    "message",
    "message_text",
    "messages",
    "next_step",
    "note",
    "notes",
    "open_case",
    "open_parts",
    "place_legal_hold",
    "possible",
    "possible_together",
    "raise_task",
    "reply",
    "resident_of",
    "search",
    "services_with_cases",
    "set_due",
    "settle_tasks",
    "standing",
    "take",
    "tasks",
    "tasks_of",
    "theirs_to_do",
    "timeline",
    "together",
    "told",
    "unlink",
]
