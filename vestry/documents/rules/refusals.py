"""Why a file is not taken, for whoever chose it. It stands beside a field, so without a full stop."""

from __future__ import annotations

from vestry.kernel import Refused


class NotTaken(Refused):
    """“{name}” cannot be taken"""


class Empty(NotTaken):
    """“{name}” is empty. Check that it opens on your device, or choose another file"""


class TooBig(NotTaken):
    """“{name}” must be smaller than {megabytes}MB"""


class TooManyUnsent(NotTaken):
    """“{name}” was not uploaded, because {most} files wait to be sent already. Remove one of them first"""


class WrongKind(NotTaken):
    """“{name}” must be {kinds}"""


class Renamed(NotTaken):
    """“{name}” is not what its name says. It must be {kinds}"""


class PhonePhoto(NotTaken):
    """“{name}” is a photo in the format HEIC, and it must be {kinds}. Take a screenshot of it and choose
    that, or save it as a JPG
    """


class Damaged(NotTaken):
    """“{name}” is damaged, or did not arrive whole. Choose another copy of it"""


class Heavy(NotTaken):
    """“{name}” is too large or too complicated for us to open. Save a smaller copy of it, and choose that"""


class Locked(NotTaken):
    """“{name}” is protected with a password. Choose a copy without one"""


class Mixed(NotTaken):
    """“{name}” has something else hidden in it. Choose another file"""
