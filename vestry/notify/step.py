"""How notify takes part in a service: ``notify: confirmation`` under ``on:``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from vestry.design.capability import Capability, Forgetting, Happening, Outline, Problem, Standing, Work
from vestry.kernel import SYSTEM, Ref
from vestry.notify import api
from vestry.notify.events import MessageFailed
from vestry.notify.options import MessageName


class Notify(Capability):
    """Sends one of the service's messages to the person the journey was for."""

    word: ClassVar[str] = "notify"
    options: ClassVar[Any] = MessageName
    reacts: ClassVar[bool] = True

    def problems(self, options: str, outline: Outline) -> Iterable[Problem]:
        """A message that isn't there, and words in it that nothing will fill."""
        template = outline.messages.get(options)
        if template is None:
            what = _("There is no message called “%(name)s” in this service.") % {"name": options}
            yield Problem(path=(), what=what, instead=_nearest(options, outline.messages))
            return
        for part in ("subject", "body"):
            for written in api.unknown_words(getattr(template, part), outline.words):
                what = _(
                    "The %(part)s of the message “%(name)s” says ((%(word)s)), and nothing is called that."
                )
                yield Problem(
                    path=(part,),
                    message=options,
                    what=what % {"part": part, "name": options, "word": written},
                    instead=_nearest(written, outline.words, "((%s))"),
                )

    def calls_for(self, fact: str, payload: Mapping[str, Any]) -> Work | None:
        """Whoever did not get our email has to be told in another way. A code is asked for again anyway."""
        if fact != MessageFailed.name or payload["called"] == api.CODE:
            return None
        title = _("Ring or write to the resident: our email “%(name)s” was not delivered")
        hint = _("What was wrong stands beside the email, under Emails to the resident.")
        return Work(title=title % {"name": payload["called"]}, hint=hint)

    def react(self, options: str, happening: Happening) -> None:
        """Write the message down. The happening's key is the message's, so twice is once."""
        template = happening.messages[options]
        api.send(
            to=happening.to,
            subject=api.fill(template.subject, dict(happening.words)),
            body=api.fill(template.body, dict(happening.words)),
            about=happening.about,
            key=happening.key,
            now=happening.now,
            actor=SYSTEM,
            called=options,
            secret=happening.opens,
        )

    def stands(self, about: Ref) -> Standing | None:
        """What is still to be sent needs its address."""
        return Standing(why=_("An email about it is still to be sent.")) if api.is_to_send(about) else None

    def forget(self, forgetting: Forgetting) -> None:
        """Whom messages went to and what they said."""
        api.forget(about=forgetting.about, to=forgetting.to.email)


def _nearest(written: str, known: Iterable[str], shown: str = "%s") -> str:
    names = sorted(known)
    near = difflib.get_close_matches(written, names, n=1, cutoff=0.5)
    if near:
        return _("Did you mean “%(name)s”?") % {"name": shown % near[0]}
    return _("There are: %(names)s.") % {"names": ", ".join(names)} if names else ""
