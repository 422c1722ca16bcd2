"""Linking cases at the desk, and the parts of one that is closed."""

import pytest

from vestry.channels.desk.tests.pages import errors, submit, text


@pytest.fixture
def other(reference):
    return submit("key-2", bin="garden", permit="1")


@pytest.fixture
def page(reference):
    return f"/desk/cases/{reference}/link/"


@pytest.fixture
def priya(signed_in):
    return signed_in("priya")


def test_both_cases_say_how_they_belong_together_until_it_is_taken_away(priya, page, reference, other):
    typed = other.lower().replace("-", " ")
    assert (
        "The cases are linked."
        in priya.post(page, {"other": typed, "role": "part"}, follow=True).content.decode()
    )
    assert "Part of this" in text(priya.get(f"/desk/cases/{reference}/"))
    assert "This is part of it" in text(priya.get(f"/desk/cases/{other}/"))
    for _ in range(2):
        assert priya.post(f"{page}{other}/").status_code == 302, "taken away twice is once"
    assert "Part of this" not in text(priya.get(f"/desk/cases/{reference}/"))


def test_linked_twice_is_once(priya, page, reference, other):
    for _ in range(2):
        assert priya.post(page, {"other": other, "role": "related"}).status_code == 302
    assert text(priya.get(f"/desk/cases/{reference}/")).count("linked the case with another") == 1


def test_what_cannot_be_linked_is_said_beside_the_field_and_nothing_typed_is_lost(
    priya, page, reference, other
):
    for wrong, why in [
        (reference, "A case cannot be linked with itself."),
        ("MB-0000-0000", "There is no case of this reference that you can link"),
        ("nonsense", "There is no case of this reference that you can link"),
    ]:
        refused = priya.post(page, {"other": wrong, "role": "part"})
        assert refused.status_code == 422
        assert errors(refused) == [("other", why)]
        assert 'value="part" checked' in refused.content.decode()
    assert [target for target, _said in errors(priya.post(page, {"other": other}))] == ["role"]
    priya.post(page, {"other": other, "role": "related"})
    refused = priya.post(page, {"other": other, "role": "parent"})
    assert errors(refused) == [("other", "These two cases are linked already. Take that link away first.")]


def test_the_open_parts_of_a_closed_case_are_offered_and_done_together(
    priya, signed_in, page, reference, other
):
    third = submit("key-3", home={"uprn": "100000000004"})
    for part in (other, third):
        priya.post(page, {"other": part, "role": "part"})
    tom = signed_in("tom")
    tom.post(f"/desk/cases/{third}/do/collected/")
    offered = tom.post(f"/desk/cases/{reference}/do/collected/", follow=True)
    said = text(offered)
    assert f"{reference} is closed. These are part of it and still open. You can leave them open." in said
    assert other in said
    assert third not in said, "it is closed already"
    assert f'href="/desk/cases/{other}/"' in offered.content.decode()
    do = {"case": other, "do": "act.missed-bin.collected"}
    assert "This closes the case" in text(tom.get("/desk/together/do/", do))
    assert "Done" in text(tom.post("/desk/together/do/", do, follow=True))
    assert "Collected" in text(tom.get(f"/desk/cases/{other}/"))


def test_without_open_parts_nothing_is_offered(signed_in, reference):
    closed = signed_in("tom").post(f"/desk/cases/{reference}/do/collected/")
    assert closed.headers["Location"] == f"/desk/cases/{reference}/"
