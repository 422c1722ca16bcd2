"""What cannot be done, each in the sentence that people read. See `technology.api`."""

from vestry.kernel import Refused


class NoSuchTechnology(Refused):
    """There is no such technology in the register."""


class NoSuchSupplier(Refused):
    """There is no such supplier in the register."""


class NoSuchCalendar(Refused):
    """There is no such calendar. Whoever gave you the link may have made a new one."""


class NotPossibleNow(Refused):
    """This cannot be done as things stand. Base of all that can be mended by whoever asked."""


class WrittenMeanwhile(NotPossibleNow):
    """Somebody else changed what the register says of it after you opened this page. What you typed is still here: where it differs from what the register says now is shown. Save it again, and what the register says now is gone."""  # noqa: E501


class NothingToDecide(NotPossibleNow):
    """There is no assessment to decide. Begin one first."""


class OpenAlready(NotPossibleNow):
    """An assessment is open already. Decide that one first."""


class NotAllowedByWords(NotPossibleNow):
    """The six words do not allow this. What is not met or not known needs a waiver, and what is partly met needs conditions."""  # noqa: E501


class NotAnAddress(NotPossibleNow):
    """Enter a web address that begins with https:// or http://."""


class LookingAlready(NotPossibleNow):
    """It is being looked at already. Wait until that is done."""


class NoSuchEvidence(Refused):
    """There is no such evidence on this technology."""


class EvidenceChanged(Refused):
    """“{name}” is not what was kept any more: its hash no longer fits. Do not rest anything on it, and tell whoever looks after the database."""  # noqa: E501


class NoSourceGiven(NotPossibleNow):
    """Enter where the supplier says so."""


class NoReasonGiven(NotPossibleNow):
    """Say why."""


class NoConditions(NotPossibleNow):
    """Say what has to be done, and by when."""


class NoSuchWaiver(NotPossibleNow):
    """There is no such waiver that waits for an answer."""


class WaiverUnwritten(NotPossibleNow):
    """A waiver needs a reason, an owner, what is done instead, and the step by which we leave."""


class WaiverSamePerson(NotPossibleNow):
    """Whoever asks for a waiver cannot grant it."""


class WaiverEndsBefore(NotPossibleNow):
    """A waiver has to end on a day to come."""


class WaiverTooLong(NotPossibleNow):
    """A waiver ends after 12 months, or on the last day of notice: {latest} at the latest."""


class WaiverTooOften(NotPossibleNow):
    """A waiver can be renewed twice, and no more."""


class WaiverNotPublic(NotPossibleNow):
    """The second time a waiver is renewed, members decide it in public. Say where they did."""


FAULTS: dict[str, type[NotPossibleNow]] = {
    "unwritten": WaiverUnwritten,
    "same-person": WaiverSamePerson,
    "ends-before": WaiverEndsBefore,
    "too-long": WaiverTooLong,
    "too-often": WaiverTooOften,
    "not-public": WaiverNotPublic,
}
