"""A few technologies to try things with."""

from datetime import UTC, date, datetime

from vestry.kernel import Ref
from vestry.technology import api as technology
from vestry.technology.ports import Finding, RawEvidence, Run

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
GRACE, PRIYA = Ref("officer", "grace"), Ref("officer", "priya")
TOOL = technology.Entry(
    slug="tidy-rounds",
    title="Tidy Rounds",
    supplier="Example Tidy Ltd",
    what="Plans the rounds of the crews.",
    address="https://tidy.example",
    hosting="saas",
    owner="waste",
    information_class="official",
    guide="https://harrowmere.example/guide",
    users=("staff",),
    people=6,
    pounds=3_000,
    capabilities=("rounds",),
    contract=technology.Contract(
        start=date(2026, 1, 31), initial=12, extension=12, most=None, tacit=True, notice=2
    ),
)
OLD = technology.Entry(
    slug="old-booker",
    title="Old Booker",
    supplier="Example Old plc",
    what="Books rooms.",
    hosting="on-premises",
    owner="waste",
    information_class="official-personal",
    users=("staff", "public"),
    people=300,
    pounds=48_000,
    capabilities=("booking",),
)


def put():
    """Both of them into the register of the council in scope."""
    technology.put_entries([TOOL, OLD], now=NOON)


def answer_all(slug, verdict=technology.Verdict.MET, *, now=NOON, but=()):
    """Say the same of everything that is asked."""
    stand = technology.get_stand(slug, now.date())
    for each in stand.criteria:
        if each.means == ("worked-out",) or each.id in but:
            continue
        means = next(one for one in each.means if one != "worked-out")
        technology.answer(
            technology=slug,
            criterion=each.id,
            verdict=verdict,
            means=means,
            sentence="Seen.",
            by=PRIYA,
            now=now,
        )


def decided(slug, outcome="proceed", *, now=NOON, kind="renew"):
    """Assessed, all of it met, and decided."""
    technology.begin(technology=slug, kind=kind, by=PRIYA, now=now)
    answer_all(slug, now=now)
    made = technology.Deciding(outcome=outcome, reason="It is good.")
    technology.decide(technology=slug, made=made, by=GRACE, now=now)


def run(*findings, started=NOON, address="https://old.example/"):
    """What a look saw: that it does not fit a phone, unless something else is said."""
    seen = Finding(
        criterion="M1",
        verdict=technology.Verdict.NOT_MET,
        sentence="{width} pixels at 360.",
        words={"width": 1024},
        evidence=("headers.txt",),
    )
    return Run(
        address=address,
        tool="vestry probes",
        version="1",
        started=started,
        ended=started,
        findings=findings or (seen,),
        evidence=(RawEvidence(name="headers.txt", media_type="text/plain", content=b"server: old"),),
    )


KEPT = run().evidence[0].sha256
