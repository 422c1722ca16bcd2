"""The desk's list at 100,000 cases, for an officer of one team, beside the bare SQL of the same list.

`python -m bench desk [CASES] [TIMES]`. Half of the cases are closed; a third of the open ones are the
officer's team's. Needs PostgreSQL. The page is the whole of it: session, list, layout. The list is the door
`cases.inbox` alone. The bare SQL is its statement, sent again by psycopg.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from bench._house import in_a_house

FILL = """
insert into cases_case (council_id, reference, plan_id, service, journey, place, team, owner, stage,
    stage_since, due, shut, extended, opened_at, changed_at, closed_at, outcome)
select council_id, 'FOI-' || lpad(n::text, 9, '0'), id, service, '', 'Some street ' || n,
    (array['information-governance', 'waste', 'customer-services'])[1 + n %% 3], '', 'received', current_date,
    current_date + (n %% 90)::int, '[]', '[]', now() - n * interval '1 minute',
    now() - n * interval '1 minute',
    case when n %% 2 = 0 then now() end, case when n %% 2 = 0 then 'answered' else '' end
from cases_plan, generate_series(1, %s) n
"""


OFFICER = "tom-ashworth"


def main(arguments: list[str]) -> int:
    cases = int(arguments[0]) if arguments else 100_000
    times = int(arguments[1]) if arguments[1:] else 200
    return in_a_house(measure, cases, times)


def measure(cases: int, times: int) -> None:
    from pathlib import Path

    from django.db import connection
    from django.test import Client

    from bench._submission import watched
    from vestry.cases import api
    from vestry.config.commands.migrate import bring_up_to_date
    from vestry.councils import api as councils
    from vestry.kernel import SYSTEM, utc_now
    from vestry.people import api as people
    from vestry.services import api as services

    bring_up_to_date(verbosity=0)
    pack = Path(__file__).parents[1] / "packs" / "harrowmere"
    # Nobody comes to the list without a second step; one that everybody may know is enough here.
    published = {"demo_password": "only for a bench", "demo_second_step": [OFFICER]}
    services.publish_pack(folder=pack, now=utc_now(), actor=SYSTEM, **published)
    watched()  # one submission, so that there is a plan
    with councils.scope(councils.all_councils()[0]), connection.cursor() as cursor:
        cursor.execute(FILL, [cases])
        cursor.execute("analyze")
        officer = people.get_officer(OFFICER)
        seen: list[tuple[str, tuple]] = []

        def watch(execute, sql, params, many, context):
            seen.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            api.inbox(officer=officer, now=utc_now())
        ((sql, params),) = seen

        def bare() -> None:
            with connection.connection.cursor() as raw:
                raw.execute(sql, params).fetchall()

        print(f"{cases} cases, {times} times each, in ms:")
        tell("bare SQL", times, bare)
        tell("list (cases.inbox)", times, lambda: api.inbox(officer=officer, now=utc_now()))
        from vestry.people.models import Account

        client = Client(headers={"host": "localhost"})
        client.force_login(Account.objects.get(email=officer.email))
        answer = client.get("/desk/")
        if answer.status_code == 200:
            tell("page (/desk/)", times, lambda: client.get("/desk/"))
        else:
            print(f"  the page answered {answer.status_code}: signing in takes more than this bench does")


def tell(name: str, times: int, run: Callable[[], object]) -> None:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"  {name:<20} p50 {statistics.median(took):6.1f}   p95 {took[int(len(took) * 0.95)]:6.1f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
