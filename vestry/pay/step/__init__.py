"""How pay takes part in a service: ``pay:`` in a journey is settled when the person sends."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vestry.design import expressions
from vestry.design.capability import (
    Capability,
    Confirmed,
    Elsewhere,
    Forgetting,
    Outline,
    Problem,
    Row,
    Settled,
    Stop,
    Stopped,
    Visit,
    Work,
)
from vestry.kernel import Ref
from vestry.pay import api, events, rules
from vestry.pay.options import LineOptions, Options, Vat

# Three of a line are one line; the ledger wants no more of them than people do.
MOST_TIMES = 1000
_KNOWN = frozenset({"amount", "payment_reference"})


class Pay(Capability):
    """Something is to be paid before this can be sent."""

    word: ClassVar[str] = "pay"
    options: ClassVar[type[msgspec.Struct]] = Options
    settles: ClassVar[frozenset[str]] = frozenset({events.Paid.name})
    happenings: ClassVar[Mapping[str, str]] = {
        "pay.paid": "pay.paid",
        "pay.failed": "pay.failed",
        "pay.expired": "pay.expired",
        "pay.stranded": "pay.stranded",
        "pay.refund_sent": "pay.refund-sent",
        "pay.refunded": "pay.refunded",
    }

    def problems(self, options: Options, outline: Outline) -> Iterable[Problem]:
        """Expressions that can't be worked out, amounts below zero, and ledger codes that aren't there."""
        yield from _expression_problems(options.when, outline, ("when",))
        for place, line in enumerate(options.lines):
            path: tuple[str | int, ...] = ("lines", place)
            yield from _expression_problems(line.when, outline, (*path, "when"))
            for name in ("amount", "times"):
                written = str(getattr(line, name))
                yield from _expression_problems(written, outline, (*path, name))
                if _may_be_negative(written):
                    what = _("This could come to less than zero: {text}.").format(text=written)
                    instead = _("Take nothing away, or write: … if … else 0.")
                    yield Problem(path=(*path, name), what=what, instead=instead)
            yield from _code_problems(line, outline, (*path, "code"))

    def hold(self, options: Options, visit: Visit) -> Any:
        """Write down what is owed; nothing where nothing is. What was owed before is given up."""
        lines = _lines(options, visit)
        before = _held(visit)
        if not lines:
            self.release(options, visit)
            return {}
        try:
            made = api.charge(
                lines=lines,
                key=f"{visit.journey}:{options.id}",
                title=options.title,
                course=api.Course(service=visit.service, version=visit.version, journey=visit.journey),
                now=visit.now,
                actor=visit.actor,
            )
        except api.NotAnAmount:
            raise Stopped(_no_price()) from None
        if before and before != made.reference:
            api.give_back(reference=before, now=visit.now)
        return {"charge": made.reference}

    def release(self, options: Options, visit: Visit) -> None:
        """Nobody is to pay any more, and what was paid goes back."""
        held = _held(visit)
        if held:
            api.give_back(reference=held, now=visit.now)

    def gives(self, options: Options, visit: Visit) -> Mapping[str, Any]:
        """What it comes to, in pounds."""
        try:
            pence = sum(line.pence for line in _lines(options, visit))
        except Stopped:
            # What it depends on was not answered yet.
            return {}
        return {"amount": rules.as_text(pence)}

    def owes(self, options: Options, visit: Visit) -> Elsewhere | None:
        """What is to be paid, and how that stands."""
        try:
            lines = _lines(options, visit)
        except Stopped as stopped:
            # Whoever only looks is told in words; whoever sends is stopped by `hold`.
            text = f"{stopped.stop.reason} {stopped.stop.instead}"
            return Elsewhere(state="failed", title=stopped.stop.title, text=text)
        if not lines:
            return None
        rows = _rows(lines)
        amount = rules.as_text(sum(line.pence for line in lines))
        action = _("Accept and pay {amount}").format(amount=amount)
        held = _held(visit)
        charge = api.get(reference=held) if held else None
        if charge is None or not _settles(charge, lines):
            text = _("You pay by card on GOV.UK Pay. You will come back here afterwards.")
            if charge and charge.settled:
                text = (
                    _("We give back {before} that you paid before.").format(before=charge.amount) + f" {text}"
                )
            title = _("You need to pay {amount}").format(amount=amount)
            return Elsewhere(state="open", title=title, text=text, action=action, rows=rows)
        if charge.settled:
            text = _("Your payment reference is {reference}.").format(reference=charge.reference)
            return Elsewhere(state="settled", title=_("We have your payment"), text=text, rows=rows)
        link = api.link(reference=charge.reference)
        if charge.waiting:
            return Elsewhere(
                state="waiting",
                title=_("We are waiting for your payment"),
                text=_("If you have paid, you do not need to do anything: this page will say so soon."),
                action=_("Go back and pay {amount}").format(amount=amount),
                rows=rows,
                link=link,
            )
        if charge.how:
            title, text = _failure(charge.how)
            again = _("Try again")
            return Elsewhere(state="failed", title=title, text=text, action=again, rows=rows, link=link)
        title = _("You need to pay {amount}").format(amount=amount)
        return Elsewhere(state="open", title=title, action=action, rows=rows, link=link)

    def depart(self, options: Options, visit: Visit, back: str) -> str:
        """The provider's page. Whoever comes back to an address that was closed meanwhile brings a link."""
        held = _held(visit)
        back = f"{back}?{urlencode({'payment': api.link(reference=held)})}"
        try:
            return api.depart(reference=held, back=back, now=visit.now, language=get_language() or "en")
        except (api.CannotPayNow, api.NotOwed, api.NoSuchCharge) as refused:
            title = _("Sorry, you cannot pay at the moment")
            instead = _("Your answers are kept. Try again in a few minutes.")
            raise Stopped(Stop(title=title, reason=str(refused), instead=instead)) from None

    def look(self, options: Options, visit: Visit) -> None:
        """Ask the provider."""
        held = _held(visit)
        if held:
            api.look(reference=held, now=visit.now)

    def strand(self, options: Options, visit: Visit, stop: Stop) -> None:
        """Somebody sees to the money, unless they choose again."""
        held = _held(visit)
        if held:
            api.strand(reference=held, why="not-submitted", now=visit.now)

    def confirm(self, options: Options, visit: Visit) -> Confirmed:
        """The money belongs to what was sent. Raises `Stopped` where it is not there."""
        lines = _lines(options, visit)
        if not lines:
            # It cost something before, and what was paid for that goes back.
            self.release(options, visit)
            return Confirmed()
        held = _held(visit)
        try:
            charge = api.get(reference=held)
            if not _agree(charge.lines, lines):
                raise api.NotPaid
            kept = api.keep(reference=held, now=visit.now, actor=visit.actor)
        except (api.NotPaid, api.NoSuchCharge):
            title = _("This has not been paid")
            reason = _("We cannot take this before it is paid.")
            raise Stopped(Stop(title=title, reason=reason, instead=_("Go back and pay."))) from None
        words = {"amount": kept.amount, "payment_reference": kept.reference}
        return Confirmed(words=words, ref=Ref("charge", kept.reference))

    def show(self, options: Options, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        """What was paid, and what went back."""
        reference = confirmed.get("payment_reference", "")
        if not reference:
            return ()
        charge = api.get(reference=reference)
        rows = [
            Row(label=_("Paid"), text=charge.amount),
            Row(label=_("Payment reference"), text=reference),
        ]
        if charge.refunded:
            rows.append(Row(label=_("Refunded"), text=rules.as_text(charge.refunded)))
        return rows

    def names(self, options: Options) -> Iterable[str]:
        """Each line that has an id can be given back by it, and all of it by that of the step."""
        return [options.id, *(line.id for line in options.lines if line.id)]

    def announces(self, options: Options) -> Mapping[str, frozenset[str]]:
        """A message about money can say how much, and under which reference."""
        return dict.fromkeys(self.happenings.values(), _KNOWN)

    def words(self, options: Options, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """How much it is about, and the reference."""
        charge = api.get(reference=payload["charge"])
        pence = payload.get("pence", charge.pence)
        return {"amount": rules.as_text(pence), "payment_reference": charge.reference}

    def calls_for(self, fact: str, payload: Mapping[str, Any]) -> Work | None:
        """Money that is used for nothing, can't go back, or does not tie, is somebody's work."""
        match fact:
            case "pay.stranded":
                title = _("Refund {payment}, or help them to use it: nothing came of it")
                hint = _("The person may also choose again by themselves.")
                return Work(
                    title=title.format(payment=payload["payment"]),
                    hint=hint,
                    called=f"stranded/{payload['payment']}",
                )
            case "pay.refund_failed":
                title = _("Send the refund {refund} another way: it did not go through")
                return Work(
                    title=title.format(refund=payload["refund"]), called=f"failed/{payload['refund']}"
                )
            case "pay.refund_asked" if payload["second"]:
                title = _("Decide on the refund {refund}").format(refund=payload["refund"])
                return Work(
                    title=title,
                    hint=_("It is above what one person may refund alone."),
                    called=f"decide/{payload['refund']}",
                )
            case "pay.mismatch_found":
                title = _("Find out why {payment} differs from the provider’s report of {day}")
                return Work(
                    title=title.format(payment=payload["payment"], day=payload["day"]),
                    called=f"mismatch/{payload['mismatch']}",
                )
        return None

    def settles_work(self, fact: str, payload: Mapping[str, Any]) -> Sequence[Settled]:
        """Money that was used or went back, a refund somebody decided on, a difference that is explained."""
        match fact:
            case "pay.kept":
                why = _("What was paid was used after all.")
                return (Settled(called=f"stranded/{payload['payment']}", why=why),)
            case "pay.refunded" | "pay.refunded_elsewhere":
                return _settled_by_refund(payload["payment"], payload["refund"])
            case "pay.refund_approved" | "pay.refund_declined":
                return (Settled(called=f"decide/{payload['refund']}", why=_("Somebody has decided on it.")),)
            case "pay.mismatch_explained":
                why = _("It matches by now, or somebody has explained it.")
                return (Settled(called=f"mismatch/{payload['mismatch']}", why=why),)
        return ()

    def forget(self, forgetting: Forgetting) -> None:
        """What officers wrote about refunds. Payments outlive what people answered: the law asks for that."""
        api.forget(charges=forgetting.keys("charge"), journeys=forgetting.keys("journey"))


def _settled_by_refund(payment: str, refund: str) -> Sequence[Settled]:
    """Of a refund that did not go through at first, itself; once all went back, all there is about it."""
    settled = [Settled(called=f"failed/{refund}", why=_("It went back another way."))]
    if (failed := api.all_went_back(payment=payment)) is not None:
        why = _("All of the money went back.")
        settled.append(Settled(called=f"stranded/{payment}", why=why))
        settled += [Settled(called=f"failed/{each}", why=why) for each in failed if each != refund]
    return settled


def _held(visit: Visit) -> str:
    return str((visit.held or {}).get("charge", ""))


def _lines(options: Options, visit: Visit) -> list[rules.Line]:
    """What is to be paid for these answers; nothing where it comes to nothing. Raises `Stopped`."""
    today = visit.today
    if not expressions.holds(options.when, visit.words, today):
        return []
    made = []
    vats = {} if all(line.vat for line in options.lines) else _vats(visit)
    for line in options.lines:
        if not expressions.holds(line.when, visit.words, today):
            continue
        try:
            each = expressions.work_out_exactly(str(line.amount), visit.words, today)
            times = expressions.work_out_exactly(str(line.times), visit.words, today)
            pence = rules.to_pence(each) * int(times)
        except (expressions.CannotWorkOut, ValueError, OverflowError):
            raise Stopped(_no_price()) from None
        if pence < 0 or times != int(times) or times > MOST_TIMES:
            raise Stopped(_no_price())
        what = line.what if times == 1 else f"{line.what} × {int(times)}"
        vat = line.vat or vats.get(line.code, "")
        if not vat:
            raise Stopped(_no_price())
        if pence:
            made.append(rules.Line(what=what, pence=pence, vat=vat, code=line.code, id=line.id))
    return made


def _vats(visit: Visit) -> Mapping[str, Vat]:
    """The VAT treatment of each ledger code; of one the council has no more, as it was charged here."""
    held = _held(visit)
    charged = {line.code: line.vat for line in api.get(reference=held).lines} if held else {}
    return charged | {code: each.vat for code, each in api.ledger_codes().items()}


def _settles(charge: api.ChargeView, lines: Sequence[rules.Line]) -> bool:
    """Whether these lines are paid once the charge is."""
    return _agree(charge.lines, lines) and charge.state != api.CANCELLED and not charge.goes_back


def _agree(charged: Sequence[rules.Line], lines: Sequence[rules.Line]) -> bool:
    """Whether that was charged. The VAT within may be another by now: nobody pays again for that."""
    return [replace(each, vat="") for each in charged] == [replace(each, vat="") for each in lines]


def _no_price() -> Stop:
    return Stop(
        title=_("Sorry, there is a problem with the price"),
        reason=_("We cannot work out what this costs. You have not been charged."),
        instead=_("Contact us: we will do it for you."),
    )


def _rows(lines: Sequence[rules.Line]) -> list[Row]:
    rows = [Row(label=line.what, text=rules.as_text(line.pence)) for line in lines]
    vat = sum(part.vat for part in rules.whole(lines))
    total = rules.as_text(sum(line.pence for line in lines))
    if vat:
        total = _("{total} (including {vat} VAT)").format(total=total, vat=rules.as_text(vat))
    return [*rows, Row(label=_("Total"), text=total)]


def _failure(how: str) -> tuple[str, str]:
    match how:
        case "declined":
            return (
                _("Your payment was declined"),
                _("No money was taken. Try another card, or ask your bank."),
            )
        case "expired":
            return _("You did not pay in time"), _("No money was taken. You can try again.")
        case "cancelled":
            return _("You cancelled your payment"), _("No money was taken. You can try again.")
    return _("Your payment did not go through"), _("No money was taken. You can try again.")


def _expression_problems(text: str, outline: Outline, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not text:
        return
    try:
        used = expressions.names(text)
    except expressions.NotUnderstood as fault:
        yield Problem(path=path, what=fault.what, instead=fault.instead)
        return
    for name in sorted(used - outline.words):
        what = _("Nothing is called “{name}” here.").format(name=name)
        yield Problem(path=path, what=what, instead=_nearest(name, outline.words))


def _may_be_negative(text: str) -> bool:
    """Whether something is taken away with nothing that keeps it from going below zero."""
    try:
        return rules.may_be_negative(expressions.read(text))
    except expressions.NotUnderstood:
        return False


def _code_problems(line: LineOptions, outline: Outline, path: tuple[str | int, ...]) -> Iterator[Problem]:
    known = outline.known.get("ledger-codes")
    if known is not None and line.code not in known:
        what = _("The council has no ledger code “{code}”.").format(code=line.code)
        yield Problem(path=path, what=what, instead=_nearest(line.code, known))


def _nearest(written: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    if near:
        return _("Did you mean “{name}”?").format(name=near[0])
    return _("There are: {names}.").format(names=", ".join(names)) if names else ""
