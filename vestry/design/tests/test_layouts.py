"""What every page has around it, for residents and for officers."""

import gzip
import re
from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import translation

from vestry.design import pages
from vestry.design.kinds import Date, Text
from vestry.design.questions import Wrong

pytestmark = pytest.mark.urls("vestry.design.tests.urls")

HARROWMERE = SimpleNamespace(
    name="Harrowmere & District <Council>",
    look={"colour": "green"},
    contact_email="hello@harrowmere.example",
)
ERRORS = ["400", "403", "404", "500", "503"]


@pytest.fixture
def request_(rf):
    request = rf.get("/")
    request.council = HARROWMERE
    request.officer = None
    return request


def draw(body, request, *, layout="public", **words):
    source = f'{{% extends "design/{layout}.html" %}}{body}'
    return engines["jinja2"].from_string(source).render(words, request)


def title_of(html):
    return re.search("<title>(.*)</title>", html)[1]


def test_a_page_names_the_council_and_its_language(request_):
    html = draw("{% block title %}Bins{% endblock %}{% block main %}<p>Hello</p>{% endblock %}", request_)
    assert title_of(html) == "Bins – Harrowmere &amp; District &lt;Council&gt;"
    assert '<html lang="en-gb" class="govuk-template" data-colour="green">' in html
    assert '<a href="#main-content" class="govuk-skip-link"' in html
    assert html.count('id="main-content"') == 1
    assert 'name="viewport"' in html
    for link in ("/accessibility/", "/privacy/", "/cookies/"):
        assert f'href="{link}"' in html


def test_a_page_says_which_language_it_is_in(request_):
    with translation.override("cy"):
        assert '<html lang="cy"' in draw("", request_)


@pytest.mark.parametrize("layout", ["public", "desk"])
def test_errors_stand_in_the_title_and_above_everything(request_, layout):
    question = Text(id="road", ask="Which road?")
    errors = pages.error_summary([question], {"road": Wrong("Enter the road")})
    html = draw("{% block title %}Bins{% endblock %}", request_, layout=layout, errors=errors)
    assert title_of(html).startswith("Error: Bins")
    assert '<a href="#road">Enter the road</a>' in html


def test_errors_come_in_the_order_of_the_questions_and_lead_to_the_part_at_fault():
    asked = [Text(id="a", ask="?"), Date(id="b", ask="?"), Date(id="c", ask="?"), Text(id="d", ask="?")]
    wrongs = {"c": Wrong("C", "year"), "b": Wrong("B"), "a": Wrong("A")}
    assert [(line.text, line.href) for line in pages.error_summary(asked, wrongs)] == [
        ("A", "#a"),
        ("B", "#b-day"),
        ("C", "#c-year"),
    ]


def test_search_engines_stay_out_of_private_pages_and_of_the_desk(request_):
    assert "noindex" not in draw("", request_)
    assert "noindex" in draw("", request_, private=True)
    assert "noindex" in draw("{% set private = true %}", request_)
    assert "noindex" in draw("", request_, layout="desk")


def test_the_desk_shows_what_an_officer_may_use_and_a_way_out(request_):
    request_.officer = SimpleNamespace(name="Priya <Nair>")
    html = draw("", request_, layout="desk", desk_nav=["inbox", "parked"], here="inbox")
    assert 'href="/desk/inbox/" aria-current="page"' in html
    assert "/desk/parked/" in html
    assert "/desk/messages/" not in html
    assert "Priya &lt;Nair&gt;" in html
    assert re.search(
        '<form [^>]*method="post" action="/desk/sign-out/">\\s*<input type="hidden" name="csrf', html
    )


def test_the_desk_shows_a_stranger_no_way_in(request_):
    html = draw("", request_, layout="desk", desk_nav=["inbox"])
    assert "/desk/inbox/" not in html
    assert "sign-out" not in html


def test_the_desk_says_what_has_just_been_done(request_):
    request_._messages = CookieStorage(request_)
    messages.success(request_, "You took the case.")
    messages.success(request_, "<b>")
    html = draw("", request_, layout="desk")
    assert 'role="alert"' in html
    assert "You took the case." in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_stands_by_itself(request_, name):
    template = engines["jinja2"].get_template(f"design/errors/{name}.html")
    for request in (request_, None):  # what broke may have broken before the council was known
        html = template.render({}, request)
        assert html.count("<h1") == 1
        assert title_of(html)
        assert "noindex" in html


def test_an_error_page_says_whom_to_write_to_where_that_is_known(request_):
    html = engines["jinja2"].get_template("design/errors/500.html").render({}, request_)
    assert "hello@harrowmere.example" in html


@pytest.mark.parametrize("layout", ["public", "desk"])
def test_a_page_has_no_style_or_script_inside_and_nothing_from_elsewhere(request_, layout):
    request_.officer = SimpleNamespace(name="Priya Nair")
    html = draw("", request_, layout=layout, desk_nav=["inbox"])
    assert "<style" not in html
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", html)
    assert re.findall("<script[^>]*>(.*?)</script>", html, re.DOTALL) == [""]
    assert not re.search(r'(?:href|src|action)="(?:https?:)?//', html)


def test_the_typeface_and_the_crown_of_govuk_are_on_no_page(request_):
    html = draw("", request_)
    assert "crown" not in html.lower()
    ours = written("vestry/vestry.css")
    # It comes last, with two classes: enough to win over every rule that names GOV.UK's typeface.
    assert (
        ".govuk-template .govuk-template__body :where(:not(code, kbd, pre)) { font-family: inherit; }" in ours
    )
    theirs = written("govuk/govuk-frontend.min.css")
    for selectors in re.findall(r"([^{}]+)\{[^{}]*font-family:GDS Transport,[^{}]*\}", theirs):
        for selector in selectors.split(","):
            classes = len(re.findall(r"[.:\[]", selector))
            elements = len(re.findall(r"(?:^|[\s>+~])[a-z]", selector.strip()))
            assert (classes, elements) <= (2, 0), selector


def written(name):
    with open(finders.find(name), encoding="utf-8") as file:  # noqa: PTH123 - finders give a plain path
        return file.read()


def test_a_first_view_is_light(request_):
    """30 kB go over a slow phone's line in about a second. A start page fetches no more than this."""
    start = '{% from "design/govuk/button.html" import button %}{{ button("Start", href="/", start=true) }}'
    body = f"{{% block main %}}{start}{{% endblock %}}"
    first = [draw(body, request_), *map(written, ("govuk/govuk-frontend.min.css", "vestry/vestry.css"))]
    first += map(written, ("vestry/start.js", "vestry/vestry.svg"))
    light = sum(len(gzip.compress(text.encode())) for text in first)
    assert light < 22_000
    script = len(gzip.compress(written("govuk/govuk-frontend.min.js").encode()))
    assert light + script < 32_000  # with a question on it


def test_the_colours_of_councils_are_dark_enough_for_white_text():
    colours = re.findall(r"--vestry-colour: #(\w{6})", written("vestry/vestry.css"))
    assert len(colours) >= 8
    for colour in colours:
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
