"""Booking and paying in any order: each state machine of the tests, tried as often as is asked for.

`python -m bench orders [EXAMPLES] [NAME ...]`: 10,000 of each unless said, all machines unless named. They
are tried in shares of `SHARE`, each with a seed of its own that is told, on every core at once; a share that
fails says how to see it again, and the others go on. At the end: the seconds of a core all of it took.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

MACHINES = {
    "book": "vestry/book/tests/test_machine.py::test_in_any_order",
    "pay": "vestry/pay/tests/test_any_order.py::test_no_penny_is_lost_sight_of_in_any_order",
    "till": "tests/saga/test_saga.py::test_whatever_happens_and_in_whatever_order",
    "rooms": "tests/saga/test_rooms.py::test_whatever_happens_in_the_rooms_as_they_are",
    "work": "tests/saga/test_work_settled.py::test_whatever_happens_to_the_money",
    "days": "tests/saga/test_booked_days.py::test_whatever_happens_to_the_booking",
}
# Small enough that an hour's work is not lost with one fault; large enough that a new process costs little.
SHARE = 250


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many examples of one machine, from one seed."""

    machine: str
    examples: int
    seed: int

    @property
    def command(self) -> list[str]:
        """How it is run, and seen again."""
        quiet = ["--no-header", "-q", "-p", "no:cacheprovider"]
        return [
            sys.executable,
            "-m",
            "pytest",
            *quiet,
            f"--hypothesis-seed={self.seed}",
            MACHINES[self.machine],
        ]


def main(arguments: list[str]) -> int:
    """Try them; 1 where any failed."""
    wanted = int(arguments[0]) if arguments else 10_000
    names = arguments[1:] or list(MACHINES)
    if unknown := [name for name in names if name not in MACHINES]:
        print(f"There is no machine {', '.join(unknown)}. There are: {', '.join(MACHINES)}.")
        return 2
    done, failed = Counter[str](), list[Share]()
    begun = perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for share, words in pool.map(run, shares(names, wanted)):
            if words:
                failed.append(share)
                print(words)
            else:
                done[share.machine] += share.examples
            said = "failed" if words else f"{done[share.machine]:,} of {wanted:,}"
            print(f"{perf_counter() - begun:6.0f} s  {share.machine}, seed {share.seed}: {said}", flush=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:,.0f} seconds of a core in {perf_counter() - begun:,.0f} seconds")
    for share in failed:
        print(f"to see it again: VESTRY_EXAMPLES={share.examples} {' '.join(share.command)}")
    return int(bool(failed))


def shares(names: list[str], wanted: int) -> Iterator[Share]:
    """All there is to do, in turns, so that whoever stops it early has tried something of each."""
    chance = random.SystemRandom()
    for before in range(0, wanted, SHARE):
        for name in names:
            yield Share(machine=name, examples=min(SHARE, wanted - before), seed=chance.randrange(10**9))


def run(share: Share) -> tuple[Share, str]:
    """Run it; with what was said where it failed."""
    more = {"VESTRY_EXAMPLES": str(share.examples), "VESTRY_TEST_DATABASE": "sqlite"}
    came = subprocess.run(share.command, env=os.environ | more, capture_output=True, text=True, check=False)
    return share, "" if came.returncode == 0 else came.stdout + came.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
