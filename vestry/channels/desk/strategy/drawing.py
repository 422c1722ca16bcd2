"""The picture, drawn: a band a layer, as wide as it has words, as dark as it changes.

Real text in an SVG, so that it is read aloud, found and enlarged; no style attributes, which the page's
content policy would refuse. Each band is a link to its sentences.
"""

from __future__ import annotations

from math import log10

import drawsvg as draw
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.strategy import api as strategy

# As wide as a small phone, in its own units: the page lets it grow with the screen.
WIDTH, BAND, GAP, TOP, BOTTOM = 320, 26, 40, 50, 36
# From hardly any change to all words anew in a year: pale to dark blue, each dark enough on white to be seen.
TINTS = ((0.02, "#bbd4ea"), (0.1, "#85b2da"), (0.3, "#4b8cc2"), (0.8, "#1d5f9e"), (float("inf"), "#0f385c"))
INK, QUIET = "#0b0c0c", "#484949"


class Link(draw.DrawingParentElement):
    """A link around what is drawn."""

    TAG_NAME = "a"


def tint(churn: float) -> str:
    """The colour for a share of words changed in a year."""
    return next(colour for most, colour in TINTS if churn <= most)


def drawn(picture: strategy.Picture, titles: dict[str, str], links: dict[str, str]) -> str:
    """The picture as SVG text. ``titles`` are the layers' names, ``links`` where each band leads."""
    most = max([each.words for each in picture.measures] + [10])
    height = TOP + len(picture.measures) * (BAND + GAP) + BOTTOM
    drawing = draw.Drawing(WIDTH, height, id_prefix="picture")
    drawing.append(_text(_("Layer, from the top down"), 0, 12, size=11, fill=QUIET))
    for row, each in enumerate(picture.measures):
        drawing.append(_band(each, titles[each.layer], links[each.layer], row, most))
    _axis(drawing, most, height)
    return drawing.as_svg(header="")


def _band(each: strategy.LayerMeasure, title: str, link: str, row: int, most: int) -> Link:
    top = TOP + row * (BAND + GAP)
    width = _across(each.words, most)
    words = ngettext("%(number)s word", "%(number)s words", each.words) % {"number": f"{each.words:,}"}
    changed = _("%(share)s%% changed in a year") % {"share": round(each.churn * 100)}
    band = Link(href=link, aria_label=f"{title}: {words}, {changed}")
    band.append(_text(title, 0, top - 19, size=13, fill=INK, font_weight="bold"))
    band.append(_text(f"{words}, {changed}", 0, top - 6, size=11, fill=QUIET))
    box = {"fill": tint(each.churn), "stroke": INK, "stroke_width": 1}
    band.append(draw.Rectangle((WIDTH - width) / 2, top, width, BAND, **box))
    return band


def _axis(drawing: draw.Drawing, most: int, height: int) -> None:
    """How wide how many words are. The scale is logarithmic: linear, the purpose would be too thin to see."""
    base = height - BOTTOM - GAP + 16
    # Every second power of ten, so that the numbers do not run into each other.
    middle, ticks = WIDTH / 2, [10**power for power in range(1, 9, 2) if 10**power <= most]
    for words in ticks:
        half = _across(words, most) / 2
        drawing.append(draw.Line(middle - half, base, middle + half, base, stroke=QUIET, stroke_width=1))
        drawing.append(
            draw.Line(middle + half, base - 4, middle + half, base + 4, stroke=QUIET, stroke_width=1)
        )
        end = {"text_anchor": "end"} if half > WIDTH / 2 - 16 else {"text_anchor": "middle"}
        drawing.append(_text(f"{words:,}", middle + half, base + 15, size=11, fill=QUIET, **end))
    drawing.append(
        _text(_("Width: words. Each step is a hundred times as many."), 0, base + 28, size=11, fill=QUIET)
    )


def _across(words: int, most: int) -> float:
    return WIDTH * log10(words + 1) / log10(most + 1)


def _text(text: str, x: float, y: float, *, size: int, **more: object) -> draw.Text:
    return draw.Text(text, size, x, y, **more)
