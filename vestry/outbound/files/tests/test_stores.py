"""A folder and object storage keep what they are given."""

import io

import pytest
from django.core.files.storage import InMemoryStorage

from vestry.documents.ports import NotThere, Unreachable
from vestry.outbound.files import Folder, ObjectStorage
from vestry.outbound.files.object_storage import NotAnAddress, options


@pytest.fixture(params=["folder", "object storage"])
def store(request, tmp_path):
    return Folder(tmp_path / "files") if request.param == "folder" else ObjectStorage(InMemoryStorage())


def test_what_is_put_is_there_until_it_is_deleted(store):
    store.put("1/ab/abc", io.BytesIO(b"x" * 200_000))
    with store.open("1/ab/abc") as file:
        assert file.read() == b"x" * 200_000
    store.delete("1/ab/abc")
    store.delete("1/ab/abc")
    with pytest.raises(NotThere):
        store.open("1/ab/abc")


def test_only_vestry_reads_the_folder_and_nothing_lies_about_in_it(tmp_path):
    Folder(tmp_path).put("1/ab/abc", io.BytesIO(b"x"))
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(NotThere):
        Folder(tmp_path / "1").open("../../etc/passwd")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "files").write_text("a file stands in the way")
    with pytest.raises(Unreachable):
        Folder(tmp_path / "files").put("1/ab/abc", io.BytesIO(b"x"))


def test_an_address_is_taken_apart():
    said = options("s3://key:se%2Fcret@minio.example:9000/uploads?region=eu-west-2")
    assert said["endpoint_url"] == "https://minio.example:9000"
    assert (said["access_key"], said["secret_key"]) == ("key", "se/cret")
    assert (said["bucket_name"], said["region_name"]) == ("uploads", "eu-west-2")
    for url in ("", "s3://host", "https://host/bucket"):
        with pytest.raises(NotAnAddress):
            options(url)
