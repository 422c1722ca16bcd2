"""Static files are made ready once, and again when one of them has changed."""

import pytest
from django.contrib.staticfiles.finders import get_finder

from vestry.config import assets


@pytest.fixture
def static(settings, tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "look.css").write_text("a {color: red}")
    (tmp_path / "ours" / "look.scss").write_text("a {color: red}")
    settings.STATICFILES_DIRS = [("ours", tmp_path / "ours")]
    settings.STATIC_ROOT = tmp_path / "static"
    get_finder.cache_clear()
    yield tmp_path
    get_finder.cache_clear()


def collected(static):
    return {path.name for path in (static / "static" / "ours").glob("look*")}


def test_what_no_browser_asks_for_is_left_out(static):
    assets.collect()
    names = collected(static)
    assert {name.partition(".")[2].partition(".")[2] for name in names} >= {"css"}
    assert not [name for name in names if "scss" in name]


def test_nothing_is_done_again_until_a_file_says_something_else(static):
    assets.collect()
    first = collected(static)
    (static / "static" / "staticfiles.json").unlink()
    assets.collect()
    assert not (static / "static" / "staticfiles.json").exists()
    (static / "ours" / "look.css").write_text("a {color: ink}")
    assets.collect()
    assert (static / "static" / "staticfiles.json").exists()
    assert collected(static) > first
