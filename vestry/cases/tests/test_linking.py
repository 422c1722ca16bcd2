"""Cases that have to do with each other: seen from both ends, and only by who may see both."""

import pytest

from vestry.cases import api
from vestry.cases.tests.opened import NOON, grace, maya, open_bin, open_foi, priya, said, tom

pytestmark = pytest.mark.usefixtures("officers")


def link(one, other, role="related", officer=grace):
    api.link(officer=officer(), reference=one, other=other, role=role, now=NOON)


def links(reference, officer=grace):
    return {link.case.reference: link.role for link in api.links(officer=officer(), reference=reference)}


@pytest.mark.parametrize(("role", "back"), [("related", "related"), ("parent", "part"), ("part", "parent")])
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_link_is_seen_from_both_ends_and_taken_away_from_either(role, back, newest_first):
    one, other = sorted((open_bin(), open_foi()), reverse=newest_first)
    link(one, other, role)
    link(one, other, role)
    assert (links(one), links(other)) == ({other: role}, {one: back})
    assert said(one)[-1] == said(other)[-1] == "Grace Bell linked the case with another."
    api.unlink(officer=grace(), reference=other, other=one, now=NOON)
    api.unlink(officer=grace(), reference=other, other=one, now=NOON)
    assert links(one) == links(other) == {}
    assert len([line for line in said(one) if "link" in line]) == 2


def test_whoever_sees_one_does_not_see_the_other():
    bin_, foi = open_bin(), open_foi()
    link(bin_, foi)
    assert links(bin_, priya) == {}
    assert links(foi, maya) == {}
    assert foi not in " ".join(said(bin_))


def test_nobody_links_with_what_they_may_not_see():
    bin_, foi = open_bin(), open_foi()
    for other in (foi, "MB-0000-0000", "", "\x00"):
        with pytest.raises(api.NoSuchCase):
            link(bin_, other, officer=priya)
    with pytest.raises(api.NoSuchCase):
        api.unlink(officer=priya(), reference=bin_, other=foi, now=NOON)


def test_not_with_itself_not_twice_and_not_by_the_crew():
    one, other = open_bin(), open_bin()
    with pytest.raises(api.Itself):
        link(one, one)
    link(one, other, "parent")
    for role in ("related", "part"):
        with pytest.raises(api.LinkedAlready):
            link(one, other, role)
    with pytest.raises(api.NotYours):
        api.unlink(officer=tom(), reference=one, other=other, now=NOON)


def test_parts_have_no_parts():
    whole, part, third = open_bin(), open_bin(), open_bin()
    link(whole, part, "part")
    for one, other, role in ((part, third, "part"), (whole, third, "parent"), (third, part, "part")):
        with pytest.raises(api.PartOfAPart):
            link(one, other, role)
    link(third, part, "related")


def test_a_bigger_case_names_its_open_parts():
    whole, part, done = open_bin(), open_bin(), open_bin()
    link(whole, part, "part")
    link(whole, done, "part")
    api.act(officer=tom(), reference=done, action="collected", answers={}, now=NOON)
    assert [case.reference for case in api.open_parts(officer=priya(), reference=whole)] == [part]
