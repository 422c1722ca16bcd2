"""What can't be done with a strategy, each in a sentence. See `strategy.api`."""

from __future__ import annotations

from vestry.kernel import Refused


class NoSuchStatement(Refused):
    """There is no such statement in the council's strategy."""


class NotDecidedHere(Refused):
    """The layer “{layer}” is not yours to change. You can propose a change, and it waits for a decision."""


class NotUnderstood(Refused):
    """This cannot be saved as it is. Base of all that can be mended by whoever wrote it."""


class NoSuchLayer(NotUnderstood):
    """There is no layer “{layer}” in the council's strategy."""


class SaysNothing(NotUnderstood):
    """Enter what it should say."""


class NoReason(NotUnderstood):
    """Say why it should be changed."""


class NoAnswer(NotUnderstood):
    """Say why not: whoever proposed it reads your answer."""


class NameTaken(NotUnderstood):
    """There is a statement of that name, or there was one. Choose another name."""


class NotAName(NotUnderstood):
    """A name begins with a small letter and has small letters and digits, with a hyphen between words, like
    clean-streets, and at most 60 of them."""


class ServesNothing(NotUnderstood):
    """Say what it serves: the statement above it that says why."""


class NotAbove(NotUnderstood):
    """It can only serve what is above it."""


class SkipsLayer(NotUnderstood):
    """It skips a layer. Say why, or let it serve something in between."""


class LeftBehind(NotUnderstood):
    """In the layer “{layer}”, “{slug}” could not be served by “{child}” as it is now. Let that serve
    something else, or say why it skips a layer.
    """


class StillServed(NotUnderstood):
    """Something still serves it. Let that serve something else first."""


class NotWaiting(Refused):
    """This proposal was decided already, or there is none of that number."""
