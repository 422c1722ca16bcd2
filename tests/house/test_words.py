"""Every sentence that Python says to a person can be translated, and a translator is given every one of them.

What only those who run or build Vestry read stays English: its logs, its command line, the errors of a wrong
call, the descriptions in schemas.
"""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from tests.house.places import HOUSE, ROOT, named, nothing_said
from vestry.design.environment import environment
from vestry.kernel import Refused, known_facts

TRANSLATED = {"_", "gettext", "gettext_lazy", "mark", "ngettext", "pgettext"}
FOR_BUILDERS = {
    *("LookupError", "RuntimeError", "TypeError", "ValueError", "UnknownClass"),
    *("CannotWorkOut",),  # logged, and the condition counts as met
    *("debug", "info", "warning", "error"),
    *("Meta", "add_parser", "print"),
}
# A fact's reason why it holds nothing personal; what a schema says of a word.
NAMES_FOR_BUILDERS = {"privacy", "description"}
FILES_FOR_BUILDERS = {
    "vestry/config": "the command line, and what stands before any page",
    "vestry/channels/rest/bodies.py": "examples in the description of the API",
    "vestry/channels/rest/case_bodies.py": "examples in the description of the API",
    "vestry/channels/rest/examples.py": "examples in the description of the API",
    "vestry/outbound/clamav": "settings, and why a scanner did not answer: for whoever runs Vestry",
    "vestry/outbound/files": "settings, and why a file could not be stored: for whoever runs Vestry",
    "vestry/outbound/email": "settings, and why a mail server refused: for whoever runs Vestry",
    "vestry/outbound/govuk_notify": "settings: for whoever runs Vestry",
    "vestry/outbound/govuk_pay/settings.py": "settings: for whoever runs Vestry",
    "vestry/outbound/govuk_pay/simulator": "the demo's stand-in for somebody else's pages",
    "vestry/services/definition/schema.py": "descriptions in the schema of definitions",
}
# At least three words, and an end.
SENTENCE = re.compile(r"\w+\W+\w+\W+\w.*[.?!]\s*$", re.DOTALL)


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def for_builders(node):
    if isinstance(node, ast.Call):
        return called(node) in TRANSLATED | FOR_BUILDERS
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(getattr(target, "id", "").lower().strip("_") in NAMES_FOR_BUILDERS for target in targets)
    if isinstance(node, ast.keyword):
        return node.arg in NAMES_FOR_BUILDERS
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring


def sentences(node):
    """Sentences outside every translation; an f-string is one, with its values left out."""
    if for_builders(node):
        return
    text = ""
    if isinstance(node, ast.JoinedStr):
        text = "".join(part.value if isinstance(part, ast.Constant) else "it" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    if SENTENCE.match(text):
        yield node.lineno, text
    elif not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from sentences(child)


def read_by_people(path):
    name = named(path)
    return not {"tests", "migrations"} & set(path.parts) and not name.startswith(tuple(FILES_FOR_BUILDERS))


def test_python_holds_no_untranslated_sentence():
    files = [path for path in sorted(HOUSE.rglob("*.py")) if read_by_people(path)]
    nothing_said(
        f"{named(path)}:{line}: {text}"
        for path in files
        for line, text in sentences(ast.parse(path.read_bytes()))
    )


def test_what_is_for_builders_is_still_there():
    assert [name for name in FILES_FOR_BUILDERS if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Wrong("Enter your whole name.")',
        'raise Wrong(f"{name} is not a name.")',
        'said = ["Two of them are alike."] if twice else []',
        'yield Problem(what="It never comes to an end.", path=_("so"))',
    ],
)
def test_an_untranslated_sentence_is_seen(source):
    assert len(list(sentences(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'raise Wrong(_("Enter your whole name."))',
        'def name():\n    """What somebody is called."""',
        'raise LookupError(f"There is no port {name}.")',
        'privacy = "Names nobody at all."',
        'name = "vestry.cases"',
    ],
)
def test_what_is_translated_or_read_by_no_one_is_allowed(source):
    assert list(sentences(ast.parse(source))) == []


@pytest.fixture(scope="module")
def given_to_translators():
    """Where each sentence was found, by sentence, as docs/how-to/translate.md draws them out."""
    methods, options = parse_mapping_cfg(StringIO((ROOT / "babel.cfg").read_text()))
    keywords = {**dict.fromkeys(("_", "gettext", "mark")), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    found = {}
    for name, _, message, *_ in extract_from_dir(HOUSE, methods, options, keywords):
        found.setdefault(message if isinstance(message, str) else message[0], set()).add(Path(name))
    return found


def test_a_translator_is_given_every_template(given_to_translators):
    given = {name for names in given_to_translators.values() for name in names}
    with_words = {
        path.relative_to(HOUSE)
        for path in HOUSE.glob("**/templates/**/*.html")
        if re.search(r"""\b_\(["']|\{%-? trans\b""", path.read_text())
    }
    assert with_words
    assert with_words - given == set()


def test_babel_reads_templates_as_the_house_does():
    cfg = (ROOT / "babel.cfg").read_text()
    ours = {name.rpartition(".")[2] for name in environment().extensions} - {"InternationalizationExtension"}
    assert ours == {"ExprStmtExtension"}
    assert "extensions = jinja2.ext.do\n" in cfg


def test_a_translator_is_given_every_fact(given_to_translators):
    ours = [fact for fact in known_facts().values() if re.fullmatch(r"vestry\..*\.events", fact.__module__)]
    assert ours
    said = {text for fact in ours for text in (fact.sentence, fact.told)}
    only_a_value = re.compile(r"(\{\w+\})?")
    assert {text for text in said if not only_a_value.fullmatch(text)} - given_to_translators.keys() == set()


def kinds(refusal):
    for kind in refusal.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_a_translator_is_given_every_refusal(given_to_translators):
    ours = {kind for kind in kinds(Refused) if kind.__module__.startswith("vestry.")}
    said = {" ".join(kind.__doc__.split()) for kind in ours if ".tests." not in kind.__module__}
    assert said
    assert said - given_to_translators.keys() == set()
