"""The door to services: what the council offers, and where somebody is in it.

1. A pack is checked (`check`) and published (`publish_pack`), all of it or none; versions never change.
   `affected` says before that what becomes of each service, how many people are mid-journey, and what it
   means for them.
2. `catalogue` and `get_service` say what is offered now, `questions_schema` what a machine may answer.
   `compare` says in words what would be different.
   At the desk a definition is written as a draft: `begin_draft`, `keep_draft`, `get_draft`; `try_at` walks
   through it; `publish_draft` brings it into use, `versions` tells what came before.
3. A journey begins with `start`; `at` says which page it is on, `answer` goes on, `leave` forgets it.
   What is full may be waited for: `waiting` says how somebody stands, `wait` and `stop_waiting`;
   `take_waited` goes on with what came free, at a new address.
4. `save` makes a link for an email, `resume` goes on by it; `carry_over` goes on with a newer version.
5. Where another site has to settle something first, such as a payment, `submit` leads there: `depart` says
   where, `look` asks how it went, `give_up` lets the answers be changed again.
   `submit` ends it in one transaction; `submit_answers` does the same for a machine, by the same rules;
   `take_file` comes before it, for a question that takes files.
6. What came of it is `shown`, without the answers `came_of`, and `contact` says whom to tell.
7. Long after its end what is personal is erased: `to_forget` says of what, `forget` does it when asked.
8. A strategy by itself is read from Markdown or YAML with its mistakes (`read_strategy`), taken in whole
   (`put_strategy`), and written (`written_strategy`).
9. `principles_of` says how a service stands against the six principles, `all_principles` each of them;
   `checked_principles` and `foretold_principles` how those of a pack would.
10. `mailbox` lists everything of one email over all services, `reopen` goes on with something saved.
"""

from vestry.services.api._affected import Affected, Midway, affected, affected_by
from vestry.services.api._comparing import Difference, compare
from vestry.services.api._deciding import Change
from vestry.services.api._drafts import (
    DraftView,
    KeptMeanwhile,
    NoSuchDraft,
    NotYours,
    PublishedMeanwhile,
    VersionView,
    begin_draft,
    drafts,
    drop_draft,
    get_draft,
    keep_draft,
    may_publish,
    publish_draft,
    versions,
)
from vestry.services.api._forgetting import Due, NothingThere, NotOver, forget, forgotten, to_forget
from vestry.services.api._journeys import answer, at, carry_over, leave, receive, start, takes_files
from vestry.services.api._mailboxes import Mailbox, Unfinished, in_mailbox, mailbox, reopen
from vestry.services.api._principles import (
    all_principles,
    checked_principles,
    foretold_principles,
    principles_of,
    told_principles,
)
from vestry.services.api._publishing import (
    NoPackThere,
    NotPublished,
    Report,
    WouldUndo,
    check,
    publish_pack,
    write_register,
)
from vestry.services.api._row import JourneyView, NoSuchJourney, texts_of
from vestry.services.api._saving import (
    NoSuchLink,
    Saved,
    TooManyLinks,
    invite,
    resume,
    save,
    state_refusal,
)
from vestry.services.api._sending import depart, give_up, look
from vestry.services.api._strategies import (
    NotAStrategy,
    put_strategy,
    read_strategy,
    written_strategy,
)
from vestry.services.api._submissions import (
    AnswerFault,
    Belongs,
    KeyReused,
    NoSuchSubmission,
    NotTaken,
    Sending,
    belongs,
    came_of,
    contact,
    file_questions,
    get_sending,
    get_submission,
    made,
    shown,
    subject_of,
    submit,
    submit_answers,
    take_file,
)
from vestry.services.api._trying import NotReady, Tried, try_answer, try_at, try_start
from vestry.services.api._versions import (
    NoSuchService,
    ServiceView,
    catalogue,
    get_service,
    questions_schema,
)
from vestry.services.api._waiting import stop_waiting, take_waited, wait, waiting
from vestry.services.api._where import AnswerRow, SentBack, Submitted, TaskRow, Where
from vestry.services.definition.comparing import Part
from vestry.services.definition.mistakes import Mistake
from vestry.services.definition.schema import service_schema
from vestry.services.packs.outlines import Outline

__all__ = [
    "Affected",
    "AnswerFault",
    "AnswerRow",
    "Belongs",
    "Change",
    "Difference",
    "DraftView",
    "Due",
    "JourneyView",
    "KeptMeanwhile",
    "KeyReused",
    "Mailbox",
    "Midway",
    "Mistake",
    "NoPackThere",
    "NoSuchDraft",
    "NoSuchJourney",
    "NoSuchLink",
    "NoSuchService",
    "NoSuchSubmission",
    "NotAStrategy",
    "NotOver",
    "NotPublished",
    "NotReady",
    "NotTaken",
    "NotYours",
    "NothingThere",
    "Outline",
    "Part",
    "PublishedMeanwhile",
    "Report",
    "Saved",
    "Sending",
    "SentBack",
    "ServiceView",
    "Submitted",
    "TaskRow",
    "TooManyLinks",
    "Tried",
    "Unfinished",
    "VersionView",
    "Where",
    "WouldUndo",
    "affected",
    "affected_by",
    "all_principles",
    "answer",
    "at",
    "begin_draft",
    "belongs",
    "came_of",
    "carry_over",
    "catalogue",
    "check",
    "checked_principles",
    "compare",
    "contact",
    "depart",
    "drafts",
    "drop_draft",
    "file_questions",
    "foretold_principles",
    "forget",
    "forgotten",
    "get_draft",
    "get_sending",
    "get_service",
    "get_submission",
    "give_up",
    "in_mailbox",
    "invite",
    "keep_draft",
    "leave",
    "look",
    "made",
    "mailbox",
    "may_publish",
    "principles_of",
    "publish_draft",
    "publish_pack",
    "put_strategy",
    "questions_schema",
    "read_strategy",
    "receive",
    "reopen",
    "resume",
    "save",
    "service_schema",
    "shown",
    "start",
    "state_refusal",
    "stop_waiting",
    "subject_of",
    "submit",
    "submit_answers",
    "take_file",
    "take_waited",
    "takes_files",
    "texts_of",
    "to_forget",
    "told_principles",
    "try_answer",
    "try_at",
    "try_start",
    "versions",
    "wait",
    "waiting",
    "write_register",
    "written_strategy",
]
