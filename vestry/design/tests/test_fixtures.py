"""Our macros write the HTML that GOV.UK Frontend's own fixtures ask for, but for the listed ones."""

import json
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import UndefinedError

from vestry.design.tests import as_ours
from vestry.design.tests.normal import normal

COMPONENTS = Path(__file__).parents[3] / "node_modules/govuk-frontend/dist/govuk/components"

READ_AS = {
    "back-link": as_ours.words,
    "breadcrumbs": as_ours.listed,
    "button": as_ours.words,
    "character-count": as_ours.field,
    "checkboxes": as_ours.choices,
    "date-input": as_ours.date_input,
    "details": as_ours.details,
    "error-message": as_ours.words,
    "error-summary": as_ours.error_summary,
    "fieldset": as_ours.fieldset,
    "file-upload": as_ours.field,
    "generic-header": as_ours.header,
    "hint": as_ours.words,
    "input": as_ours.field,
    "inset-text": as_ours.words,
    "label": as_ours.label,
    "notification-banner": as_ours.notification_banner,
    "pagination": as_ours.pagination,
    "panel": as_ours.titled,
    "phase-banner": as_ours.phase_banner,
    "radios": as_ours.choices,
    "select": as_ours.choices,
    "service-navigation": as_ours.service_navigation,
    "skip-link": as_ours.skip_link,
    "summary-list": as_ours.summary_list,
    "table": as_ours.table,
    "tag": as_ours.words,
    "task-list": as_ours.task_list,
    "textarea": as_ours.field,
    "warning-text": as_ours.words,
}

# Why a fixture is not drawn as it asks. Beside these there are the components we have no macro for; of those
# `footer` and `header` carry the crown, which only GOV.UK may show: ours are our own.
NOT_SUPPORTED = {
    "words inside a start button are never marked up": {("button", "start link with html")},
    "a count is of characters, or of words when max_words says so; its sentence is ours and translated": {
        ("character-count", "with count type 'length'"),
        ("character-count", "with count type 'characters'"),
        ("character-count", "with count type 'characters' and value"),
        ("character-count", "with count type 'characters' and error message"),
        ("character-count", "with count type 'characters' and threshold"),
        ("character-count", "with count type 'words'"),
        ("character-count", "with count type 'words' and value"),
        ("character-count", "with count type 'words' and error message"),
        ("character-count", "with count type 'words' and threshold"),
        ("character-count", "with custom textarea description"),
        ("character-count", "with translations"),
    },
    "a limit is always known on the server": {
        ("character-count", "to configure in JavaScript"),
        ("character-count", "with neither maxlength nor maxwords set"),
        ("character-count", "with neither maxlength, maxwords nor textarea description set"),
    },
    "labels, legends and affixes take classes but no further attributes": {
        ("checkboxes", "fieldset params"),
        ("checkboxes", "label with attributes"),
        ("input", "with customised input wrapper"),
        ("input", "with prefix with attributes"),
        ("input", "with prefix with classes"),
        ("input", "with suffix with attributes"),
        ("input", "with suffix with classes"),
        ("radios", "fieldset params"),
        ("radios", "label with attributes"),
    },
    "the parts of a date are day, month and year: named, sized and marked wrong in one way only": {
        ("date-input", "custom inputmode"),
        ("date-input", "custom pattern"),
        ("date-input", "items with classes"),
        ("date-input", "with error on single field using classes"),
        ("date-input", "with error on single item using classes"),
        ("date-input", "with errors only (using classes)"),
        ("date-input", "with errors only (using items and classes)"),
        ("date-input", "with field value and item value"),
        ("date-input", "with field value and items"),
        ("date-input", "with field value, item value and values"),
        ("date-input", "with id on items"),
        ("date-input", "with input attributes"),
        ("date-input", "with item value"),
        ("date-input", "with nested name"),
        ("date-input", "with values, name prefix and custom names"),
    },
    "the tag of a task takes classes but no further attributes": {("task-list", "custom attributes")},
    "an error summary always takes the focus": {
        ("error-summary", "autofocus disabled"),
        ("error-summary", "autofocus explicitly enabled"),
    },
    "nothing is put over a browser's own way to choose a file, and no page can choose one for somebody": {
        ("file-upload", "enhanced"),
        ("file-upload", "enhanced, custom wrapper classes and attributes"),
        ("file-upload", "enhanced, multiple files"),
        ("file-upload", "enhanced, with error message and hint"),
        ("file-upload", "translated"),
        ("file-upload", "translated, no javascript enhancement"),
        ("file-upload", "with value"),
    },
    "long lists are read on by their last key and never counted, so there are no page numbers": {
        ("pagination", "default"),
        ("pagination", "first page"),
        ("pagination", "last page"),
        ("pagination", "with custom accessible labels on item links"),
        ("pagination", "with custom attributes"),
        ("pagination", "with custom classes"),
        ("pagination", "with custom link and item text"),
        ("pagination", "with custom navigation landmark"),
        ("pagination", "with empty items"),
        ("pagination", "with many pages"),
    },
    "a panel confirms; nothing interrupts yet": {
        ("panel", "confirmation, with actions"),
        ("panel", "interruption"),
        ("panel", "interruption with custom classes"),
        ("panel", "interruption, button link"),
        ("panel", "interruption, no actions"),
        ("panel", "interruption, no actions items"),
        ("panel", "interruption, submit action"),
        ("panel", "interruption, with actions classes and attributes"),
        ("panel", "interruption-with-content-with-long-line-length"),
        ("panel", "interruption-with-headings-content-and-lists"),
    },
    "values are texts": {("select", "with falsy values")},
    "only the end of the navigation has a slot": {("service-navigation", "with slotted content")},
    "a warning says something": {("warning-text", "icon fallback text only")},
}
LEFT_OUT = set().union(*NOT_SUPPORTED.values())


def fixtures():
    for component in READ_AS:
        read = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))
        for fixture in read["fixtures"]:
            yield pytest.param(component, fixture, id=f"{component}: {fixture['name']}")


def drawn(component, options):
    name = component.replace("-", "_")
    template = engines["jinja2"].env.get_template(f"design/govuk/{name}.html")
    return str(getattr(template.module, name)(**READ_AS[component](options)))


@pytest.mark.parametrize(("component", "fixture"), list(fixtures()))
def test_a_macro_writes_what_the_fixture_asks_for(component, fixture):
    expected = normal(fixture["html"])
    if (component, fixture["name"]) in LEFT_OUT:
        try:
            assert normal(drawn(component, fixture["options"])) != expected
        except (TypeError, UndefinedError):
            return  # the macro has no such word, and says so
    else:
        assert normal(drawn(component, fixture["options"])) == expected


def test_only_fixtures_there_are_are_left_out():
    assert {(one.values[0], one.values[1]["name"]) for one in fixtures()} >= LEFT_OUT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p class='a b' id=x>Hi  there</p>", '<p id="x" class="b a">\n  Hi\nthere </p>'),
        ("<li> <a href='/'> x </a> </li>", '<li><a href="/">x</a></li>'),
        ("<p>Go<span> on</span></p>", "<p>Go <span>on</span></p>"),
        ("<input disabled>", '<input disabled="">'),
        ("<textarea>\nx</textarea>", "<textarea>x</textarea>"),
    ],
)
def test_what_no_reader_notices_is_the_same(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>Go<span>on</span></p>", "<p>Go <span>on</span></p>"),
        ("<p>&lt;b&gt;</p>", "<p><b></b></p>"),
        ("<input disabled>", "<input>"),
        ('<p class="a"></p>', "<p></p>"),
        ("<p>a</p><p>b</p>", "<p>b</p><p>a</p>"),
        ("<textarea> x</textarea>", "<textarea>x</textarea>"),
        ("<div><p></p></div>", "<div></div><p></p>"),
    ],
)
def test_what_a_reader_notices_is_different(one, other):
    assert normal(one) != normal(other)
