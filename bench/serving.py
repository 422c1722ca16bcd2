"""Pages and submissions a second on PostgreSQL with two web processes, bytes and time to the first page.

`python -m bench serving [SECONDS]`. Needs wrk and pgbench. Beside each figure stands the nearest bare thing
of the same run: `/healthz` (a Django answer without database or template) for pages, pgbench's own
simple-update transaction on the same server for submissions. Three rounds; medians.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tools import postgres

ROUNDS = 3
CLIENTS = 8
POST = """
local n = 0
local thread_count = 0
function setup(thread) thread:set("name", thread_count); thread_count = thread_count + 1 end
function request()
  n = n + 1
  local key = string.format("bench-%s-%d-%d-%d", os.time(), name, n, math.random(1e9))
  return wrk.format("POST", nil, {["Content-Type"] = "application/json", ["Idempotency-Key"] = key}, BODY)
end
"""
ANSWERS = {
    "request": "How many bins were missed in 2025, by ward? " * 10,
    "format": "email",
    "your-name": "Jo Curious",
    "email": "jo@example.org",
}


def main(arguments: list[str]) -> int:
    seconds = int(arguments[0]) if arguments else 10
    missing = [name for name in ("wrk", "pgbench") if not shutil.which(name)]
    if missing:
        print(f"This bench needs {' and '.join(missing)} (packages wrk, postgresql-contrib).")
        return 2
    with tempfile.TemporaryDirectory() as folder, postgres.server(durable=True) as url:
        os.environ.update(
            VESTRY_DATABASE_URL=url,
            VESTRY_VAR=folder,
            VESTRY_SECRET_KEY="only for a bench" * 4,
            VESTRY_POOL="4",
        )
        for pack in ("harrowmere", "saltmarsh"):
            if pack == "harrowmere":
                vestry("migrate")
            vestry("publish", f"packs/{pack}")
        port = postgres.free_port()
        began = time.monotonic()
        web = subprocess.Popen(
            [sys.executable, "-m", "vestry.config.cli", "serve", "--port", str(port), "--processes", "2"]
        )
        try:
            site = f"http://127.0.0.1:{port}"
            wait(site)
            print(f"start to first page: {time.monotonic() - began:.1f} s; {memory(web.pid)}")
            weigh(site)
            measure(site, url, seconds, Path(folder))
        finally:
            web.terminate()
            web.wait()
    return 0


def vestry(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "vestry.config.cli", *words], check=True, stdout=subprocess.DEVNULL)


def wait(site: str) -> None:
    while True:
        try:
            urllib.request.urlopen(site, timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def memory(parent: int) -> str:
    """Resident memory of each web process, the parent left out (Linux only)."""
    children = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    ).stdout.split()
    return "MB a web process: " + ", ".join(str(int(kilobytes) // 1024) for kilobytes in children)


def weigh(site: str) -> None:
    """What a first view of a start page costs: the page and every style and script it names, compressed."""
    page, html = fetch(f"{site}/services/missed-bin/")
    assets = sorted(set(re.findall(r'(?:href|src|data-govuk)="(/static/[^"]+)"', html)))
    sizes = {asset: fetch(site + asset)[0] for asset in assets}
    scripts = sum(size for asset, size in sizes.items() if asset.endswith(".js"))
    whole = page + sum(sizes.values())
    print(
        f"first view of a start page: {whole / 1000:.1f} kB compressed, of which script {scripts / 1000:.1f}"
    )


def fetch(url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if packed else body).decode(errors="replace")


def measure(site: str, url: str, seconds: int, folder: Path) -> None:
    subprocess.run(["pgbench", "-i", "-q", "-s", "10", url], check=True, capture_output=True)
    script = folder / "post.lua"
    script.write_text(POST.replace("BODY", "[==[" + json.dumps({"answers": ANSWERS}) + "]==]"))
    journey = urllib.request.urlopen(f"{site}/services/missed-bin/", data=b"", timeout=5).url
    seen: dict[str, list[float]] = {}
    for round_ in range(ROUNDS):
        print(f"round {round_ + 1} of {ROUNDS} ...", flush=True)
        for name, run in {
            "bare answer (/healthz)": lambda: wrk(f"{site}/healthz", seconds),
            "catalogue": lambda: wrk(f"{site}/", seconds),
            "a question": lambda: wrk(journey, seconds),
            "bare transaction (pgbench -N)": lambda: pgbench(url, seconds),
            "submission": lambda: wrk(
                f"{site}/api/v1/services/freedom-of-information/submissions", seconds, script
            ),
        }.items():
            seen.setdefault(name, []).append(run())
    for name, rates in seen.items():
        print(f"{name:<32} {statistics.median(rates):8.0f} a second   {[round(rate) for rate in rates]}")


def wrk(address: str, seconds: int, script: Path | None = None) -> float:
    command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", address]
    done = subprocess.run(
        command + (["-s", str(script)] if script else []), capture_output=True, text=True, check=True
    )
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if errors:
        print(f"  {errors.group()} at {address}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def pgbench(url: str, seconds: int) -> float:
    done = subprocess.run(
        ["pgbench", "-N", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), url],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))
