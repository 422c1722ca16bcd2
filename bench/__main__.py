"""`python -m bench` lists the benches, `python -m bench NAME [...]` runs one.

A bench is a module in this folder with a docstring that says what it measures, and a `main(arguments)`.
It measures side by side, against the nearest bare thing in the same run, and prints what it saw; it never
asserts.
"""

import ast
import importlib
import sys
from pathlib import Path


def benches() -> dict[str, str]:
    files = (path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("_"))
    documented = {path.stem: ast.get_docstring(ast.parse(path.read_text())) or "" for path in sorted(files)}
    return {name: said.partition("\n")[0] for name, said in documented.items()}


def main(arguments: list[str]) -> int | None:
    known = benches()
    if arguments and arguments[0] in known:
        return importlib.import_module(f"bench.{arguments[0]}").main(arguments[1:])
    for name, said in known.items():
        print(f"  {name:<16} {said}")
    if not known:
        print("There are no benches yet. One is a file bench/NAME.py with a docstring and a main(arguments).")
    return 2 if arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
