"""Every word a person reads can be said in another language: templates hold no text outside a translation.

Text between tags belongs in `{% trans %}` or `_()`; so does what is read aloud (`alt`, `aria-label`) and what
a macro is given to show (`button(text=_("Continue"))`).
"""

from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes

from tests.house.places import HOUSE, named, nothing_said, rooms

READ_BY_PEOPLE = ("alt", "aria-label", "placeholder", "title")
SHOWN_BY_MACROS = {"caption", "heading", "hint", "label", "legend", "text", "title"}
# Stands where Jinja writes something: neither a letter nor a space.
WRITTEN = "\ue000"
# Names are the same in every language.
NAMES = ("GOV.UK", "Vestry")

environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])


def has_words(text):
    for name in NAMES:
        text = text.replace(name, "")
    return any(letter.isalpha() for letter in text)


def plain_text(source):
    """The source with every block and expression, and everything inside a translation, taken out."""
    out, inside, opening = [], False, False
    for _, kind, value in environment.lex(source):
        if kind == "data":
            out.append("\n" * value.count("\n") if inside else value)
        elif kind == "name" and opening:
            inside = value == "trans" or (inside and value != "endtrans")
        if kind not in {"data", "whitespace"}:
            out.append(WRITTEN + "\n" * value.count("\n"))
            opening = kind == "block_begin"
    return "".join(out)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
        self.silent = False

    def handle_starttag(self, tag, attrs):
        self.silent = tag in {"script", "style"}
        for name, value in attrs:
            if name in READ_BY_PEOPLE and has_words(value or ""):
                self.found.append((self.getpos()[0], f'{name}="{value}"'))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, data):
        if not self.silent and has_words(data):
            self.found.append((self.getpos()[0], " ".join(data.replace(WRITTEN, "…").split())))


def untranslated(source, *, html=True):
    text = plain_text(source)
    if html:
        reader = Reader()
        reader.feed(text)
        reader.close()
        found = reader.found
    else:
        lines = enumerate(text.splitlines(), start=1)
        found = [(number, line.replace(WRITTEN, "…")) for number, line in lines if has_words(line)]
    return sorted([*found, *untranslated_arguments(environment.parse(source))])


def untranslated_arguments(tree):
    for keyword in tree.find_all(nodes.Keyword):
        value = keyword.value
        if keyword.key in SHOWN_BY_MACROS and isinstance(value, nodes.Const) and has_words(str(value.value)):
            yield value.lineno, f"{keyword.key}={value.value!r}"


def templates():
    return sorted(
        path for path in HOUSE.glob("**/templates/**/*") if path.suffix in {".html", ".jinja", ".txt", ".xml"}
    )


def test_templates_hold_no_untranslated_text():
    said = [
        f"{named(path)}:{line}: {text}"
        for path in templates()
        for line, text in untranslated(path.read_text(), html=path.suffix != ".txt")
    ]
    nothing_said(said)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<a href="{{ url }}" class="govuk-link">Back</a>',
        '<img alt="A bin" src="{{ photo }}">',
        '<input {% if on %}checked{% endif %} aria-label="Yes">',
        '{{ button(text="Continue") }}',
        "{% trans %}Hello{% endtrans %} you",
    ],
)
def test_text_outside_a_translation_is_seen(source):
    assert len(untranslated(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '<p class="govuk-body">{{ _("Hello") }}</p>',
        "{% trans name=person %}Hello {{ name }}{% pluralize %}Hellos{% endtrans %}",
        '<a href="/">GOV.UK</a> &nbsp; &times; 1.',
        "{# a word on why #}<!-- and another --><style>p { margin: 0 }</style>",
        '{{ button(text=_("Continue"), name="go") }}',
        '<img alt="{{ _("A bin") }}" src="bin.png">',
    ],
)
def test_translated_text_is_allowed(source):
    assert untranslated(source) == []


def test_a_plain_text_message_is_read_line_by_line():
    assert untranslated("{{ _('Dear') }} {{ name }}\nThank you", html=False) == [(2, "Thank you")]


def strangers(source, *, room, rooms):
    """Templates of another room that this one includes, imports or extends."""
    kinds = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    for node in environment.parse(source).find_all(kinds):
        name = getattr(node.template, "value", "")
        if isinstance(name, str) and name.partition("/")[0] in rooms - {room, "design"}:
            yield node.lineno, name


def test_templates_use_only_those_of_their_own_room_and_of_design():
    names = {room.name for room in rooms()}
    said = [
        f"{named(path)}:{line}: {name}"
        for path in templates()
        for line, name in strangers(path.read_text(), room=path.relative_to(HOUSE).parts[0], rooms=names)
    ]
    nothing_said(said)


def test_a_template_of_another_room_is_seen():
    source = (
        '{% extends "design/page.html" %}{% include "cases/row.html" %}{% import "report/map.html" as map %}'
    )
    found = strangers(source, room="report", rooms={"report", "cases", "design"})
    assert [name for _, name in found] == ["cases/row.html"]
