"""What a definition may write under ``notify``."""

from __future__ import annotations

from typing import Annotated

import msgspec

MessageName = Annotated[
    str, msgspec.Meta(description="The name of one of the service's messages.", examples=["confirmation"])
]
