"""What somebody who pays sees: plain pages that need no script, and fit a phone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from vestry.outbound.govuk_pay.simulator import account as there

_STYLE = """
body{font:19px/1.4 arial,sans-serif;margin:0;color:#0b0c0c}
main,header,.notice{max-width:640px;margin:0 auto;padding:15px}
header{font-weight:700;color:#fff}.bar{background:#0b0c0c}.notice{background:#f3f2f1;
border-left:5px solid #1d70b8;margin-top:15px;font-size:16px}h1{font-size:32px;line-height:1.1}
label,legend{display:block;font-weight:700;margin:20px 0 5px}.hint{color:#505a5f;font-weight:400}
input[type=text]{font:inherit;border:2px solid #0b0c0c;padding:5px;width:100%;
box-sizing:border-box;height:44px}
.short{max-width:8em}:focus{outline:3px solid #fd0;box-shadow:inset 0 0 0 2px}
button{font:inherit;background:#00703c;color:#fff;border:0;box-shadow:0 2px 0 #002d18;padding:9px 14px;
margin:25px 15px 0 0;cursor:pointer;min-height:44px}button.second{background:#f3f2f1;color:#0b0c0c;
box-shadow:0 2px 0 #929191}.errors{border:5px solid #d4351c;padding:15px;margin:20px 0}
.errors a,.error{color:#d4351c;font-weight:700}li{margin:5px 0}code{white-space:nowrap}
"""
FIELDS = {
    "cardNo": "Card number",
    "expiry": "Expiry date",
    "cvc": "Card security code",
    "name": "Name on card",
}
_HINTS = {"expiry": "For example, 10/30", "cvc": "The last 3 digits on the back of the card"}


def money(pence: int) -> str:
    """£30.00."""
    return f"£{pence // 100:,}.{pence % 100:02}"


def _page(title: str, inside: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - GOV.UK Pay simulator</title><style>{_STYLE}</style></head>"
        '<body><div class="bar"><header>GOV.UK Pay simulator</header></div>'
        f"<main>{inside}</main></body></html>"
    )


def mistakes(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the card as it was typed, by field."""
    found = {name: f"Enter the {label.lower()}" for name, label in FIELDS.items() if not given.get(name)}
    number = "".join(given.get("cardNo", "").split())
    known = {*there.GOOD, there.DECLINED, there.EXPIRED_CARD, there.BAD_CODE, there.BROKEN}
    if number and number not in known:
        found["cardNo"] = "Enter one of the test card numbers: real cards cannot be used here"
    if number == there.EXPIRED_CARD:
        found["expiry"] = "This card has expired. Use another card"
    if number == there.BAD_CODE:
        found["cvc"] = "The card security code is not right. Use another card"
    return found


def card(payment: Mapping[str, Any], given: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    """The page that asks for the card."""
    errors = "".join(f'<li><a href="#{name}">{escape(what)}</a></li>' for name, what in wrong.items())
    summary = (
        f'<div class="errors" role="alert"><h2>There is a problem</h2><ul>{errors}</ul></div>'
        if wrong
        else ""
    )
    fields = "".join(
        _field(name, label, given.get(name, ""), wrong.get(name, "")) for name, label in FIELDS.items()
    )
    amount = money(int(payment["amount"]))
    return _page(
        f"{'Error: ' if wrong else ''}Enter card details",
        f"{summary}<h1>Enter card details</h1>"
        f"<p>{escape(str(payment['description']))}<br><b>Total: {amount}</b></p>"
        '<div class="notice">No money moves here. Test cards: <ul>'
        "<li><code>4242 4242 4242 4242</code> is accepted</li>"
        f"<li><code>{there.DECLINED}</code> is declined</li>"
        f"<li><code>{there.EXPIRED_CARD}</code> has expired</li>"
        f"<li><code>{there.BROKEN}</code> breaks</li></ul>"
        "Any date to come, any code, any name.</div>"
        f'<form method="post" novalidate>{fields}'
        f'<button name="do" value="pay">Pay {amount}</button>'
        '<button class="second" name="do" value="cancel" formnovalidate>Cancel payment</button></form>',
    )


def _field(name: str, label: str, value: str, wrong: str) -> str:
    hint = f'<span class="hint" id="{name}-hint"><br>{_HINTS[name]}</span>' if name in _HINTS else ""
    error = f'<p class="error" id="{name}-error">Error: {escape(wrong)}</p>' if wrong else ""
    told = f' aria-describedby="{name}-error"' if wrong else ""
    short = ' class="short"' if name in _HINTS else ""
    numeric = ' inputmode="numeric"' if name != "name" else ""
    return (
        f'<label for="{name}">{label}{hint}</label>{error}<input type="text" id="{name}" name="{name}"'
        f'{short}{numeric}{told} value="{escape(value)}" autocomplete="off">'
    )


def over(payment: Mapping[str, Any] | None) -> str:
    """The page of a payment that cannot be paid any more; None for one that never was."""
    if payment is None:
        return _page("Page not found", "<h1>Page not found</h1><p>There is no such payment.</p>")
    said = {
        "success": "Your payment was successful",
        "failed": "Your payment did not go through",
        "cancelled": "This payment was cancelled",
    }.get(str(payment["status"]), "This payment cannot be finished")
    said = "Your payment session has expired" if payment["code"] == "P0020" else said
    declined = "Your payment has been declined" if payment["code"] == "P0010" else said
    back = escape(str(payment["return_url"]))
    return _page(declined, f'<h1>{declined}</h1><p><a href="{back}">Go back to the service</a></p>')


def switches(on: Collection[str]) -> str:
    """The page on which it is told how to break."""
    boxes = "".join(
        f'<li><label class="hint"><input type="checkbox" name="fault" value="{name}"'
        f"{' checked' * (name in on)}> {escape(said)}</label></li>"
        for name, said in there.FAULTS.items()
    )
    return _page(
        "How it behaves",
        "<h1>How the simulator behaves</h1><p>It stands in for GOV.UK Pay in the demo. No money moves.</p>"
        f'<form method="post"><ul>{boxes}</ul><button>Save</button></form>',
    )
