"""A strategy written as YAML or Markdown is read back as it was, whatever it says."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from vestry.services.packs import outlines
from vestry.strategy import api as strategy
from vestry.strategy.api import Earlier, Statement

LAYERS = strategy.LAYERS
said = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=60).filter(
    lambda text: text.strip() == text and text.split() and "\ue03f" not in text
)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@st.composite
def statements(draw):
    """A strategy without a fault: each serves one in the layer above it."""
    made = [Statement(slug="top", layer=LAYERS[0].slug, sentence="People live well.")]
    for depth, layer in enumerate(LAYERS[1:], start=1):
        above = [each.slug for each in made if each.layer == LAYERS[depth - 1].slug]
        for number in range(draw(st.integers(1, 2))):
            told = sorted(draw(st.lists(days, max_size=3, unique=True)))
            texts = [draw(said) for _ in told]
            made.append(
                Statement(
                    slug=f"{layer.slug}-{number}",
                    layer=layer.slug,
                    sentence=texts[-1] if texts else "Said so.",
                    serves=dict.fromkeys(draw(st.sets(st.sampled_from(above), min_size=1)), ""),
                    guided_by=("top",) if draw(st.booleans()) else (),
                    owner=draw(st.sampled_from(["", "waste"])),
                    since=told[-1] if told else None,
                    decided=draw(st.one_of(st.just(""), said)),
                    before=tuple(
                        Earlier(sentence=text, since=day)
                        for day, text in zip(told[:-1], texts[:-1], strict=True)
                    ),
                )
            )
    return made


@given(statements())
def test_yaml_is_read_back_with_its_history(made):
    back = outlines.read(outlines.write(made, LAYERS), name="x.yaml", known=LAYERS)
    assert back.mistakes == ()
    assert list(back.statements) == made
    assert back.layers == LAYERS


def test_layers_of_ones_own_are_written_along():
    own = (
        strategy.Layer(slug="why", title="Why", asks="Why?", words=9, review=3650, changed_by=("cabinet",)),
        strategy.Layer(slug="service", title="With", asks="With what?", words=99, review=14),
        strategy.Layer(slug="activity", title="Now", asks="What now?", words=200, review=7),
    )
    made = [Statement(slug="top", layer="why", sentence="People live well.")]
    back = outlines.read(outlines.write(made, own), name="x.yaml", known=LAYERS)
    assert (back.mistakes, back.layers, list(back.statements)) == ((), own, made)


def test_layers_without_a_place_for_services_and_cases_are_told_with_their_line():
    text = """
statements: {top: {layer: purpose, says: People live well.}}
layers:
  purpose: {title: Purpose, asks: Why?, words: 25, review: 10 years}
  work: {title: Work, asks: What?, words: 99, review: 1 year}
"""
    (mistake,) = outlines.read(text, name="x.yaml", known=LAYERS).mistakes
    assert (mistake.line, "services hang into" in mistake.what.lower()) == (3, True)


def test_figures_of_spend_are_read():
    text = """
statements: {top: {layer: purpose, says: People live well.}}
figures:
  spend:
    - {since: 2026-04-01, source: Budget, services: {missed-bin: 41000}, all: 9000000}
"""
    (figures,) = outlines.read(text, name="", known=LAYERS).figures
    assert (figures.of, figures.services, figures.all) == ("spend", {"missed-bin": 41000.0}, 9000000.0)


def test_every_mistake_is_told_with_its_line():
    text = "# Purpose\n- People live well.\n# Strateg\n- x\nnonsense\n"
    found = outlines.read(text, name="x.md", known=LAYERS).mistakes
    assert [each.line for each in found] == [3, 5]
    assert found[0].instead == 'Did you mean "Strategy"?'
