"""Jinja as every page uses it; the settings name `environment`.

Beside Jinja's own words a template has: `_` and `{% trans %}`, `static`, `url`, `language`,
`render_question`, and the filters `day` (23 November 2026), `time` (4:30pm), `moment` (both),
`duration` (2 hours), `lines` and `linked` (a text with links).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, Undefined

from vestry.design import pages, shown


class Missing(Undefined):
    """Something a page was not given. It may be asked about (`if notice`), but never shown or gone through.

    Shown as nothing, as Jinja would, a misspelt name would go unseen.
    """

    def _refuse(self, *args: Any) -> NoReturn:
        self._fail_with_undefined_error()

    def __str__(self) -> str:
        return "" if self._undefined_name is None else self._refuse()  # `{{ "x" if y }}` has no name

    def __iter__(self) -> Iterator[Any]:
        self._refuse()

    __len__ = _refuse
    __hash__ = Undefined.__hash__


_led: ContextVar[tuple[str, dict[str, Any]] | None] = ContextVar("led", default=None)


@contextmanager
def led_into(space: str, **words: Any) -> Iterator[None]:
    """Lead the links of the pages that are drawn in here into another set of the same addresses.

    ``space`` is the name of that instance of the addresses (Django's instance namespace); ``words`` are what
    its addresses need beside those of the page.
    """
    token = _led.set((space, words))
    try:
        yield
    finally:
        _led.reset(token)


def url(name: str, *args: Any, **words: Any) -> str:
    """The address of a page by its name."""
    if (led := _led.get()) is not None:
        space, more = led
        try:
            return reverse(name, kwargs={**more, **words}, current_app=space)
        except NoReverseMatch:
            pass  # what only the pages themselves have
    return reverse(name, args=args, kwargs=words)


def environment(**options: Any) -> Environment:
    """The environment Django asks for, with the options of the settings."""
    made = Environment(  # noqa: S701 - Django passes autoescape=True
        **{
            **options,
            "undefined": Missing,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals.update(
        static=static,
        url=url,
        language=translation.get_language,
        render_question=pages.render_question,
    )
    made.filters.update(
        day=shown.day,
        time=shown.time,
        moment=shown.moment,
        duration=shown.duration,
        lines=shown.lines,
        linked=shown.linked,
    )
    return made
