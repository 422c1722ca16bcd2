"""What may be taken, decided by looking into it; and what it is called from then on."""

from vestry.documents.rules import decoders
from vestry.documents.rules.content import (
    KINDS,
    LARGEST,
    MEGABYTE,
    TYPES,
    Kind,
    kinds_of,
    look,
    too_big,
)
from vestry.documents.rules.names import tidy_name
from vestry.documents.rules.refusals import (
    Damaged,
    Empty,
    Heavy,
    Locked,
    Mixed,
    NotTaken,
    PhonePhoto,
    Renamed,
    TooBig,
    TooManyUnsent,
    WrongKind,
)

__all__ = [
    "KINDS",
    "LARGEST",
    "MEGABYTE",
    "TYPES",
    "Damaged",
    "Empty",
    "Heavy",
    "Kind",
    "Locked",
    "Mixed",
    "NotTaken",
    "PhonePhoto",
    "Renamed",
    "TooBig",
    "TooManyUnsent",
    "WrongKind",
    "decoders",
    "kinds_of",
    "look",
    "tidy_name",
    "too_big",
]
