"""What the whole test run needs of the machine beside Python: a browser and a database server.

`python -m tools.machine need chromium postgresql` finds each, else installs it where apt-get may, else says
plainly what will be skipped and how to mend it. With CI=true nothing may be skipped, so that is a failure.
`python -m tools.machine has chromium` only answers, by its exit code.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> str | None:
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    return next((path for path in MAC_BROWSERS if Path(path).exists()), None)


def find_postgresql() -> Path | None:
    """The folder with initdb and postgres; the newest where there are several."""
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        *Path("/usr/local/opt").glob("postgresql@*/bin/initdb"),
    ]
    return max((place.parent for place in places), key=_release, default=None)


def _release(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


@dataclass(frozen=True)
class Need:
    find: object
    package: str
    without: str


NEEDS = {
    "chromium": Need(find_chromium, "chromium", "tests in a real browser are skipped"),
    "postgresql": Need(find_postgresql, "postgresql", "the suite runs on SQLite only"),
}


def install(package: str) -> None:
    """Ask apt-get, where it is and where we may. Fails quietly: the caller looks again."""
    if not shutil.which("apt-get"):
        return
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and not shutil.which("sudo"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    print(f"Installing {package} with apt-get ...", flush=True)
    subprocess.run([*may, "apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(
        [*may, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package], check=False, **quiet
    )


def need(name: str) -> bool:
    what = NEEDS[name]
    if what.find():
        return True
    install(what.package)
    if what.find():
        return True
    print(f"No {name} on this machine: {what.without}. To mend it, install the package '{what.package}'.")
    return False


def main(verb: str, *names: str) -> int:
    if verb == "has":
        return 0 if all(NEEDS[name].find() for name in names) else 1
    met = [need(name) for name in names]
    return 0 if all(met) or os.environ.get("CI") != "true" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
