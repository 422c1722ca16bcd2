"""One slot that many want, checkouts a second, and a year of free times.

1. `CLIENTS` threads try for one slot of capacity 5, all from the same moment: how many had it, how many were
   refused, and after how long the last one had its answer.
2. Held and booked again and again: checkouts (hold, then confirm) a second on one calendar and over 50.
3. What is free in a year of 200 resources, a third of it taken: one search over all of them.

Beside each stands the nearest bare thing: how long the database takes for one write that is made sure of.
On a PostgreSQL of its own; with the argument `sqlite`, on SQLite.
"""

from __future__ import annotations

from bench._house import in_a_house


def main(arguments: list[str]) -> int:
    """Run all of it once."""
    return in_a_house(measure, embedded=arguments == ["sqlite"])


def measure() -> None:
    from bench._slots import measure_slots

    measure_slots()
