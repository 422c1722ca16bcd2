"""A text that somebody pastes or uploads, taken in one way: never too long, and as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]

# A register of some thousand technologies, a strategy of several thousand sentences.
LARGEST = 500_000
TEXT, FILE = "text", "file"


@dataclass(frozen=True)
class Pasted:
    """What came: the text, what its file is called ("" when pasted), and whether the file was text at all."""

    text: str
    name: str = ""
    readable: bool = True


def taking(too_long: View) -> Callable[[View], View]:
    """For a page that takes a text; `too_long` answers where more comes than any such text has."""

    def decorate(page: View) -> View:
        protected = csrf_protect(page)

        @csrf_exempt  # only for now: a form with a file is read when it is known that one may come
        @wraps(page)
        def guarded(request: HttpRequest, *about: Any, **more: Any) -> HttpResponse:
            if request.method == "POST" and request.content_type == "multipart/form-data":
                # Of something larger nothing is read: a film, sent by mistake, must not keep a server busy.
                if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * LARGEST:
                    return too_long(request, *about, **more)
                handlers: list[FileUploadHandler] = [MemoryFileUploadHandler(request)]
                request.upload_handlers = handlers
            try:
                return protected(request, *about, **more)
            except RequestDataTooBig:
                return too_long(request, *about, **more)

        return guarded

    return decorate


def given(request: HttpRequest) -> Pasted:
    """What was pasted, or the file where there is one."""
    pasted = request.POST.get(TEXT, "")
    file = request.FILES.get(FILE)
    if file is None:
        return Pasted(pasted.replace("\r\n", "\n"))
    try:
        return Pasted(file.read().decode("utf-8-sig").replace("\r\n", "\n"), name=file.name or "")
    except UnicodeDecodeError:
        return Pasted(pasted, readable=False)
