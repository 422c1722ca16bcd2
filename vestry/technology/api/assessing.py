"""Looking at a technology: answers, what was seen, what was claimed. See `technology.api`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.data import rubrics
from vestry.technology.api.refusals import NoReasonGiven, OpenAlready
from vestry.technology.api.register import entry_of, row_of
from vestry.technology.api.standing import case_of
from vestry.technology.ports import LARGEST, RawEvidence, Run, Verdict
from vestry.technology.rules import states
from vestry.technology.rules.criteria import asked


def begin(*, technology: str, kind: str, by: Ref, now: datetime) -> int:
    """Begin an assessment: ``buy``, ``renew`` or ``build``. Returns its number. Raises `NoSuchTechnology`,
    `OpenAlready`.
    """
    with ledger.transaction():
        row = row_of(technology, lock=True)
        assessments = models.Assessment.objects.filter(technology=row)
        if assessments.filter(state=states.ASKING).exists():
            raise OpenAlready
        number = assessments.count() + 1
        models.Assessment.objects.create(
            technology=row, number=number, kind=kind, state=states.ASKING, begun_by=str(by), begun_at=now
        )
        criteria = asked(case_of(entry_of(row), kind), rubrics())
        fact = events.AssessmentBegun(number=number, kind=kind, asked=len(criteria))
        ledger.record(fact, subject=Ref("technology", technology), actor=by, now=now)
        return number


def answer(
    *,
    technology: str,
    criterion: str,
    verdict: Verdict,
    means: str,
    sentence: str,
    by: Ref,
    now: datetime,
    day: date | None = None,
) -> None:
    """Keep what somebody says about a criterion, and how they know. ``day`` is when it was so; today
    when left out. Raises `NoSuchTechnology`, and `NoReasonGiven` without a sentence.
    """
    if not sentence.strip():
        raise NoReasonGiven
    with ledger.transaction():
        row = row_of(technology, lock=True)
        said = {
            "criterion": criterion,
            "verdict": verdict.value,
            "means": means,
            "sentence": sentence.strip(),
        }
        keep(_ref(row), said, day=day or local_day(now), by=by, now=now)


def take_run(*, about: Ref, run: Run, by: Ref, now: datetime, look: int = 0) -> int:
    """Keep what was seen in one look at a technology or a service, with its raw evidence. Returns how many
    findings. ``look`` is its number, where an officer asked for it here.

    What could not be seen this time takes nothing away from what was seen before.
    """
    known = rubrics().criteria
    with ledger.transaction():
        files = {each.name: _file(each) for each in run.evidence}
        told = models.Evidence.objects.filter(about=str(about), means="observed")
        before = set(told.exclude(verdict=Verdict.NOT_KNOWN).values_list("criterion", flat=True))
        found = [
            each
            for each in run.findings
            if each.criterion in known and (each.verdict != Verdict.NOT_KNOWN or each.criterion not in before)
        ]
        for each in found:
            said: dict[str, object] = {
                "criterion": each.criterion,
                "verdict": each.verdict.value,
                "means": "observed",
                # What a page says may hold what PostgreSQL does not take.
                "sentence": each.said.replace("\x00", "").encode(errors="replace").decode(),
                "source": run.address[:300],
                "tool": f"{run.tool} {run.version}"[:200],
                "look": look,
                "files": [files[name] for name in each.evidence if name in files],
            }
            keep(about, said, day=local_day(run.started), by=by, now=now)
        return len(found)


def _file(raw: RawEvidence) -> dict[str, str]:
    content = raw.read()[:LARGEST]
    sha256 = hashlib.sha256(content).hexdigest()
    models.Kept.objects.get_or_create(
        sha256=sha256, defaults={"media_type": raw.media_type, "content": content}
    )
    return {"name": raw.name, "media_type": raw.media_type, "sha256": sha256}


def _ref(row: models.Technology) -> Ref:
    return Ref("technology", row.slug)


def keep(about: Ref, said: Mapping[str, object], *, day: date, by: Ref, now: datetime) -> None:
    """Keep one piece of evidence, inside a transaction. ``said`` are its columns."""
    made = models.Evidence(about=str(about), day=day, by=str(by), at=now, **said)
    made.sha256 = made.digest
    made.save()
    fact = events.EvidenceKept(
        criterion=made.criterion,
        verdict=made.verdict,
        means=made.means,
        day=day.isoformat(),
        sha256=made.sha256,
    )
    ledger.record(fact, subject=about, actor=by, now=now)


def known_already(
    technology: str, pieces: Iterable[tuple[str, str, date]]
) -> frozenset[tuple[str, str, date]]:
    """Which of these (criterion, means, day) are kept already."""
    rows = models.Evidence.objects.filter(about=str(Ref("technology", technology)))
    return frozenset(pieces) & frozenset(rows.values_list("criterion", "means", "day"))
