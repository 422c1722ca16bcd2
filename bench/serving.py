"""Pages and submissions a second on PostgreSQL with two web processes, bytes and time to the first page.

`python -m bench serving [SECONDS]`. Needs wrk and pgbench. Beside each figure stands the nearest bare thing
of the same run: `/healthz` (a Django answer without database or template) for pages; for submissions,
pgbench running the very statements of a submission on the same server (`bench._submission` watches one and
writes them down). Mixed: fifteen page views to each submission, as DESIGN.md section 9 asks. Three rounds;
medians. The load comes from the same cores.
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
from urllib.parse import urlsplit

from tools import postgres

ROUNDS = 3
CLIENTS = 8
POST = """
local n = 0
local thread_count = 0
function setup(thread) thread:set("name", thread_count); thread_count = thread_count + 1 end
local pages = {PAGES}
function request()
  n = n + 1
  if #pages > 0 and n % 16 ~= 0 then return wrk.format("GET", pages[n % #pages + 1]) end
  local key = string.format("bench-%s-%d-%d-%d", os.time(), name, n, math.random(1e9))
  local headers = {["Content-Type"] = "application/json", ["Idempotency-Key"] = key}
  return wrk.format("POST", "SUBMISSIONS", headers, BODY)
end
function done(summary, latency)
  print(string.format("p95 ms: %.1f", latency:percentile(95) / 1000))
end
"""
SUBMISSIONS = "/api/v1/services/freedom-of-information/submissions"


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
            VESTRY_LIMITS="off",
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
    statements, same_sql = written_down(folder)
    print(f"SQL statements of a submission: {statements}")
    journey = urllib.request.urlopen(f"{site}/services/missed-bin/", data=b"", timeout=5).url
    start, question = f"{site}/services/missed-bin/", journey
    pages = [urlsplit(page).path for page in (site + "/", start, *[question] * 6)]
    seen: dict[str, list[float]] = {}
    slowest: list[str] = []
    for round_ in range(ROUNDS):
        print(f"round {round_ + 1} of {ROUNDS} ...", flush=True)
        for name, run in {
            "bare answer (/healthz)": lambda: wrk(f"{site}/healthz", seconds),
            "catalogue": lambda: wrk(f"{site}/", seconds),
            "a question": lambda: wrk(question, seconds),
            "the same SQL (pgbench)": lambda: pgbench(url, seconds, same_sql),
            "submission": lambda: wrk(site, seconds, lua(folder, [])),
            "mixed, 15 pages to a submission": lambda: wrk(site, seconds, lua(folder, pages), slowest),
        }.items():
            seen.setdefault(name, []).append(run())
    for name, rates in seen.items():
        print(f"{name:<32} {statistics.median(rates):8.0f} a second   {[round(rate) for rate in rates]}")
    bare, ours = (statistics.median(seen[name]) for name in ("the same SQL (pgbench)", "submission"))
    print(f"submission: {ours / bare:.0%} of the same SQL under pgbench (budget: 30%)")
    mixed = statistics.median(seen["mixed, 15 pages to a submission"])
    print(
        f"mixed: {mixed / 16:.0f} submissions and {mixed * 15 / 16:.0f} page views a second, "
        f"p95 of the rounds in ms: {', '.join(slowest)} (budget: 45 and 680, 150 ms)"
    )


def written_down(folder: Path) -> tuple[int, Path]:
    """How many statements a submission is, and the script with them."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench._submission"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    count, _, sql = said.partition("\n")
    path = folder / "submission.sql"
    path.write_text(sql)
    return int(count), path


def lua(folder: Path, pages: list[str]) -> Path:
    """What wrk does: submissions only, or fifteen page views to each."""
    from bench._submission import ANSWERS

    script = folder / "load.lua"
    body = "[==[" + json.dumps({"answers": ANSWERS}) + "]==]"
    text = POST.replace("BODY", body).replace("SUBMISSIONS", SUBMISSIONS)
    script.write_text(text.replace("PAGES", ", ".join(f'"{page}"' for page in pages)))
    return script


def wrk(address: str, seconds: int, script: Path | None = None, slowest: list[str] | None = None) -> float:
    command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", address]
    done = subprocess.run(
        command + (["-s", str(script)] if script else []), capture_output=True, text=True, check=True
    )
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if errors:
        print(f"  {errors.group()} at {address}")
    if slowest is not None:
        slowest += re.findall(r"p95 ms: ([\d.]+)", done.stdout)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def pgbench(url: str, seconds: int, script: Path) -> float:
    # A connection of a pool is told once whose rows it may see; so are pgbench's.
    council = re.search(r"council_id\D+(\d+)", script.read_text())
    told = {"PGOPTIONS": f"-c vestry.council={council.group(1)}"} if council else {}
    done = subprocess.run(
        ["pgbench", "-n", "-f", str(script), "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), url],
        capture_output=True,
        text=True,
        env=os.environ | told,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"pgbench: {done.stderr}")
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))
