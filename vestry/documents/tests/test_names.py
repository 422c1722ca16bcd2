"""What a file is called."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vestry.documents.rules import tidy_name
from vestry.documents.rules.names import LONGEST


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("bill.pdf", "bill.pdf"),
        ("Bill.PDF", "Bill.PDF"),
        ("bill", "bill.pdf"),
        ("bill.exe", "bill.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\jo\\bill.pdf", "bill.pdf"),
        ("annexe\u202efdp.exe", "annexefdp.exe.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("bill.pdf\0.exe", "bill.pdf.exe.pdf"),
        ('<script>"x".pdf', "-script--x-.pdf"),
        ("line\r\nbreak.pdf", "line break.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        ("Siân’s café – bil.pdf", "Siân’s café – bil.pdf"),
        ("x" * 500 + ".pdf", "x" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_a_name_is_tidied(given_, name):
    assert tidy_name(given_, ["pdf"]) == name


@given(st.text(st.characters(codec=None), max_size=200), st.sampled_from([("pdf",), ("jpg", "jpeg"), ()]))
@example("con", ("pdf",))
@example("a" * 99 + " .", ())
@example("e\u200d\u0301/.pdf", ("pdf",))
def test_no_name_can_mislead_or_do_harm(name, endings):
    tidied = tidy_name(name, endings)
    assert 0 < len(tidied) <= LONGEST
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f\x7f]', tidied)
    assert tidied == tidied.strip(" .")
    assert not {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} & {unicodedata.category(letter) for letter in tidied}
    if endings:
        assert tidied.rpartition(".")[2].lower() in endings
    assert tidy_name(tidied, endings) == tidied
    tidied.encode()
