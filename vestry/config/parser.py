"""A command line that can be shown as a page."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any


class Parser(argparse.ArgumentParser):
    """A parser that knows its verbs, so that a page can be made of them."""

    verbs: Mapping[str, Parser] = MappingProxyType({})

    def add_subparsers(self, **options: Any) -> Any:
        """As argparse does it, but remembered."""
        action: Any = super().add_subparsers(**options)
        self.verbs = action.choices
        return action

    def told(self) -> str:
        """What ``--help`` says, however wide the terminal is."""
        self.formatter_class = partial(argparse.HelpFormatter, width=100)
        return self.format_help().strip()
