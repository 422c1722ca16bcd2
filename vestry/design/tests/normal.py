"""HTML as a list in which only what matters is left: for comparing two pieces of it.

The order of attributes and classes goes, and white space that no browser shows: next to a block's edge, and a
second one in a row. A space just inside an inline element is the same as one just outside it.
"""

from html.parser import HTMLParser

INLINE = {"a", "b", "br", "code", "em", "span", "strong"}
VOID = {"br", "hr", "img", "input", "link", "meta"}
AS_WRITTEN = {"textarea", "pre"}
SPACE = " "


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.read = []
        self.as_written = False

    def handle_starttag(self, tag, attrs):
        self.as_written = tag in AS_WRITTEN
        self.read.append(("open", tag, tuple(sorted(map(tidy, attrs)))))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.as_written = False
        if tag not in VOID:
            self.read.append(("close", tag))

    def handle_data(self, data):
        if self.as_written:
            self.read.append(("text", data.removeprefix("\n")))
            return
        if data[0].isspace():
            self.read.append(SPACE)
        if data.strip():
            self.read.append(("text", " ".join(data.split())))
            if data[-1].isspace():
                self.read.append(SPACE)


def tidy(attribute):
    name, value = attribute
    value = " ".join(sorted(value.split())) if name == "class" else (value or "").strip()
    return name, value


def is_block(token):
    return token != SPACE and token[0] != "text" and token[1] not in INLINE


def swapped(before, after):
    """A space goes before an opening inline element and after a closing one."""
    return (after == SPACE and before[0] == "open" and before[1] in INLINE) or (
        before == SPACE and after != SPACE and after[0] == "close" and after[1] in INLINE
    )


def normal(html):
    reader = Reader()
    reader.feed(html.strip())
    reader.close()
    tokens = [token for token in reader.read if token != ("text", "")]
    moved = True
    while moved:
        moved = False
        for place in range(len(tokens) - 1):
            if swapped(*tokens[place : place + 2]):
                tokens[place : place + 2] = tokens[place + 1], tokens[place]
                moved = True
    return without_edges(tokens)


def without_edges(tokens):
    kept = []
    for token in tokens:
        if token == SPACE and (not kept or kept[-1] == SPACE or is_block(kept[-1])):
            continue
        if is_block(token) and kept and kept[-1] == SPACE:
            kept.pop()
        kept.append(token)
    return kept[:-1] if kept and kept[-1] == SPACE else kept
