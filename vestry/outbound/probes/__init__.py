"""Looking at a product from outside: what can be plugged into the port ``technology.probes``."""

from vestry.outbound.probes.confined import Limits
from vestry.outbound.probes.looking import Probes

__all__ = ["Limits", "Probes"]
