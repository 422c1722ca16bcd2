"""What was seen, criterion by criterion. A criterion that no probe can see is not here."""

from __future__ import annotations

from collections.abc import Iterator

from vestry.kernel import mark
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.judging import cloud, customers, interoperable, keyboard, mobile, secure
from vestry.outbound.probes.judging.said import Judge, Said
from vestry.outbound.probes.seen import Seen
from vestry.technology.ports import Finding, Verdict

JUDGES: dict[str, Judge] = {
    **cloud.JUDGES,
    **mobile.JUDGES,
    **interoperable.JUDGES,
    **customers.JUDGES,
    **keyboard.JUDGES,
    **secure.JUDGES,
}


def judged(seen: Seen) -> Iterator[Finding]:
    """A finding for each. What could not be seen is not known, and says why."""
    for criterion, judge in JUDGES.items():
        try:
            if judge.needs_pages and seen.blocked is not None:
                raise seen.blocked
            said = judge.says(seen)
        except NotReached as why:
            said = Said(Verdict.NOT_KNOWN, why.sentence, words=why.words)
        except Exception as fault:  # noqa: BLE001 - a probe that breaks says nothing of the product
            words = {"fault": f"{type(fault).__name__}: {fault}"[:120]}
            said = Said(Verdict.NOT_KNOWN, mark("The probe itself failed: {fault}."), words=words)
        kept = tuple(name for name in (*said.evidence, *judge.evidence) if name in seen.kept)
        yield Finding(
            criterion=criterion,
            verdict=said.verdict,
            sentence=said.sentence,
            words=said.words,
            evidence=tuple(dict.fromkeys(kept)),
        )


__all__ = ["JUDGES", "judged"]
