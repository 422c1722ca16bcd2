"""Makes up five years of cases for the example council: `python -m tools.past [--check]`.

No council had them. They are there so that the picture of the strategy can be played over time; the seed is
fixed, so that everybody sees the same.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

SEED = 1894
FILE = Path(__file__).parent.parent / "packs" / "harrowmere" / "past.yaml"
FIRST, LAST = (2021, 9), (2026, 10)
# For each service: its why, cases a month, the share still open after one, words and other facts a case, and
# when it was first offered and changed (with the words it then had).
SERVICES = {
    "missed-bin": (
        "bins-on-the-day",
        420,
        0.06,
        38,
        3,
        {"2021-09": 22, "2023-02": 61, "2024-06": 74, "2026-01": 98},
    ),
    "freedom-of-information": (
        "answers-in-time",
        70,
        0.85,
        120,
        6,
        {"2021-09": 54, "2022-11": 88, "2025-04": 121},
    ),
    "moving": ("right-council-tax", 310, 0.4, 64, 4, {"2022-04": 47, "2023-08": 80, "2025-09": 104}),
    "complaint": ("complaints-heard", 45, 0.7, 210, 9, {"2021-09": 41, "2024-04": 96, "2026-04": 118}),
}
# More in January, when collections move, and in summer, when people do.
SEASON = (1.5, 1.0, 1.0, 0.9, 0.95, 1.05, 1.15, 1.2, 1.1, 0.95, 0.9, 1.1)
GROWTH_A_YEAR = 1.06


def months() -> list[tuple[int, int]]:
    """From the first month to the last."""
    year, month = FIRST
    found = []
    while (year, month) <= LAST:
        found.append((year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
    return found


def made_up() -> str:
    """The file, the same every time."""
    chance = random.Random(SEED)  # noqa: S311 - an example, no secret
    lines = [
        f"# Made up by `python -m tools.past`, with the seed {SEED}. No council had these cases.",
        "# A month: cases that began and ended, words that came with them and went, other facts about them.",
        "services:",
    ]
    for service, (serves, monthly, share_open, words, facts, versions) in SERVICES.items():
        lines += [f"  {service}:", f"    serves: {serves}", "    versions:"]
        lines += [f"      - {{since: {month}-01, words: {number}}}" for month, number in versions.items()]
        lines.append("    months:")
        still = 0
        for year, month in months():
            if f"{year}-{month:02}" < min(versions):
                continue
            grown = monthly * SEASON[month - 1] * GROWTH_A_YEAR ** (year - FIRST[0] + month / 12)
            opened = round(grown * chance.uniform(0.88, 1.12))
            closed = round((still + opened) * (1 - share_open / (1 + share_open) * chance.uniform(0.9, 1.1)))
            still += opened - closed
            said = round(opened * facts * chance.uniform(0.9, 1.1))
            month_lines = [opened, closed, opened * words, closed * words, said]
            lines.append(f"      {year}-{month:02}: [{', '.join(map(str, month_lines))}]")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the file, or say that it is not what this program makes."""
    if "--check" in sys.argv:
        return int(FILE.read_text() != made_up())
    FILE.write_text(made_up())
    return 0


if __name__ == "__main__":
    sys.exit(main())
