"""The files that came with a case: never shown as a page of ours, only saved."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from vestry.cases import api as cases
from vestry.channels.desk.case import about_a_case
from vestry.channels.desk.frame import not_possible
from vestry.documents import api as documents


@about_a_case("cases.read")
@require_safe
def file(request: HttpRequest, case: cases.CaseView, file: str) -> HttpResponse | FileResponse:
    """One file to save. Whoever may read the case may have it, once it was found clean."""
    try:
        view, content = documents.open_file(id=file, owner=case.ref)
    except documents.NoSuchDocument:
        raise Http404 from None
    except documents.NotChecked as refusal:
        return not_possible(request, refusal, case=case)
    response = FileResponse(content, as_attachment=True, filename=view.name, content_type=view.media_type)
    # Whatever a browser makes of it, it runs nothing and reaches nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
