"""What an officer sees."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from vestry.cases import rules
from vestry.cases.api import asking
from vestry.cases.api.stating import calendar_of, plan_of, view
from vestry.cases.api.views import (
    ActionView,
    AnswerView,
    CaseView,
    Filters,
    InboxPage,
    MessageView,
    NoSuchCase,
    NoteView,
    NotNow,
    Possible,
)
from vestry.cases.models import Case, Cases, Done, Message, Note, Plan
from vestry.cases.options import Action, Options
from vestry.kernel import Ref, local_day
from vestry.people import api as people

MY_TEAMS_OPEN = Filters()
# A screenful on a wide screen; the list goes on by a link.
PAGE = 25
WORKERS = frozenset({"officer", "crew"})


def inbox(
    *, officer: people.OfficerView, now: datetime, filters: Filters = MY_TEAMS_OPEN, after: str = ""
) -> InboxPage:
    """The cases an officer may see, the most urgent first; closed ones, the latest first. One query.

    ``after`` is where the page before ended (`InboxPage.after`); anything else begins at the beginning.
    """
    found = _filtered(Case.objects.visible_to(officer), officer, filters, local_day(now))
    found = _latest_first(found, after) if filters.closed else _urgent_first(found, after)
    rows = list(found.select_related("plan")[: PAGE + 1])
    plans: dict[int, Options] = {}
    for case in rows:
        if case.plan_id not in plans:
            plans[case.plan_id] = plan_of(case)
    more = len(rows) > PAGE
    return InboxPage(
        cases=[view(case, plans[case.plan_id]) for case in rows[:PAGE]],
        after=_place(rows[PAGE - 1], filters) if more else "",
    )


def _filtered(found: Cases, officer: people.OfficerView, filters: Filters, today: date) -> Cases:
    found = found.closed() if filters.closed else found.open()
    if filters.whose == "mine":
        found = found.filter(owner=officer.slug)
    elif filters.whose == "team":
        found = found.filter(team__in=sorted(officer.teams))
    if filters.service:
        found = found.filter(service=filters.service)
    if filters.overdue:
        found = found.filter(due__lt=today, stopped_on=None)
    return found


def _place(case: Case, filters: Filters) -> str:
    first = case.closed_at.isoformat() if filters.closed else case.due.isoformat()
    return f"{first}_{case.pk}"


def _urgent_first(found: Cases, after: str) -> Cases:
    found = found.order_by("due", "id")
    day, _, pk = after.partition("_")
    try:
        place = date.fromisoformat(day)
        return found.filter(Q(due__gt=place) | Q(due=place, id__gt=int(pk)), due__gte=place)
    except (ValueError, OverflowError):
        return found


def _latest_first(found: Cases, after: str) -> Cases:
    found = found.order_by("-closed_at", "-id")
    moment, _, pk = after.partition("_")
    try:
        place = parse_datetime(moment)
        if place is None or place.tzinfo is None:
            return found
        # In the one time zone databases are asked in: an offset can lead out of what a date can be.
        place = place.astimezone(UTC)
        return found.filter(Q(closed_at__lt=place) | Q(closed_at=place, id__lt=int(pk)), closed_at__lte=place)
    except (ValueError, OverflowError):
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


def possible(*, officer: people.OfficerView, reference: str, now: datetime) -> Possible:
    """What an officer can do with a case now. Raises `NoSuchCase`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    is_open = case.closed_at is None
    return Possible(
        take=is_open and not case.owner and may(officer, case, "cases.take"),
        hand_over=is_open and may(officer, case, "cases.hand-over"),
        note=may(officer, case, "cases.note"),
        message=may(officer, case, "cases.message"),
        due=is_open and may(officer, case, "cases.due"),
        actions=[
            action_view(plan, action)
            for action in plan.actions
            if may_act(officer, case, action) and can_be_done(case, plan, action, now)
        ],
    )


def get_action(*, officer: people.OfficerView, reference: str, action: str, now: datetime) -> ActionView:
    """One action, if it can be done now. Raises `NoSuchCase`, `NotNow`."""
    case = visible(officer, reference)
    plan = plan_of(case)
    return action_view(plan, choose(officer, case, plan, action, now))


def choose(officer: people.OfficerView, case: Case, plan: Options, action: str, now: datetime) -> Action:
    """The action, if this officer can do it now. Raises `NotNow`: alike when it is not there, not now or not
    for this officer's role.
    """
    for chosen in plan.actions:
        if chosen.id == action and may_act(officer, case, chosen) and can_be_done(case, plan, chosen, now):
            return chosen
    raise NotNow(stage=plan.stages[case.stage].title)


def action_view(plan: Options, action: Action) -> ActionView:
    """The view of an action."""
    to = plan.stages[action.to]
    return ActionView(
        id=action.id,
        do=action.do,
        asks=asking.questions(action),
        message=action.message,
        wants_answer=bool(to.on_reply),
        closes=bool(to.end),
        told=to.told,
    )


def may(officer: people.OfficerView, case: Case, action: str) -> bool:
    """Whether the officer's roles allow something for this case's team."""
    return case.team in people.reach(officer, action)


def may_act(officer: people.OfficerView, case: Case, action: Action) -> bool:
    """Whether one of the officer's roles that the definition names reaches this case."""
    return case.team in people.reach(officer, "cases.act", by=action.by or WORKERS)


def can_be_done(case: Case, plan: Options, action: Action, now: datetime) -> bool:
    """Whether stage, condition and time allow an action."""
    return case.closed_at is None and rules.can_be_done(
        action,
        stage=case.stage,
        since=case.stage_since,
        shut=case.shut,
        today=local_day(now),
        calendar=calendar_of(plan),
    )


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
