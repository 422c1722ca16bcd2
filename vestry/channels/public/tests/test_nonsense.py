"""Whatever is posted to a page, it answers with a page."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.channels.public.tests.visitor import Visitor
from vestry.services.tests.services_to_try import fill, start

fields = st.sampled_from(
    (
        *("bin", "home-postcode", "home-uprn", "home-listed", "home-line1", "day-day", "day-month"),
        *("day-year", "tell-me", "email", "your-name", "asked"),
    )
)
typed = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(["HM1 2AB", "refuse", "1" * 300])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    step=st.sampled_from(["bin", "home", "day", "reach", "missed", "x"]),
    data=st.dictionaries(fields, st.lists(typed, max_size=3), max_size=6),
)
def test_any_post_gets_a_page(open_council, step, data):
    token = start()
    fill(token, until=step)
    visitor = Visitor()
    address = reverse("public:step", kwargs={"slug": "missed-bin", "token": token, "step": step})
    visitor.here = address
    visitor._arrive(visitor.client.post(address, data))
    assert visitor.status in {200, 422}


@pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"a" * 1000, b"bin=%FF%FE", b"&&&===", b""])
def test_bytes_that_are_no_form_get_a_page(open_council, body):
    token = start()
    visitor = Visitor()
    visitor.here = f"/services/missed-bin/{token}/bin/"
    response = visitor.client.post(
        visitor.here, body, content_type="application/x-www-form-urlencoded; charset=utf-8"
    )
    visitor._arrive(response)
    assert visitor.status == 422
