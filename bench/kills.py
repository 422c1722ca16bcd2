"""200 kills of web, worker and database under load: what was acknowledged against what is there.

`python -m bench kills [KILLS] [SEED]`. See `tests/faults/kills.py`.
"""

from __future__ import annotations


def main(arguments: list[str]) -> int:
    from tests.faults import kills

    return kills.main(arguments)
