"""What an endpoint gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, with headers of its own."""

    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    """Another status than the one its row of the table says; 0 for that."""
