"""What each address does: read the request, one call to a door, one body back. The table is in `routes`."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vestry.cases import api as cases
from vestry.channels.rest import bodies, booking_endpoints, problems, reading
from vestry.channels.rest.bodies import FieldError
from vestry.channels.rest.problems import Trouble, pointer
from vestry.channels.rest.replies import Reply
from vestry.documents import api as documents
from vestry.kernel import tidy_reference, utc_now
from vestry.people import api as people
from vestry.services import api as services

# Nobody signs in to send answers, so all machines are one client; what keeps them apart are their keys.
CLIENT = "api"
ACCEPTED = 202


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


def _not_too_often(request: HttpRequest, what: str, many: int = 1) -> None:
    wait = people.wait_for(request, what, many=many, now=utc_now())
    if wait is not None:
        raise Trouble(kind=problems.TOO_MANY, headers={"Retry-After": people.seconds(wait)})


def take_file(request: HttpRequest, service: str) -> Reply:
    """Take in a file, to be named in an answer."""
    question, name = request.GET.get("question", ""), request.GET.get("name", "")
    with reading.file(request, documents.LARGEST) as content:
        _not_too_often(request, "files", documents.megabytes(content))
        if not question:
            raise Trouble(kind=problems.BAD_QUERY, detail=_("Say which question it is for: ?question=…"))
        sent = reading.SentFile(question=question, name=name, file=content)
        try:
            ids = services.take_file(
                service=service, question=question, form=sent, client=CLIENT, now=utc_now()
            )
        except services.NoSuchService:
            raise Trouble(kind=problems.NOT_FOUND) from None
        except services.NotTaken as refused:
            raise Trouble(kind=problems.NOT_TAKEN, errors=list(map(_error, refused.faults))) from None
    (taken,) = documents.find(ids=ids)
    return Reply(
        body=bodies.File(
            id=taken.id,
            name=taken.name,
            media_type=taken.media_type,
            size=taken.size,
            sha256=taken.sha256,
            checked=taken.state == "clean",
        )
    )


def submit(request: HttpRequest, service: str) -> Reply:
    """Send answers: the same rules as on the pages."""
    _not_too_often(request, "api.submit")
    key = reading.idempotency_key(request)
    sent = reading.body(request, bodies.Submission)
    if sent.holds:
        _found(service)
        booking_endpoints.note_foreign(request, sent.holds.values())
    now = utc_now()
    try:
        submitted = services.submit_answers(
            service=service,
            answers=sent.answers,
            holds=sent.holds,
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
    if isinstance(submitted, services.Sending):
        waits = _sending(request, submitted)
        waits.headers["Idempotency-Key"] = request.headers["Idempotency-Key"]
        return waits
    status = request.build_absolute_uri(reverse("rest:status", args=[submitted.reference]))
    headers = {"Location": status, "Idempotency-Key": request.headers["Idempotency-Key"]}
    # What was submitted at another moment than this one was submitted before.
    if submitted.at != now:
        headers["Idempotency-Replayed"] = "true"
    return Reply(headers=headers, body=_receipt(submitted, status, submitted.receipt))


def _receipt(submitted: services.Submitted, status: str, token: str) -> bodies.Receipt:
    return bodies.Receipt(
        reference=submitted.reference,
        service=submitted.service,
        version=submitted.version,
        title=submitted.title,
        submitted_at=submitted.at,
        status=status,
        token=token,
    )


def sending(request: HttpRequest, id: str) -> Reply:
    """Whether it was sent. Another council's, a wrong token's and no submission's answer are the same."""
    token = reading.token(request)
    try:
        found = services.get_sending(id=id, receipt=token, now=utc_now())
    except services.NoSuchSubmission:
        raise Trouble(kind=problems.NOT_FOUND) from None
    if isinstance(found, services.Sending):
        return _sending(request, found)
    status = request.build_absolute_uri(reverse("rest:status", args=[found.reference]))
    return Reply(body=_receipt(found, status, token))


def _sending(request: HttpRequest, waits: services.Sending) -> Reply:
    status = request.build_absolute_uri(reverse("rest:sending", args=[waits.id]))
    body = bodies.Sending(
        id=waits.id,
        service=waits.journey.service,
        version=waits.journey.version,
        title=waits.journey.title,
        state=waits.state,
        reason=waits.reason,
        page=waits.page,
        status=status,
        token=waits.receipt,
    )
    return Reply(body=body, status=ACCEPTED, headers={"Location": status})


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
            erased_at=coming.forgotten_at,
            next=coming.sentence,
            due=coming.due,
            waiting_for_resident=coming.waiting_for_you,
            history=[bodies.Line(at=line.at, what=line.what) for line in told],
        )
    )
