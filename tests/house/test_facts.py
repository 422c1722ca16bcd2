"""Every fact is named in the past tense, documented, and says its sentence and its privacy rule."""

import importlib
import inspect
import re

import pytest

from tests.house.places import HOUSE, ROOT, nothing_said
from vestry.kernel import Fact

# English verbs whose past participle does not end in -ed.
IRREGULAR = re.compile(
    "Begun|Bound|Broken|Built|Caught|Chosen|Drawn|Fallen|Forgotten|Found|Given|Gone|Grown|Heard|Held|Hidden|Kept"
    "|Left|Lent|Lost|Made|Met|Paid|Put|Read|Said|Seen|Sent|Set|Shown|Shut|Sold|Split|Spent|Struck|Taken|Told"
    "|Undone|Withdrawn|Won|Written"
)


def words(name):
    return re.findall(r"[A-Z][a-z]*", name)


def is_past_tense(name):
    return any(word.endswith("ed") or IRREGULAR.fullmatch(word) for word in words(name))


def faults(fact):
    where = f"{fact.__module__}.{fact.__name__}"
    if not is_past_tense(fact.__name__):
        yield f"{where}: is not named in the past tense"
    for needed in ("name", "sentence", "privacy"):
        if not getattr(fact, needed, None):
            yield f"{where}: states no {needed}"
    said = (vars(fact).get("__doc__") or "").strip()
    if not said or said.startswith(f"{fact.__name__}("):  # what a dataclass writes for itself
        yield f"{where}: has no docstring"


def facts():
    for path in sorted([*HOUSE.rglob("events.py"), *HOUSE.rglob("events/*.py")]):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, Fact) and found is not Fact and found.__module__ == module.__name__:
                yield found


def test_every_fact_is_whole():
    nothing_said(said for fact in facts() for said in faults(fact))


def test_there_are_facts_to_look_at():
    assert list(facts())


@pytest.mark.parametrize("name", ["SlotHeld", "CaseOpened", "MoneySent", "CaseMovedToTeam"])
def test_past_tense_is_known(name):
    assert is_past_tense(name)


def test_a_fact_that_says_nothing_is_seen():
    class HoldSlot:
        sentence = ""

    assert len(list(faults(HoldSlot))) == 5
