"""Search: cases by their reference, or by words of what was said in them, within what an officer may see.

That is the answers, the messages, and the notes: whoever may see a case reads all three.

Each case has its words in a table of their own, whose one index answers on either database; a word is looked
for from its beginning. How much of what was said becomes words, the information class says.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from vestry.cases.api.paging import leniently, place_of
from vestry.cases.api.stating import plan_of, view
from vestry.cases.api.views import InboxPage
from vestry.cases.models import Case, Cases, Word
from vestry.information import api as information
from vestry.kernel import tidy_reference
from vestry.people import api as people

PAGE = 25
LONGEST_WORD = 60
# A long letter has a few hundred different words; what comes after is rarely what somebody looks for.
MOST_WORDS = 400
# The same words over and over are not read to the end.
MOST_READ = 10_000
# Five words find anything; each more is one more pass over the index.
MOST_ASKED = 8
_WORD = re.compile(r"[^\W_]+")
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})\b")
_NUMBER = re.compile(r"\+?[0-9](?:[ -]?[0-9]){5,}")
# In every letter, so they find nothing.
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "up",
        "was",
        "we",
        "were",
        "when",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


def words_in(text: str) -> Iterator[str]:
    """The words of a text as they are kept and looked for: small letters, no accents, postcodes in one."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("\x00", "")
    plain = plain.replace("'", "").replace("’", "")
    plain = _POSTCODE.sub(r"\1\2", plain)
    plain = _NUMBER.sub(lambda found: re.sub("[^0-9]", "", found.group()), plain)
    for word in _WORD.findall(plain):
        if word not in _COMMON:
            yield word[:LONGEST_WORD]


def index(case: Case, texts: Iterable[str]) -> None:
    """Let a case be found by its reference and by the words of these texts."""
    _keep(case, [case.reference, *texts])


def index_more(case: Case, text: str) -> None:
    """Let a case be found by what was written about it too, where its class lets words find it."""
    if information.control(case.plan.information_class).search_finds_words:
        _keep(case, [text])


def _keep(case: Case, texts: Iterable[str]) -> None:
    found = dict.fromkeys(itertools.islice((word for text in texts for word in words_in(text)), MOST_READ))
    words = [Word(case=case, word=word) for word in itertools.islice(found, MOST_WORDS)]
    Word.objects.bulk_create(words, ignore_conflicts=True)


def search(*, officer: people.OfficerView, text: str, after: str = "") -> InboxPage:
    """The cases an officer may see that hold every word of the text, open and closed, the newest first.

    A whole reference finds that case alone. ``after`` is where the page before ended.
    """
    seen = Case.objects.visible_to(officer)
    reference = tidy_reference(text)
    exact = list(seen.filter(reference=reference).select_related("plan")) if reference else []
    wanted = list(dict.fromkeys(words_in(text)))[:MOST_ASKED]
    if exact or not wanted:
        return InboxPage(cases=[view(case) for case in exact], after="")
    found = leniently(_holding(seen, wanted), after, newest_first=True)
    rows = list(found.select_related("plan")[: PAGE + 1])
    plans = {case.plan_id: plan_of(case) for case in {case.plan_id: case for case in rows}.values()}
    return InboxPage(
        cases=[view(case, plans[case.plan_id]) for case in rows[:PAGE]],
        after=place_of(rows[PAGE - 1]) if len(rows) > PAGE else "",
    )


def _holding(found: Cases, wanted: Iterable[str]) -> Cases:
    for word in wanted:
        # Everything that begins with it, said so that an index of any collation answers it.
        last = word + "z" * (LONGEST_WORD - len(word))
        found = found.filter(pk__in=Word.objects.filter(word__gte=word, word__lte=last).values("case_id"))
    return found
