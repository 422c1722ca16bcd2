"""A draft with a list is tried out as it will be: added to, changed, taken off again."""

import pytest
from django.http import QueryDict

from vestry.people import api as people
from vestry.people.tests.officers import put_officers, put_teams
from vestry.services import api as services
from vestry.services.tests.services_to_try import MISSED_BIN, TUESDAY_NOON, put_places, put_why

LIST = """journey:
  - page: Who lives there?
    ask:
      - list:
          {id: people, ask: Who lives there?, one: person, many: people,
           each: [{text: {id: called, ask: Name?}}, {text: {id: trade, ask: Trade?}}]}
"""

PROOF = """journey:
  - page: Proof
    ask: [file: {id: proof, ask: Your proof?, name: proof, types: [pdf]}]
"""


class Trying:
    """One officer's walk through a draft; the session is theirs to keep."""

    def __init__(self, draft, officer):
        self.draft, self.officer, self.tried = draft, officer, {}

    def at(self, step=""):
        return services.try_at(
            draft=self.draft, officer=self.officer, tried=self.tried, step=step, now=TUESDAY_NOON
        )

    def post(self, step, **fields):
        form = QueryDict(mutable=True)
        form.update(fields)
        form.setlist("asked", [question.id for question in self.at(step).asked])
        where, self.tried = services.try_answer(
            draft=self.draft,
            officer=self.officer,
            tried=self.tried,
            step=step,
            form=form,
            now=TUESDAY_NOON,
        )
        return where


@pytest.fixture
def trying(council):
    put_why()
    put_places()
    put_teams({"waste": "Waste"})
    put_officers(
        [people.Placement(slug="dee", name="Dee", email="dee@harrowmere.example", council=("designer",))]
    )
    officer, text = people.get_officer("dee"), MISSED_BIN.replace("journey:\n", LIST)
    draft = services.begin_draft(officer=officer, now=TUESDAY_NOON)
    services.keep_draft(draft=draft, text=text, edition=1, officer=officer, now=TUESDAY_NOON)
    assert services.get_draft(draft=draft, officer=officer, now=TUESDAY_NOON).ready
    return Trying(draft, officer)


def test_two_are_added_and_the_way_goes_on(trying):
    where = trying.at()
    for name in ("Ann", "Ben"):
        where = trying.post(where.step, called=name)
        assert where.about == name
        where = trying.post(where.step, trade="Baker")
        assert [entry.title for entry in where.asked[0].entries][-1] == name
        if name == "Ann":
            where = trying.post(where.step, **{"people": "yes", "people-next": "2"})
    where = trying.post(where.step, **{"people": "no", "people-next": "3"})
    assert where.step == "bin"


def test_a_file_that_has_to_be_given_is_left_out_while_it_is_tried_out(trying):
    officer, text = trying.officer, MISSED_BIN.replace("journey:\n", PROOF)
    services.keep_draft(draft=trying.draft, text=text, edition=2, officer=officer, now=TUESDAY_NOON)
    assert trying.at().files
    assert trying.post("proof").step != "proof"
