"""Where files lie: what can be plugged into the port ``documents.store``."""

from vestry.outbound.files.folder import Folder
from vestry.outbound.files.object_storage import ObjectStorage

__all__ = ["Folder", "ObjectStorage"]
