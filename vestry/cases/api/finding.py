"""What an officer sees."""

from __future__ import annotations

from datetime import date, datetime

from vestry.cases.api import asking
from vestry.cases.api.paging import leniently, place_of
from vestry.cases.api.stating import plan_of, view
from vestry.cases.api.views import (
    AnswerView,
    CaseView,
    Filters,
    InboxPage,
    MessageView,
    NoSuchCase,
    NoteView,
)
from vestry.cases.models import Case, Cases, Done, Message, Note, Plan
from vestry.cases.options import Options
from vestry.kernel import Ref, local_day
from vestry.people import api as people

MY_TEAMS_OPEN = Filters()
# A screenful on a wide screen; the list goes on by a link.
PAGE = 25


def inbox(
    *, officer: people.OfficerView, now: datetime, filters: Filters = MY_TEAMS_OPEN, after: str = ""
) -> InboxPage:
    """The cases an officer may see, the most urgent first; closed ones, the latest first. One query.

    ``after`` is where the page before ended (`InboxPage.after`); anything else begins at the beginning.
    """
    found = _filtered(Case.objects.visible_to(officer), officer, filters, local_day(now))
    by = "closed_at" if filters.closed else "due"
    found = leniently(found, after, by=by, newest_first=filters.closed)
    rows = list(found.select_related("plan")[: PAGE + 1])
    plans: dict[int, Options] = {}
    for case in rows:
        if case.plan_id not in plans:
            plans[case.plan_id] = plan_of(case)
    more = len(rows) > PAGE
    return InboxPage(
        cases=[view(case, plans[case.plan_id]) for case in rows[:PAGE]],
        after=place_of(rows[PAGE - 1], by) if more else "",
    )


def _filtered(found: Cases, officer: people.OfficerView, filters: Filters, today: date) -> Cases:
    found = found.closed() if filters.closed else found.open()
    if filters.whose == "mine":
        found = found.filter(owner=officer.slug)
    elif filters.whose != "all":
        found = found.filter(team__in=sorted(officer.teams))
    if filters.whose == "nobodys":
        found = found.filter(owner="")
    if filters.team:
        found = found.filter(team=filters.team)
    if filters.service:
        found = found.filter(service=filters.service)
    if filters.overdue:
        found = found.filter(due__lt=today, stopped_on=None)
    if filters.waiting:
        found = found.exclude(stopped_on=None)
    return found


def services_with_cases() -> dict[str, str]:
    """The services there have been cases of: slug to title, the newest title."""
    titles = dict(Plan.objects.order_by("version").values_list("service", "title"))
    return dict(sorted(titles.items(), key=lambda item: item[1]))


def visible(officer: people.OfficerView, reference: str, *, lock: bool = False) -> Case:
    """The row, if the officer may see it. Raises `NoSuchCase`."""
    found = Case.objects.visible_to(officer).select_related("plan")
    if lock:
        found = found.select_for_update(of=("self",))
    return named(found, reference)


def named(found: Cases, reference: str) -> Case:
    """The row of that reference. Raises `NoSuchCase`."""
    # What can't be printed can't be looked for either: PostgreSQL takes no NUL.
    case = found.filter(reference=reference).first() if reference.isprintable() else None
    if case is None:
        raise NoSuchCase(reference=reference)
    return case


def get_case(*, officer: people.OfficerView, reference: str) -> CaseView:
    """A case. Raises `NoSuchCase`, alike for one that isn't there, another council's or another team's."""
    return view(visible(officer, reference))


def notes(*, officer: people.OfficerView, reference: str) -> list[NoteView]:
    """The notes on a case, oldest first. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    rows = Note.objects.filter(case=case).order_by("at", "id")
    return [NoteView(by=name(row.by), at=row.at, text=row.text, kind=row.kind) for row in rows]


def messages(*, officer: people.OfficerView, reference: str) -> list[MessageView]:
    """What the council and the resident wrote to each other, oldest first. Raises `NoSuchCase`."""
    return written(visible(officer, reference))


def written(case: Case) -> list[MessageView]:
    """The messages of a case."""
    return [
        MessageView(
            by=name(row.by),
            at=row.at,
            text=row.text,
            from_resident=row.from_resident,
            wants_answer=row.wants_answer,
        )
        for row in Message.objects.filter(case=case).order_by("at", "id")
    ]


def answers(*, officer: people.OfficerView, reference: str) -> list[AnswerView]:
    """What officers answered when they did something with the case. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    titles = {action.id: action.do for action in plan.actions}
    return [
        AnswerView(at=done.at, action=titles[done.action], question=asked.ask, text=text)
        for done in Done.objects.filter(case=case).order_by("at", "id")
        for asked, text in asking.shown(plan, done.action, done.answers)
        if text
    ]


def name(by: str) -> str:
    """Who wrote something."""
    return people.officer_name(Ref.read(by))


def message_text(*, reference: str, message: int) -> str:
    """What one message of a case says; nothing when there is none. For messages about it, sent outside."""
    found = Message.objects.filter(case__reference=reference, pk=message).values_list("text", flat=True)
    return found.first() or ""


def answers_given(*, reference: str, stage: str) -> dict[str, str]:
    """What was last answered on the way into a stage, by question, as people read it."""
    case = Case.objects.select_related("plan").get(reference=reference)
    plan = plan_of(case)
    leading = [action.id for action in plan.actions if action.to == stage]
    done = Done.objects.filter(case=case, action__in=leading).order_by("-at", "-id").first()
    return {asked.id: text for asked, text in asking.shown(plan, done.action, done.answers)} if done else {}
