"""Files as people send them, and as people who mean harm do."""

import io
import struct
import zipfile
import zlib
from importlib import import_module

from PIL import Image
from pypdf import PdfWriter

# The scanners and stores that ship with the ports' adapters: only what is plugged in may import them.
scanners = import_module("vestry.outbound.clamav.fakes")
stores = import_module("vestry.outbound.files.fakes")


def picture(format_="JPEG", size=(64, 48)):
    made = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, format_)
    return made.getvalue()


def heic(brand=b"heic"):
    """How a photo from a phone begins, as the standard has it, and something after it."""
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1heic" + b"\1" * 500


def pdf(password=""):
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=300)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def archive(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"


def office(kind="wordprocessingml.document", **more):
    types = f'<Types><Override ContentType="{MAIN.format(kind)}"/></Types>'
    return archive(**{"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more})


def open_document(kind="text"):
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": "<office/>"})


def bomb():
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""
    head = b"IHDR" + struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    end = b"IEND"
    parts = (
        struct.pack("!I", len(part) - 4) + part + struct.pack("!I", zlib.crc32(part)) for part in (head, end)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def picture_in_passes(width, height):
    """A JPEG of few bytes that comes in ever finer passes, and says that it is so wide and so high."""
    made = io.BytesIO()
    Image.new("L", (64, 48)).save(made, "JPEG", progressive=True)
    whole, size = made.getvalue(), struct.pack("!HH", 48, 64)
    assert whole.count(size) == 1
    return whole.replace(size, struct.pack("!HH", height, width))


PROGRAM = b"MZ\x90\x00" + b"\0" * 60 + b"This program cannot be run in DOS mode." + b"\0" * 400
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def infected_pdf():
    whole = pdf()
    return whole.replace(b"startxref", b"% " + scanners.EICAR + b"\nstartxref")
