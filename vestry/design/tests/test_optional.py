import pytest
from django.template.loader import get_template

from vestry.design.kinds import Text, question_kinds

PLAIN = {
    "radios": {"options": {"a": "A"}},
    "checkboxes": {"options": {"a": "A"}},
    "select": {"options": {"a": "A"}},
    "declaration": {"agree": "I agree"},
    "list": {"one": "car", "many": "cars", "each": (Text(id="plate", ask="Which?"),)},
    "file": {"types": ("pdf",)},
}


@pytest.mark.parametrize("kind", sorted(question_kinds()))
def test_what_may_be_left_out_says_so(kind, council):
    render = get_template("design/page.html").backend.env.globals["render_question"]
    environment = get_template("design/page.html").backend.env
    make = question_kinds()[kind]
    for optional in (True, False):
        question = make(id="it", ask="What is it?", optional=optional, **PLAIN.get(kind, {}))
        drawn = render(environment, question)
        assert ("What is it? (optional)" in drawn) is optional
