"""A look by the probes: seconds for the whole passive set, the same verdict every time, memory.

`python -m bench principles [TIMES] [SITE]`. Looks at the good site and at a bad one of the tests, or at one
of them, on this machine, TIMES times each (20 when left out). Needs Chromium. The nearest bare thing in the
same run: Chromium opening the first page once, in a fresh context.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from vestry.outbound.probes import Probes, browsing, confined, proxy
from vestry.outbound.probes.tests.sites import bad, good
from vestry.outbound.probes.tests.sites.served import authority, secured, serving


def main(arguments: list[str]) -> int:
    times = int(arguments[0]) if arguments else 20
    load = os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        by = authority(folder)
        port = stack.enter_context(serving(good.site(), secured(by, "good.localhost")))
        bad_port = stack.enter_context(serving(bad.site(), secured(by, "bad.localhost", self_signed=True)))
        addresses = {
            "good": (f"https://good.localhost:{port}/", {"trust": by.file, "plain_port": 1}),
            "bad": (f"https://bad.localhost:{bad_port}/", {"plain_port": 1}),
        }
        print(f"{times} looks at each, load {load:.1f} when it began, {os.cpu_count()} processors")
        print(f"  opening the first page once: {bare(addresses['good'][0]):.2f} s")
        for name, (address, how) in addresses.items():
            if arguments[1:] and name not in arguments[1:]:
                continue
            measure(name, address, how, times)
    return 0


def bare(address: str) -> float:
    """Chromium, a fresh context, the first page: median of five."""
    target = confined.taken_apart(address)
    gate = confined.Gate(target, local=True)
    took = []
    with proxy.listening(gate) as way_out, browsing.running(gate, way_out) as browser:
        for _ in range(5):
            began = time.perf_counter()
            with browser.page(browsing.DESK) as page:
                browsing.go(page, target.url)
            took.append(time.perf_counter() - began)
    return statistics.median(took)


def measure(name: str, address: str, how: dict, times: int) -> None:
    took, verdicts, sizes, peak = [], Counter(), [], Peak()
    for number in range(times):
        began = time.perf_counter()
        run = Probes(local=True, **how).look(address, now=lambda: datetime.now(UTC), told=lambda _: None)
        took.append(time.perf_counter() - began)
        verdicts[tuple((each.criterion, each.verdict.value) for each in run.findings)] += 1
        sizes.append(sum(len(each.read()) for each in run.evidence))
        print(f"\r  {name}: {number + 1}/{times}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    same = verdicts.most_common(1)[0][1]
    print(
        f"  {name}: {statistics.median(took):.1f} s (from {min(took):.1f} to {max(took):.1f}); "
        f"{same} of {times} with the same verdicts; {sizes[0] / 1e6:.1f} MB of evidence; "
        f"{peak.stop() / 1e6:.0f} MB at most with the browser"
    )
    if same < times:
        told = [dict(each) for each in verdicts]
        differ = {one for each in told for one in each if each[one] != told[0][one]}
        print(f"    not the same: {', '.join(sorted(differ))}")


class Peak:
    """The most memory that this process and all below it hold, looked at ten times a second."""

    def __init__(self) -> None:
        self.most, self.going = 0, True
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while self.going:
            self.most = max(self.most, held(os.getpid()))
            time.sleep(0.1)

    def stop(self) -> int:
        self.going = False
        self.thread.join()
        return self.most


def held(root: int) -> int:
    """Proportional set size where the system tells it, so that what is shared counts once."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        below.setdefault(parent, []).append(int(stat.parent.name))
    todo, total = [root], 0
    while todo:
        pid = todo.pop()
        todo += below.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total
