"""Every address states who may come: with `people.api.may` or `people.api.public`."""

from types import SimpleNamespace

from django.urls import get_resolver, path

from tests.house.places import nothing_said

# Other people's views, by the module they live in, and why they may go without.
THIRD_PARTY = {
    "allauth": "signing in and out is for everybody, and allauth asks for a signed-in person where it must",
    "django.contrib.staticfiles": "styles and scripts are public",
    "django.views.static": "styles and scripts are public",
    "django.views.i18n": "choosing a language is public",
}


def addresses(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def silent(patterns):
    """The addresses whose view does not state who may."""
    for route, view in addresses(patterns):
        module = getattr(view, "view_class", view).__module__
        theirs = any(module == name or module.startswith(f"{name}.") for name in THIRD_PARTY)
        if not theirs and not getattr(view, "may", None):
            yield f"/{route}: {module}.{view.__name__} does not state who may"


def test_every_address_states_who_may():
    patterns = get_resolver().url_patterns
    assert list(addresses(patterns))
    nothing_said(silent(patterns))


def test_a_view_that_states_nothing_is_seen():
    def page(request):
        return None

    assert list(silent([path("cases/<id>/", page)]))
    page.may = SimpleNamespace(role="officer")
    assert not list(silent([path("cases/<id>/", page)]))
