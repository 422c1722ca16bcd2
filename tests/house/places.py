"""Where the house tests look."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "vestry"
OURS = ("vestry", "tests", "tools", "bench")


def rooms() -> list[Path]:
    return sorted(path.parent for path in HOUSE.glob("*/__init__.py"))


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def nothing_said(said) -> None:
    """Fail with every complaint on a line of its own."""
    said = list(said)
    assert not said, "\n" + "\n".join(said)
