"""Who looks at products."""

from __future__ import annotations

from vestry.config import environment
from vestry.technology.ports import Probes


def adapter() -> Probes:
    """The probes. Only the demo looks at its own machine: elsewhere that would be a way inside."""
    from vestry.outbound.probes import Probes as Ours  # noqa: PLC0415 - brings a browser's library along

    return Ours(machine=environment.DEMO)
