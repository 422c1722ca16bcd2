"""The strategy at 100,000 statements and 1,000,000 cases: measures, whys, one preview; beside plain SQL.

`python -m bench strategy [STATEMENTS] [TIMES]`. Needs PostgreSQL. The cases come as they do in the house, as
tallies: a day and service at a time, five years of 100 services. The plain SQL counts items and words a
layer, and climbs one ladder by a recursive query, in the same run: alone, and with eight clients asking at
once, each a process of its own.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context

from bench._house import in_a_house
from bench.desk import tell

CASES, DAYS, SERVICES, CLIENTS = 1_000_000, 5 * 365, 100, 8
# Of each layer ten times as many as of the one above it, the bottom taking what is left.
SHARES = {"purpose": 1, "principle": 10, "strategy": 100, "outcome": 1_000, "service": 5_000, "plan": 20_000}
LADDER = """
with recursive up(slug) as (
  select %s::text union select link.parent from strategy_link link join up on link.child = up.slug
  where link.kind = 'serves' and link.until is null)
select up.slug, wording.sentence from up join strategy_statement s on s.slug = up.slug
join strategy_wording wording on wording.statement_id = s.id and wording.until is null
"""
COUNTS = """
select s.layer, count(*), sum(w.words)
from strategy_wording w join strategy_statement s on s.id = w.statement_id
where w.until is null group by 1
"""

OFFICER = "cai-rees"


def main(arguments: list[str]) -> int:
    number = int(arguments[0]) if arguments else 100_000
    times = int(arguments[1]) if arguments[1:] else 200
    return in_a_house(measure, number, times)


def measure(number: int, times: int) -> None:
    from pathlib import Path

    from django.db import connection

    from vestry.config.commands.migrate import bring_up_to_date
    from vestry.councils import api as councils
    from vestry.kernel import SYSTEM, local_day, utc_now
    from vestry.people import api as people
    from vestry.services import api as services
    from vestry.strategy import api

    bring_up_to_date(verbosity=0)
    pack = Path(__file__).parents[1] / "packs" / "harrowmere"
    # Nobody comes to the picture without a second step; one that everybody may know is enough here.
    published = {"demo_password": "only for a bench", "demo_second_step": [OFFICER]}
    services.publish_pack(folder=pack, now=utc_now(), actor=SYSTEM, **published)
    today = local_day(utc_now())
    with councils.scope(councils.all_councils()[0]), connection.cursor() as cursor:
        leaf = fill(number, today)
        cursor.execute("analyze")

        def bare(sql: str, *words: object) -> None:
            connection.ensure_connection()
            with connection.connection.cursor() as raw:
                raw.execute(sql, words or None).fetchall()

        officer = people.get_officer("dora-lunt")
        top = api.Change(kind="reword", slug="s-0", sentence="People live very well here.")
        middle = api.Change(kind="reword", slug="s-50", sentence="We keep every street clean.")
        preview = {"officer": officer, "now": utc_now()}
        print(f"{number:,} statements, {CASES:,} cases of {SERVICES} services in {DAYS} days; in ms:")
        tell("ladder, plain SQL", times, lambda: bare(LADDER, leaf))
        tell("ladder (why)", times, lambda: api.why(leaf))
        tell("remembered (why_service)", times, lambda: api.why_service("service-1"))
        tell("preview, a strategy", 20, lambda: api.before_saving(**preview, change=middle))
        tell("preview, the purpose", 2, lambda: api.before_saving(**preview, change=top))
        tell("layers, plain SQL", 5, lambda: bare(COUNTS))
        tell("all of it read", 1, api.graph)
        tell("read and measured", 1, lambda: api.picture(today))
        tell("the picture, measured", 20, lambda: api.picture(today))
        tell("50 gaps of a kind", 20, lambda: api.gaps(today, check="stale", skip=50_000, most=50))
        client = signed_in()
        show(client)
        print(f"{CLIENTS} clients at once:")
        together("ladder, plain SQL", times, lambda: bare(LADDER, leaf))
        together("ladder (why)", times, lambda: api.why(leaf))
        together("a sentence's page", times // 4, lambda: client.get(f"/desk/strategy/words/{leaf}/"))


def signed_in():
    from django.test import Client

    from vestry.people.models import Account

    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(email=f"{OFFICER.replace('-', '.')}@harrowmere.example"))
    return client


def show(client) -> None:
    answer = client.get("/desk/strategy/")
    if answer.status_code != 200:
        raise SystemExit(f"The picture answered {answer.status_code}: nothing was measured.")
    small = len(gzip.compress(answer.content))
    print(f"  the picture's page: {len(answer.content):,} bytes, {small:,} compressed")
    tell("the picture's page", 20, lambda: client.get("/desk/strategy/"))


def together(name: str, times: int, run: Callable[[], object]) -> None:
    """The same asked by several at once, each so many times, from processes that share nothing."""
    from django.db import connection

    connection.close()
    fork = get_context("fork")
    told, ready = fork.Queue(), fork.Barrier(CLIENTS)

    def ask() -> None:
        run()  # its own connection first
        ready.wait(60)
        took = []
        for _ in range(times):
            began = time.perf_counter()
            run()
            took.append((time.perf_counter() - began) * 1000)
        told.put(took)

    asking = [fork.Process(target=ask) for _ in range(CLIENTS)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
        if each.exitcode:
            raise SystemExit(f"{name}: one of them broke, so nothing was measured.")
    took = sorted(one for _ in asking for one in told.get())
    print(f"  {name:<20} p50 {statistics.median(took):6.1f}   p95 {took[int(len(took) * 0.95)]:6.1f}")


def fill(number: int, today) -> str:
    """Statements, a link up for each, and tallies; gives the name of one at the bottom."""
    from vestry.strategy import models

    slugs: list[tuple[str, str]] = []
    above: list[str] = []
    links, layer_slugs = [], []
    shares = {**SHARES, "activity": max(number - sum(SHARES.values()), 0)}
    for layer, share in shares.items():
        mine = []
        for _ in range(min(share, number - len(slugs))):
            slug = f"s-{len(slugs)}"
            slugs.append((slug, layer))
            mine.append(slug)
            if above:
                links.append((slug, above[len(mine) % len(above)]))
        above = mine or above
        layer_slugs.append(mine)
    models.Statement.objects.bulk_create(
        (
            models.Statement(slug=slug, layer=layer, place=1_000 + place, owner=f"team-{place % 40}")
            for place, (slug, layer) in enumerate(slugs)
        ),
        batch_size=5_000,
    )
    pks = dict(models.Statement.objects.values_list("slug", "pk"))
    since = today - timedelta(days=400)
    models.Wording.objects.bulk_create(
        (
            models.Wording(
                statement_id=pks[slug],
                number=1,
                sentence=f"We do {said(place)} and {said(place * 7)} for {said(place * 13)} number {place}.",
                since=since,
                words=9,
                came=9,
                went=0,
                by="system:vestry",
            )
            for place, (slug, _layer) in enumerate(slugs)
        ),
        batch_size=5_000,
    )
    models.Link.objects.bulk_create(
        (models.Link(child=child, parent=parent, kind="serves", since=since) for child, parent in links),
        batch_size=5_000,
    )
    hang(layer_slugs[3] or ["s-0"], today, since)
    return slugs[-1][0]


def hang(outcomes: list[str], today, since) -> None:
    """Services under the outcomes, and the cases each had on each day."""
    from vestry.strategy import models

    for n in range(SERVICES):
        name, why = f"service-{n}", outcomes[n % len(outcomes)]
        models.Hung.objects.create(
            kind="service", slug=name, number=1, title=name, since=since, words=40, came=40, went=0
        )
        models.Link.objects.create(child=f"service:{name}", parent=why, kind="serves", since=since)
    day = CASES / (SERVICES * DAYS)
    models.Tally.objects.bulk_create(
        (
            models.Tally(
                service=f"service-{n}",
                day=today - timedelta(days=back),
                opened=round((back + 1) * day) - round(back * day),
                closed=round(back * day) - round((back - 1) * day) if back else 0,
                words_in=300,
                words_out=280,
                said=20,
            )
            for n in range(SERVICES)
            for back in range(DAYS)
        ),
        batch_size=5_000,
    )


def said(number: int) -> str:
    return f"thing{number % 977}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
