"""Says which files mypy reads strictly: doors, facts, options, ports, rules and the kernel.

`mypy $(python -m tools.strict)`. A folder of one of these names (`api/`) counts with all that is in it.
"""

from pathlib import Path

STRICT = ("api", "events", "kernel", "options", "ports", "rules")


def strict_files(root: Path = Path("vestry")) -> list[Path]:
    return sorted(
        path
        for path in root.rglob("*.py")
        if (path.stem in STRICT or path.parent.name in STRICT)
        and not {"tests", "migrations"} & set(path.parts)
    )


if __name__ == "__main__":
    print(*strict_files())
