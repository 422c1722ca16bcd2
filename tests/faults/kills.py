"""Kill web, worker and database under load, and count what was acknowledged against what is there.

`python -m tests.faults.kills [KILLS] [SEED]`. The seed decides what is killed when; what each process was
doing at that moment, the machine decides.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.residents import Program, Resident, Told
from tests.faults.town import PATIENCE, Town
from tools import postgres

PROGRAMS, RESIDENTS = 4, 3


@dataclass
class Count:
    """What came of it. ``wrong`` is empty when nothing acknowledged was lost or doubled."""

    kills: Counter[str] = field(default_factory=Counter)
    told: Told = field(default_factory=Told)
    submissions: int = 0
    messages: int = 0
    came_again: int = 0
    started_again: int = 0
    seconds: float = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        killed = ", ".join(f"{number} × {name}" for name, number in sorted(self.kills.items()))
        return "\n".join(
            [
                f"killed {sum(self.kills.values())} times in {self.seconds:.0f} s: {killed}",
                f"ended by itself and started again: {self.started_again}",
                f"requests: {self.told.tries}, of which {self.told.failures} failed and were tried again",
                f"acknowledged: {len(self.told.api)} by API, {len(self.told.pages)} on pages; "
                f"submissions there: {self.submissions}",
                f"messages: {self.messages}; {self.came_again} came more than once, with the same id",
                *(self.wrong or ["nothing acknowledged was lost, nothing doubled; the ledger verifies"]),
            ]
        )


def run(kills: int, seed: int, *, pause: tuple[float, float] = (0.2, 2.0)) -> Count:
    """A town, its people, and so many kills. Raises what makes it impossible to go on."""
    chance, count, over = random.Random(seed), Count(), threading.Event()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, postgres.running(durable=True) as database:
        town = Town(Path(folder), database)
        try:
            town.open()
            people = [
                kind(town.port, count.told, over, chance.randrange(2**32))
                for kind in [Program] * PROGRAMS + [Resident] * RESIDENTS
            ]
            for one in people:
                one.start()
            for _ in range(kills):
                time.sleep(chance.uniform(*pause))
                town.look_after()
                fault = chance.choice(town.faults())
                fault(chance)
                count.kills[fault.__name__] += 1
                # A town that nobody can use is no test: on from here once somebody was heard again.
                heard(town, count.told)
            town.wait_until_ready()
            heard(town, count.told, pages=True)
            over.set()
            for one in people:
                one.join(PATIENCE)
            settle(town)
            tally(town, count)
            count.started_again = town.started_again
        finally:
            over.set()
            town.close()
    count.seconds = time.monotonic() - began
    return count


def heard(town: Town, told: Told, *, pages: bool = False) -> None:
    """Wait until one more submission is acknowledged; with ``pages``, one made on pages."""
    until = time.monotonic() + PATIENCE
    before = len(told.pages) + (0 if pages else len(told.api))
    while len(told.pages) + (0 if pages else len(told.api)) == before:
        if time.monotonic() > until:
            raise AssertionError(f"Nothing was acknowledged in {PATIENCE} s:\n{town.log()}")
        town.look_after()
        time.sleep(0.02)


def settle(town: Town) -> None:
    """Let the workers finish. Leases of the killed and waits after a fault are over at once.

    However much there is to do on however slow a machine: patience is with what does not get less.
    """
    until, least = time.monotonic() + PATIENCE, math.inf
    past = "now() - interval '1 second'"
    while True:
        town.look_after()
        town.database.ask(
            f"update notify_message set next_try = {past} where state = 'queued'"
            " and next_try > now() + interval '5 seconds' returning 1"
        )
        town.database.ask(
            f"update ledger_held set next_try = {past}"
            " where next_try > now() + interval '5 seconds' returning 1"
        )
        ((left,),) = town.database.ask(
            "select (select count(*) from notify_message where state = 'queued')"
            " + (select count(*) from ledger_held)"
            " + (select coalesce(max(head.seq - coalesce(mine.seq, 0)), 0) from ledger_head head"
            "    left join ledger_position mine using (council_id))"
        )
        if not left:
            return
        if left < least:
            until, least = time.monotonic() + PATIENCE, left
        if time.monotonic() > until:
            raise AssertionError(
                f"{left} things are still to do:\n{(town.folder / 'log').read_text()[-3000:]}"
            )
        time.sleep(0.2)


def tally(town: Town, count: Count) -> None:
    """Acknowledged against there; everything that differs goes into ``count.wrong``."""
    ask, wrong, told = town.database.ask, count.wrong, count.told
    wrong += told.strange
    cases = Counter(reference for (reference,) in ask("select reference from cases_case"))
    journeys = ask("select subject from services_journey where state = 'submitted'")
    subjects = Counter(subject for (subject,) in journeys)
    facts = Counter(ask("select name, subject from ledger_entry"))
    count.submissions = len(subjects)
    for what, some in (("key", told.api), ("journey", told.pages)):
        wrong += [f"one {what} was told {len(refs)} references" for refs in some.values() if len(refs) > 1]
    twice = [one for one, times in Counter(told.references()).items() if times > 1]
    wrong += [f"{one} was told to two" for one in twice]
    wrong += [f"{one} was acknowledged and is not there" for one in told.references() if one not in cases]
    # Of everything that is there, acknowledged or not: one journey, one case, one fact of each.
    for reference, times in cases.items():
        seen = (times, subjects[f"case:{reference}"], *_facts_of(facts, reference))
        if seen != (1, 1, 1, 1):
            wrong.append(f"{reference}: cases, journeys, facts opened, facts submitted are {seen}")
    wrong += [f"{subject} has no case" for subject in subjects if subject.partition(":")[2] not in cases]
    _tally_messages(town, count, cases)
    town.vestry("verify")


def _facts_of(facts: Counter, reference: str) -> tuple[int, int]:
    subject = f"case:{reference}"
    return facts["cases.opened", subject], facts["services.submitted", subject]


def _tally_messages(town: Town, count: Count, cases: Counter) -> None:
    rows = town.database.ask("select message_id, about, state, called from notify_message")
    ids = {message_id for message_id, *_ in rows}
    taken = town.mailroom.taken
    count.messages, count.came_again = len(rows), sum(times > 1 for times in taken.values())
    count.wrong += [f"{about}: its message is {state}" for _, about, state, _ in rows if state != "sent"]
    count.wrong += [f"the message {one} is 'sent' and never came" for one in ids - set(taken)]
    count.wrong += [f"a message {one} came that nobody wrote" for one in set(taken) - ids]
    written = Counter(about.partition(":")[2] for _, about, _, called in rows if called == "confirmation")
    count.wrong += [f"{one} has {written[one]} confirmations" for one in cases if written[one] != 1]


def main(arguments: list[str]) -> int:
    kills = int(arguments[0]) if arguments else 200
    seed = int(arguments[1]) if arguments[1:] else random.randrange(10_000)
    print(f"{kills} kills, seed {seed}", flush=True)
    count = run(kills, seed)
    print(count)
    return 1 if count.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
