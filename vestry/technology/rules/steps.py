"""The preference: software as a service before a platform, a platform before machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vestry.technology.ports import Verdict

LADDER = ("saas", "paas", "iaas", "on-premises")
# Fewer than this is no look at the market.
LOOKED_AT = 3


@dataclass(frozen=True, kw_only=True)
class Step:
    """Why one step of the ladder will not do: the reason, and how many products were looked at."""

    reason: str = ""
    looked_at: int = 0


def preference(kind: str, steps: Mapping[str, Step]) -> Verdict:
    """What C1 comes to: ``kind`` of the ladder, and for each rung above it why that will not do."""
    if kind not in LADDER:
        return Verdict.NOT_KNOWN
    if kind == "on-premises":
        return Verdict.NOT_MET
    above = [steps.get(rung, Step()) for rung in LADDER[: LADDER.index(kind)]]
    if not all(step.reason.strip() for step in above):
        return Verdict.NOT_MET
    return Verdict.MET if all(step.looked_at >= LOOKED_AT for step in above) else Verdict.PARTLY
