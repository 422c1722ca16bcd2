"""How static files are named, found, and made ready."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What packages bring along for those who build on them; no browser asks for it.
NOT_FOR_BROWSERS = [
    *("*.scss", "*.mjs", "*.mjs.map", "*.njk", "*.json", "*.html", "*.md"),
    *("all.bundle.*", "components"),
]


class Assets(CompressedManifestStaticFilesStorage):
    """Hashed names, so that a browser may keep a file for ever, compressed once.

    Where nothing has been collected (tests), a file keeps its plain name.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one when nothing was collected."""
        return super().stored_name(name) if self.hashed_files else name


def collect() -> None:
    """Name and compress what browsers ask for, where it is not what was collected last."""
    stamp, now = Path(settings.STATIC_ROOT) / "collected.txt", _digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_FOR_BROWSERS)
    stamp.write_text(now)


def _digest() -> str:
    """Of everything there is to collect: npm gives each version of a file the same date."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(NOT_FOR_BROWSERS), key=lambda each: each[0]):
            with storage.open(path) as file:
                found.update(f"{path} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return found.hexdigest()
