"""A session's cookie can say anything."""

import pytest

from vestry.people.sessions import SessionStore


@pytest.mark.parametrize(
    "key", ["aaaaaaaaaaaa\x00aaaa", "é" * 32, "\udcff" * 32, "a b" * 10, "x", "", "'; --aaaaaa"]
)
def test_a_key_that_was_never_ours_is_no_session(council, key):
    session = SessionStore(key)
    assert session.get("anything") is None
    session["anything"] = 1
    session.save()
    assert session.session_key != key
    assert SessionStore(session.session_key)["anything"] == 1


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "django_language"])
def test_a_cookie_with_a_byte_that_can_not_be_stored_opens_a_page(council, client, name):
    cookie = f'{name}="aaaaaaaaaaaa\\000aaaa"'
    assert client.get("/status/code/", headers={"cookie": cookie}).status_code == 302
