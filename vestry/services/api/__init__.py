"""The door to services: what the council offers, and where somebody is in it.

1. A pack is checked (`check`) and published (`publish_pack`), all of it or none; versions never change.
2. `catalogue` and `get_service` say what is offered now, `questions_schema` what a machine may answer.
3. A journey begins with `start`; `at` says which page it is on, `answer` goes on, `leave` forgets it.
4. `submit` ends it in one transaction; `submit_answers` does the same for a machine, by the same rules.
5. What came of it is `shown`, and `contact` says whom to tell.
"""

from vestry.services.api._journeys import (
    AnswerRow,
    JourneyView,
    NoSuchJourney,
    SentBack,
    Submitted,
    Where,
    answer,
    at,
    leave,
    start,
)
from vestry.services.api._publishing import NoPackThere, NotPublished, Report, check, publish_pack
from vestry.services.api._submissions import (
    AnswerFault,
    KeyReused,
    NoSuchSubmission,
    NotTaken,
    contact,
    get_submission,
    shown,
    submit,
    submit_answers,
)
from vestry.services.api._versions import (
    NoSuchService,
    ServiceView,
    catalogue,
    get_service,
    questions_schema,
)
from vestry.services.definition.mistakes import Mistake
from vestry.services.definition.schema import service_schema

__all__ = [
    "AnswerFault",
    "AnswerRow",
    "JourneyView",
    "KeyReused",
    "Mistake",
    "NoPackThere",
    "NoSuchJourney",
    "NoSuchService",
    "NoSuchSubmission",
    "NotPublished",
    "NotTaken",
    "Report",
    "SentBack",
    "ServiceView",
    "Submitted",
    "Where",
    "answer",
    "at",
    "catalogue",
    "check",
    "contact",
    "get_service",
    "get_submission",
    "leave",
    "publish_pack",
    "questions_schema",
    "service_schema",
    "shown",
    "start",
    "submit",
    "submit_answers",
]
