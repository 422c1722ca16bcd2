"""What each address does: read the request, one call to a door, one body back. The table is in `routes`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from vestry.cases import api as cases
from vestry.channels.rest import bodies, problems, reading
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Trouble, pointer
from vestry.kernel import tidy_reference, utc_now
from vestry.services import api as services

# Nobody signs in, so all machines are one client; what keeps them apart are their keys.
CLIENT = "api"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, with headers of its own."""

    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def catalogue(request: HttpRequest) -> Reply:
    """Everything the council offers."""
    council = request.council
    return Reply(
        body=bodies.Catalogue(
            council=bodies.Council(slug=council.slug, name=council.name),
            services=[_service(request, view) for view in services.catalogue()],
        )
    )


def service(request: HttpRequest, service: str) -> Reply:
    """One service."""
    return Reply(body=_service(request, _found(service)))


def _found(slug: str) -> services.ServiceView:
    try:
        return services.get_service(slug)
    except services.NoSuchService:
        raise Trouble(kind=problems.NOT_FOUND) from None


def _service(request: HttpRequest, view: services.ServiceView) -> bodies.Service:
    def link(name: str) -> str:
        return request.build_absolute_uri(reverse(name, args=[view.slug]))

    return bodies.Service(
        service=view.slug,
        title=view.title,
        summary=view.summary,
        version=view.version,
        why=view.why,
        lgsl=view.lgsl,
        lgil=view.lgil,
        links=bodies.Links(
            self=link("rest:service"),
            questions=link("rest:questions"),
            submissions=link("rest:submit"),
            page=link("public:start"),
        ),
    )


def questions(request: HttpRequest, service: str) -> Reply:
    """What a service asks."""
    _found(service)
    return Reply(body=services.questions_schema(service))


def submit(request: HttpRequest, service: str) -> Reply:
    """Send answers: the same rules as on the pages."""
    key = reading.idempotency_key(request)
    sent = reading.body(request, bodies.Submission)
    now = utc_now()
    try:
        submitted = services.submit_answers(
            service=service,
            answers=sent.answers,
            key=key,
            client=CLIENT,
            origin=request.build_absolute_uri("/").rstrip("/"),
            now=now,
        )
    except services.NoSuchService:
        raise Trouble(kind=problems.NOT_FOUND) from None
    except services.KeyReused:
        raise Trouble(kind=problems.KEY_REUSED) from None
    except services.NotTaken as refused:
        raise Trouble(kind=problems.NOT_TAKEN, errors=list(map(_error, refused.faults))) from None
    status = request.build_absolute_uri(reverse("rest:status", args=[submitted.reference]))
    headers = {"Location": status, "Idempotency-Key": request.headers["Idempotency-Key"]}
    # What was submitted at another moment than this one was submitted before.
    if submitted.at != now:
        headers["Idempotency-Replayed"] = "true"
    return Reply(
        headers=headers,
        body=bodies.Receipt(
            reference=submitted.reference,
            service=submitted.service,
            version=submitted.version,
            title=submitted.title,
            submitted_at=submitted.at,
            status=status,
            token=submitted.receipt,
        ),
    )


def _error(fault: services.AnswerFault) -> FieldError:
    parts = ("answers", fault.field) if fault.field else ("answers",)
    return FieldError(pointer=pointer(*parts), detail=fault.sentence)


def status(request: HttpRequest, reference: str) -> Reply:
    """How a submission stands. Another council's, a wrong token's and no submission's answer are the same."""
    token = reading.token(request)
    try:
        submitted = services.get_submission(reference=tidy_reference(reference), receipt=token)
        coming = cases.next_step(reference=submitted.reference)
        told = cases.told(reference=submitted.reference)
    except (services.NoSuchSubmission, cases.NoSuchCase):
        raise Trouble(kind=problems.NOT_FOUND) from None
    return Reply(
        body=bodies.Status(
            reference=submitted.reference,
            service=submitted.service,
            version=submitted.version,
            title=submitted.title,
            submitted_at=submitted.at,
            stage=coming.stage,
            closed=coming.closed,
            outcome=coming.outcome,
            next=coming.sentence,
            due=coming.due,
            waiting_for_resident=coming.waiting_for_you,
            history=[bodies.Line(at=line.at, what=line.what) for line in told],
        )
    )
