"""The ``file`` question: one file or several, looked into and scanned before they count.

Files can't wait in an answer while the rest of a page is mended, so they are taken in first (`receive`) and
belong to the journey from then on; the answer is the list of their ids. Nothing is remembered between posts
but that: what is posted says which files the page showed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design.kinds.asked import Asked
from vestry.design.questions import Asking, Form, NotYet, Wrong
from vestry.design.shown import said
from vestry.documents import api
from vestry.documents.api import MEGABYTE
from vestry.kernel import SYSTEM, Ref, mark

Type = Literal["photo", "pdf", "document", "spreadsheet"]
# As many as one page can list without losing people.
MOST = 20
LARGEST_MEGABYTES = api.LARGEST // MEGABYTE


class File(Asked, frozen=True, kw_only=True):
    """Files to upload: photos, PDFs, documents. What they are is found by looking into them."""

    kind: ClassVar[str] = "file"
    template: ClassVar[str] = "documents/file.html"
    called: ClassVar[str] = mark("a file")
    files: ClassVar[bool] = True

    types: tuple[Type, ...]
    """What may come: ``photo`` (JPG, PNG), ``pdf``, ``document`` (DOCX, ODT), ``spreadsheet`` (XLSX, ODS)."""
    max: int = 1
    """How many files may be given."""
    megabytes: int = 10
    """How large each may be."""

    def read(self, form: Form) -> dict[str, Any]:
        """What was posted: the ids of the files that were shown, new files, and which button was pressed."""
        return {
            "kept": form.getlist(f"{self.id}-kept"),
            "new": [one for one in form.getlist(self.id) if not isinstance(one, str)],
            "remove": form.get(f"{self.id}-remove", ""),
            "add": f"{self.id}-add" in form,
        }

    def receive(self, raw: Any, asking: Asking) -> dict[str, Any]:
        """Take in the new files and delete the one to be removed. What is refused is for `clean` to say."""
        mine = asking.owners
        kept = [one.id for one in api.find(ids=raw["kept"], owners=mine)]
        if raw["remove"] in kept:
            api.discard(id=raw["remove"], owners=mine, actor=_actor(asking), now=asking.now)
            kept.remove(raw["remove"])
        refused: list[str] = []
        new = raw["new"]
        if new and asking.no_files:
            new = []
            refused.append(asking.no_files)
        # No more are looked into than may be given: decoding and scanning is what costs.
        if len(new) > self.max:
            refused.append(self.too_many())
        for file in new[: self.max]:
            if self.max > 1 and len(kept) >= self.max:
                refused.append(self.too_many())
                break
            try:
                view = api.receive(
                    owner=mine[0],
                    actor=_actor(asking),
                    name=file.name or "",
                    stream=file.file,
                    allowed=api.kinds_of(self.types),
                    kinds=self.kinds(),
                    largest=self.megabytes * MEGABYTE,
                    now=asking.now,
                )
            except api.NotTaken as refusal:
                refused.append(said(refusal))
            else:
                # Where one is asked for, another one takes its place.
                for replaced in kept if self.max == 1 else ():
                    api.discard(id=replaced, owners=mine, actor=_actor(asking), now=asking.now)
                kept = [*kept, view.id] if self.max > 1 else [view.id]
        return {"kept": kept, "refused": refused, "again": bool(raw["remove"]), "add": raw["add"]}

    def clean(self, raw: Any, asking: Asking) -> list[str] | None:
        """The ids, or None. Raises `Wrong`, or `NotYet` where a file was added or removed."""
        given = raw if isinstance(raw, Mapping) else {"kept": raw}
        found = api.find(ids=_ids(given.get("kept")), owners=asking.owners)
        if refused := given.get("refused"):
            raise Wrong(". ".join(refused))
        for one in found:
            if one.state == "infected":
                raise Wrong(said(api.Virus(name=one.name)))
        if not isinstance(raw, Mapping) and len(found) < len(_ids(raw)):
            raise Wrong(_("Send the ids of files you have uploaded, each within a day"))
        if len(found) > self.max:
            raise Wrong(self.too_many())
        ids = [one.id for one in found]
        if given.get("again") or (given.get("add") and ids):
            raise NotYet({"kept": ids})
        if not ids and not self.optional and not asking.tried:
            raise Wrong(self.missing())
        return ids or None

    def missing(self) -> str:
        """The sentence for no file."""
        return _("Select %(name)s") % {"name": self.what()}

    def too_many(self) -> str:
        """The sentence for one too many."""
        said = ngettext(
            "You can upload %(most)s file. Remove it first to upload another",
            "You can upload up to %(most)s files. Remove one first to upload another",
            self.max,
        )
        return said % {"most": self.max}

    def too_big(self) -> str:
        """The sentence for far too much at once."""
        return _("Each file must be smaller than %(megabytes)sMB") % {"megabytes": self.megabytes}

    def kinds(self) -> str:
        """What may come, to stand in the middle of a sentence: "a JPG, PNG or PDF"."""
        *others, last = [kind.called for kind in api.kinds_of(self.types)]
        if not others:
            return _("a %(last)s") % {"last": last}
        return _("a %(others)s or %(last)s") % {"others": ", ".join(others), "last": last}

    def limits(self) -> str:
        """What may come and how much of it, as the page says it."""
        words = {"kinds": self.kinds(), "megabytes": self.megabytes, "most": self.max}
        if self.max == 1:
            return _("It must be %(kinds)s, and smaller than %(megabytes)sMB.") % words
        return (
            _(
                "You can upload up to %(most)s files. Each must be %(kinds)s, and smaller than "
                "%(megabytes)sMB."
            )
            % words
        )

    def accept(self) -> str:
        """What a browser's own dialogue offers first."""
        kinds = api.kinds_of(self.types)
        return ",".join([*(kind.media_type for kind in kinds), *(f".{kind.endings[0]}" for kind in kinds)])

    def listed(self, raw: Any) -> list[api.DocumentView]:
        """The files to show. The journey's page has said whose they are."""
        given = raw if isinstance(raw, Mapping) else {"kept": raw}
        return api.find(ids=_ids(given.get("kept")))

    def confirm(self, answer: Any, asking: Asking, to: Ref) -> None:
        """Sent: the files belong to what came of it."""
        api.keep(ids=_ids(answer), owners=asking.owners, to=to, actor=_actor(asking), now=asking.now)

    def release(self, asking: Asking) -> None:
        """The journey is over: what was not sent with it is deleted."""
        api.release(owner=asking.owners[0], actor=_actor(asking), now=asking.now)

    @classmethod
    def forget(cls, owner: Ref, *, actor: Ref, now: datetime) -> None:
        """All of its files go, with their names."""
        api.forget(owner=owner, actor=actor, now=now)

    def refill(self, answer: Any) -> dict[str, Any]:
        """The files as the page shows them."""
        return {"kept": _ids(answer)}

    def word(self, answer: Any) -> list[str]:
        """The ids: ``evidence`` is true when there is one."""
        return _ids(answer)

    def shown(self, answer: Any) -> str:
        """Their names."""
        ids = _ids(answer)
        names = [one.name for one in api.find(ids=ids)]
        gone = len(ids) - len(names)
        if gone:
            said = ngettext("%(gone)s file that was deleted", "%(gone)s files that were deleted", gone)
            names.append(said % {"gone": gone})
        return ", ".join(names)

    def schema(self) -> dict[str, Any]:
        """A list of ids of files that were uploaded before."""
        ids = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
        least = 0 if self.optional else 1
        listed = {
            "type": "array",
            "items": ids,
            "minItems": least,
            "maxItems": self.max,
            "description": _("The ids of files that were uploaded before."),
        }
        return self.nullable(listed)

    def problems(self) -> list[str]:
        """Limits that can be kept."""
        said = []
        if not self.types:
            said.append(_("'types' says which files may come, such as [photo, pdf]."))
        if not 1 <= self.max <= MOST:
            said.append(_("'max' is how many files may be given, from 1 to {most}.").format(most=MOST))
        if not 1 <= self.megabytes <= LARGEST_MEGABYTES:
            sentence = _("'megabytes' is how large a file may be, from 1 to {most}.")
            said.append(sentence.format(most=LARGEST_MEGABYTES))
        return said


def _actor(asking: Asking) -> Ref:
    return asking.actor or SYSTEM


def _ids(given: Any) -> list[str]:
    """Every id in what was sent, whatever was sent."""
    listed = given if isinstance(given, list | tuple) else [given]
    return [one for one in listed if isinstance(one, str) and one]
