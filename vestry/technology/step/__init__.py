"""Technology's part in a service: none of its steps, but the register that services run on."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from vestry.design.capability import Capability, PackFile
from vestry.technology.step.pack import TechnologiesFile


class Technologies(Capability):
    """Brings the register to every pack."""

    word: ClassVar[str] = "technology"
    written: ClassVar[bool] = False
    options: ClassVar[type[msgspec.Struct]] = msgspec.Struct
    pack_file: ClassVar[PackFile | None] = TechnologiesFile()
