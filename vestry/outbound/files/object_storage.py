"""Files in object storage, through django-storages (``pip install "vestry[s3]"``)."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.module_loading import import_string

from vestry.documents.ports import NotThere, Unreachable
from vestry.kernel import Refused


class NotAnAddress(Refused):
    """VESTRY_FILES_URL must look like s3://key:secret@host/bucket?region=eu-west-2, or s3:///bucket."""


class ObjectStorage:
    """The port ``documents.store`` over any storage that Django can use."""

    def __init__(self, storage: Storage | None = None) -> None:
        self.storage = storage or _at(os.environ.get("VESTRY_FILES_URL", ""))

    def put(self, key: str, stream: BinaryIO) -> None:
        """A storage keeps it whole or says so."""
        try:
            self.storage.save(key, File(stream, name=key))
        except Exception as error:  # noqa: BLE001 - each storage has errors of its own
            raise _unreachable(error) from None

    def open(self, key: str) -> BinaryIO:
        """The file."""
        try:
            opened: BinaryIO = self.storage.open(key, "rb")
        except FileNotFoundError:
            raise NotThere from None
        except Exception as error:  # noqa: BLE001 - as above
            raise _unreachable(error) from None
        return opened

    def delete(self, key: str) -> None:
        """Gone."""
        try:
            self.storage.delete(key)
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001 - as above
            raise _unreachable(error) from None


@cache
def _at(url: str) -> Storage:
    """The storage at an ``s3://`` address, which keeps its connections. Raises `NotAnAddress`."""
    said = options(url)
    try:
        made = import_string("storages.backends.s3.S3Storage")
    except (ImportError, ImproperlyConfigured):
        raise NotAnAddress(
            'For s3:// addresses, install django-storages: pip install "vestry[s3]".'
        ) from None
    return made(**said)


def _unreachable(error: Exception) -> Unreachable:
    return Unreachable(f"The object storage did not take it ({type(error).__name__}).")


def options(url: str) -> dict[str, Any]:
    """What django-storages calls the parts of an address. Raises `NotAnAddress`."""
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket:
        raise NotAnAddress
    said: dict[str, Any] = {"bucket_name": bucket, "default_acl": None, "querystring_auth": True}
    if parts.username:
        said |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if parts.hostname:
        said["endpoint_url"] = f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    if region := parse_qs(parts.query).get("region"):
        said["region_name"] = region[0]
    return said
