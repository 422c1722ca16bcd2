"""What the resident sees and does. Whoever calls these has made sure that it is the resident."""

from __future__ import annotations

from datetime import date, datetime

from vestry.cases import events, rules
from vestry.cases.api.allowing import action_view, can_be_done
from vestry.cases.api.finding import named, written
from vestry.cases.api.searching import index_more
from vestry.cases.api.stating import calendar_of, clock_of, form_key, move, plan_of, state, tidy
from vestry.cases.api.views import ActionView, CaseClosed, CaseForgotten, MessageView, Next, NotNow
from vestry.cases.models import Case, Done, Message
from vestry.cases.options import RESIDENT, Action, Options
from vestry.kernel import SYSTEM, Ref, local_day, word_count
from vestry.ledger import api as ledger


def exists(reference: str) -> bool:
    """Whether there is a case of that reference in this council."""
    return reference.isprintable() and Case.objects.filter(reference=reference).exists()


def theirs(reference: str, *, lock: bool = False) -> Case:
    """The row. Raises `NoSuchCase`."""
    found = Case.objects.select_related("plan")
    if lock:
        found = found.select_for_update(of=("self",))
    return named(found, reference)


def reply(*, reference: str, text: str, now: datetime, actor: Ref, files: int = 0, key: str = "") -> bool:
    """The resident writes back. Where the stage waits for that, the case moves on and its clock runs again.

    A closed case is opened again, where its stage says for how long that can be done. ``files`` is how many
    come with it; then the text may be empty. False when the same form was taken before: nothing was done.

    Raises `NoSuchCase`, `CaseClosed`, `CaseForgotten`, `NothingWritten`, `WrittenTooLong`.
    """
    with ledger.transaction():
        case = theirs(reference, lock=True)
        key = form_key("reply", key)
        if Message.objects.filter(case=case, key=key).exists():
            return False
        if case.forgotten_at is not None:
            raise CaseForgotten
        plan = plan_of(case)
        until = _takes_reply_until(case, plan)
        if case.closed_at is not None and (until is None or local_day(now) > until):
            raise CaseClosed
        words = tidy(text) if text.strip() or not files else ""
        message = Message.objects.create(
            case=case, by=str(actor), at=now, key=key, text=words, from_resident=True
        )
        index_more(case, message.text)
        state(case, events.Replied(message=message.pk, words=word_count(message.text)), actor=actor, now=now)
        if case.closed_at is not None:
            state(case, events.Reopened(was=case.outcome), actor=SYSTEM, now=now)
            case.closed_at, case.outcome = None, ""
        on_reply = plan.stages[case.stage].on_reply
        if on_reply:
            move(case, plan, on_reply, action="", done=0, actor=SYSTEM, now=now)
        return True


def theirs_to_do(*, reference: str, now: datetime) -> list[ActionView]:
    """What the resident can do with their case by themselves now. Raises `NoSuchCase`."""
    case = theirs(reference)
    plan = plan_of(case)
    return [action_view(plan, each) for each in _to_do(case, plan, now)]


def _to_do(case: Case, plan: Options, now: datetime) -> list[Action]:
    mine = [each for each in plan.actions if RESIDENT in each.by]
    return [each for each in mine if can_be_done(case, plan, each, now)]


def do(*, reference: str, action: str, now: datetime, actor: Ref) -> None:
    """The resident does one of those. Done already, nothing happens.

    Raises `NoSuchCase`; `NotNow` where it can't be done, or is not theirs to do.
    """
    with ledger.transaction():
        case = theirs(reference, lock=True)
        plan = plan_of(case)
        chosen = next((each for each in _to_do(case, plan, now) if each.id == action), None)
        if chosen is None:
            done = Done.objects.filter(case=case, by=str(actor)).values_list("action", flat=True)
            if action in done:
                return
            raise NotNow(stage=plan.stages[case.stage].title)
        said = {"by": str(actor), "at": now, "action": chosen.id, "stage": case.stage, "answers": {}}
        done = Done.objects.create(case=case, key=form_key("resident", ""), **said)
        move(case, plan, chosen.to, action=chosen.id, done=done.pk, actor=actor, now=now)


def follow(*, reference: str, on: str, key: str, now: datetime) -> None:
    """What follows by itself from something that happened, where it can be done now. The same key is once.

    Raises `NoSuchCase`.
    """
    with ledger.transaction():
        case = theirs(reference, lock=True)
        plan, key = plan_of(case), form_key("follow", key)
        mine = [each for each in plan.actions if each.on == on and can_be_done(case, plan, each, now)]
        if not mine or Done.objects.filter(case=case, key=key).exists():
            return
        said = {"by": str(SYSTEM), "at": now, "action": mine[0].id, "stage": case.stage, "answers": {}}
        done = Done.objects.create(case=case, key=key, **said)
        move(case, plan, mine[0].to, action=mine[0].id, done=done.pk, actor=SYSTEM, now=now)


def next_step(*, reference: str) -> Next:
    """What happens next, and by when. Raises `NoSuchCase`."""
    case = theirs(reference)
    plan = plan_of(case)
    stage = plan.stages[case.stage]
    is_open = case.closed_at is None
    clock = clock_of(case)
    return Next(
        service=case.service,
        title=case.plan.title,
        information_class=case.plan.information_class,
        opened_at=case.opened_at,
        stage=stage.title,
        sentence=stage.next,
        due=clock.due if is_open and not clock.stopped else None,
        waiting_for_you=is_open and bool(stage.on_reply),
        closed=not is_open,
        outcome=case.outcome,
        takes_reply_until=None if case.forgotten_at else _takes_reply_until(case, plan),
        forgotten_at=case.forgotten_at,
        reply_ask=stage.reply_ask,
        reply_do=stage.reply_do,
    )


def _takes_reply_until(case: Case, plan: Options) -> date | None:
    closed = case.closed_at and local_day(case.closed_at)
    return rules.takes_reply_until(plan.stages[case.stage], closed, calendar_of(plan))


def correspondence(*, reference: str) -> list[MessageView]:
    """What the council and the resident wrote to each other, oldest first. Raises `NoSuchCase`."""
    return written(theirs(reference))
