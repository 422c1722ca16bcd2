"""Looking for viruses: what can be plugged into the port ``documents.scan``."""

from vestry.outbound.clamav.clamd import Clamd, NoScanner
from vestry.outbound.clamav.demo import DemoScanner

__all__ = ["Clamd", "DemoScanner", "NoScanner"]
