"""``notify: confirmation`` under ``on:``."""

from dataclasses import dataclass

import msgspec
import pytest

from vestry.design.capability import Happening, Outline
from vestry.notify import api as notify
from vestry.notify import models
from vestry.notify.step import Notify
from vestry.notify.tests.posted import AMAL, CASE, NOON, the_message


@dataclass
class Message:
    subject: str
    body: str


MESSAGES = {
    "confirmation": Message(subject="Your reference is ((reference))", body="Hello ((name))."),
    "slip": Message(subject="About ((Refrence))", body="((nowhere??Text))"),
}


def problems(name):
    outline = Outline(
        service="missed-bin",
        questions={},
        words=frozenset({"reference", "name"}),
        messages=MESSAGES,
        known={},
    )
    return list(Notify().problems(msgspec.convert(name, Notify.options), outline))


def test_a_message_that_is_there_is_well():
    assert problems("confirmation") == []


def test_a_misspelt_message_is_told_with_the_nearest():
    (problem,) = problems("confirmaton")
    assert "“confirmaton”" in problem.what
    assert problem.instead == "Did you mean “confirmation”?"


def test_a_message_like_no_other_is_told_with_all_there_are():
    (problem,) = problems("zzz")
    assert problem.instead == "There are: confirmation, slip."


def test_words_nothing_will_fill_are_told():
    near, far = problems("slip")
    assert "((Refrence))" in near.what
    assert (near.message, near.path, far.path) == ("slip", ("subject",), ("body",))
    assert near.instead == "Did you mean “((reference))”?"
    assert "((nowhere))" in far.what
    assert far.instead == "There are: name, reference."


@pytest.mark.parametrize("nonsense", [{}, 3, None, ["confirmation"]])
def test_only_a_name_may_be_written(nonsense):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(nonsense, Notify.options)


def test_reacting_twice_is_reacting_once(council):
    happening = Happening(
        on="submitted",
        key="7:0",
        about=CASE,
        service="missed-bin",
        version=1,
        to=AMAL,
        words={"reference": "MB-7K3N-9QFA", "name": "Amal"},
        messages=MESSAGES,
        now=NOON,
    )
    Notify().react("confirmation", happening)
    Notify().react("confirmation", happening)
    message = the_message()
    assert (message.subject, message.body) == ("Your reference is MB-7K3N-9QFA", "Hello Amal.\n")
    assert (message.called, message.about) == ("confirmation", CASE)
    assert notify.sent() == [message]


def test_what_opens_a_door_is_hidden_and_keeps_its_name(council):
    happening = Happening(
        on="book.offered",
        key="8:0",
        about=CASE,
        service="missed-bin",
        version=1,
        to=AMAL,
        words={"reference": "MB-7K3N-9QFA", "name": "Amal"},
        messages=MESSAGES,
        opens=True,
        now=NOON,
    )
    Notify().react("confirmation", happening)
    # An offer that bounces is somebody's work: nobody asks for it again.
    kept = models.Message.objects.get()
    assert (kept.called, kept.secret) == ("confirmation", True)


@pytest.mark.parametrize(
    ("called", "state", "is_work"),
    [
        ("confirmation", "notify.message_failed", True),
        (notify.CODE, "notify.message_failed", False),
        ("code", "notify.message_failed", True),
        ("confirmation", "notify.message_sent", False),
        ("confirmation", "notify.message_returned", False),
    ],
)
def test_an_email_nobody_got_is_work_for_somebody(called, state, is_work):
    work = Notify().calls_for(state, {"message": 1, "called": called, "attempts": 1, "failure": "permanent"})
    assert (work is not None) is is_work
    assert work is None or f"“{called}”" in work.title
