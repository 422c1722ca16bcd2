"""For trying out: knows one virus, the one that was made for trying out scanners."""

from __future__ import annotations

from typing import BinaryIO

from vestry.documents.ports import Verdict

# Put together here, so that no scanner takes this file for one (https://www.eicar.org/download-anti-malware-testfile/).
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


class DemoScanner:
    """The port ``documents.scan`` on one's own machine."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Finds the test virus and no other."""
        return Verdict(virus="Eicar-Test-Signature" if EICAR in stream.read() else "")
