"""How static files are named and found."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):
    """Hashed names, so that a browser may keep a file for ever, compressed once at start.

    Where nothing has been collected (tests), a file keeps its plain name.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one when nothing was collected."""
        return super().stored_name(name) if self.hashed_files else name
