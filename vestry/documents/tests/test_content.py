"""What a file is, by what is in it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vestry.documents import rules
from vestry.documents.tests import made

EVERYTHING = rules.kinds_of(rules.TYPES)
PHOTOS = rules.kinds_of(["photo"])


def look(content, name="a.jpg", allowed=EVERYTHING):
    stream = io.BytesIO(content)
    return rules.look(stream, name=name, allowed=allowed, kinds="a JPG or PNG", decode=rules.decoders.found)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (made.picture("JPEG"), "jpeg"),
        (made.picture("PNG"), "png"),
        (made.pdf(), "pdf"),
        (made.office(), "docx"),
        (made.office("spreadsheetml.sheet"), "xlsx"),
        (made.open_document(), "odt"),
        (made.open_document("spreadsheet"), "ods"),
    ],
)
def test_what_it_is_is_found_whatever_it_is_called(content, kind):
    for name in ("a.jpg", "a.exe", "no ending", "\u202egpj.a"):
        assert look(content, name).name == kind


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "a.jpg", rules.Empty),
        (made.PROGRAM, "bill.pdf", rules.Renamed),
        (made.PROGRAM, "bill.exe", rules.WrongKind),
        (made.PAGE, "photo.jpg", rules.Renamed),
        (made.DRAWING, "photo.svg", rules.WrongKind),
        (made.DRAWING, "photo.png", rules.Renamed),
        (made.heic(), "IMG_0001.HEIC", rules.PhonePhoto),
        (made.heic(b"mif1"), "photo.jpg", rules.PhonePhoto),
        (b"just a text", "notes.txt", rules.WrongKind),
        (made.picture("GIF"), "photo.png", rules.Renamed),
        (made.archive(**{"a.txt": "x"}), "a.zip", rules.WrongKind),
        (made.archive(**{"a.txt": "x"}), "a.docx", rules.Renamed),
        (made.office(**{"word/vbaProject.bin": "x"}), "a.docx", rules.Renamed),
        (made.office("wordprocessingml.document.macroEnabled"), "a.docx", rules.Renamed),
        (made.picture("PNG")[:-20], "a.png", rules.Damaged),
        (made.picture("PNG")[:60], "a.png", rules.Damaged),
        (made.picture("JPEG")[:-300], "a.jpg", rules.Damaged),
        (made.picture("JPEG")[:20], "a.jpg", rules.Damaged),
        (made.bomb(), "a.png", rules.Heavy),
        (made.picture_in_passes(8000, 6000), "a.jpg", rules.Heavy),
        (made.pdf()[:-60], "a.pdf", rules.Damaged),
        (b"%PDF-1.7\n%%EOF", "a.pdf", rules.Damaged),
        (made.office()[:-10], "a.docx", rules.Damaged),
        (made.pdf(password="secret"), "a.pdf", rules.Locked),
        # A picture, a document, and at the same time an archive or a page.
        (made.picture("JPEG") + made.archive(**{"a.html": "x"}), "a.jpg", rules.Mixed),
        (made.picture("PNG") + made.office(), "a.png", rules.Mixed),
        (made.pdf().replace(b"%%EOF", b"%%EOF\n") + made.archive(**{"a.jar": "x"}), "a.pdf", rules.Mixed),
        (made.pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1), "a.pdf", rules.Mixed),
    ],
)
def test_what_it_must_not_be_is_refused_by_its_name(content, name, refusal):
    with pytest.raises(rules.NotTaken) as refused:
        look(content, name)
    assert type(refused.value) is refusal
    assert name in str(refused.value)


def test_what_is_no_archive_for_us_is_not_taken_for_a_damaged_one():
    with pytest.raises(rules.WrongKind):
        look(made.office(), "letter.docx", PHOTOS)


@given(
    content=st.binary(max_size=3000),
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04"]),
)
@settings(max_examples=150, deadline=None)
def test_nonsense_is_refused_and_never_an_error(content, start):
    with pytest.raises(rules.NotTaken):
        look(start + content)


@given(cut=st.integers(1, 2000), format_=st.sampled_from(["JPEG", "PNG"]))
@settings(max_examples=60, deadline=None)
def test_a_picture_cut_short_is_never_taken(cut, format_):
    whole = made.picture(format_)
    # The last bytes only say that it ends.
    with pytest.raises(rules.NotTaken):
        look(whole[: len(whole) - 12 - cut % (len(whole) - 40)])


def test_every_word_of_a_definition_allows_something():
    assert all(rules.kinds_of([word]) for word in rules.TYPES)
    assert rules.kinds_of(["photo", "pdf", "photo"]) == [rules.KINDS[name] for name in ("jpeg", "png", "pdf")]


def test_whoever_sends_a_phone_s_photo_is_told_what_to_do():
    with pytest.raises(rules.PhonePhoto) as refused:
        look(made.heic(), "IMG_0001.HEIC")
    assert "HEIC" in str(refused.value)
    assert "screenshot" in str(refused.value)


def test_where_no_photo_is_asked_for_a_photo_is_just_of_another_kind():
    with pytest.raises(rules.WrongKind):
        look(made.heic(), "IMG_0001.HEIC", rules.kinds_of(["pdf"]))
