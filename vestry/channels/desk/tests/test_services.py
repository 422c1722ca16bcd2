"""A service is changed at the desk: told what to mend, shown what is different, tried out, published."""

import pytest
from django.test import Client

from vestry.channels.desk.tests.pages import errors, given_back, key, text
from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, put_officers
from vestry.people.tests.officers import sign_in as sign_in_as
from vestry.services import api as services
from vestry.services.tests.services_to_try import MISSED_BIN, PAGES, TUESDAY_NOON, put_why, start

DEE = people.Placement(slug="dee", name="Dee", email="dee@harrowmere.example", council=("designer",))
CHANGED = MISSED_BIN.replace("garden: Garden waste", "garden: Garden waste, food: Food waste")


@pytest.fixture(autouse=True)
def noon(officers, monkeypatch):
    put_why()
    # What they publish asks for one.
    put_officers(PLACEMENTS, demo_second_step=["grace"])
    for module in ("desk.definitions", "public.preview"):
        monkeypatch.setattr(f"vestry.channels.{module}.utc_now", lambda: TUESDAY_NOON)


@pytest.fixture
def grace(signed_in):
    """A manager of the council."""
    return signed_in("grace")


@pytest.fixture
def dee(officers):
    """Writes services; may not publish."""
    put_officers([*PLACEMENTS, DEE], demo_second_step=["dee"])
    return sign_in_as(Client(), "dee")


@pytest.fixture
def draft(grace):
    return grace.post("/desk/drafts/", {"service": "missed-bin"}).headers["Location"]


def keep(client, draft, written, edition=1):
    return client.post(draft, {"text": written, "edition": edition})


def test_a_draft_begins_with_what_is_offered(grace, draft):
    page = grace.get(draft)
    assert "title: Report a missed bin" in page.content.decode()
    assert "Nothing to mend" in text(page)
    assert "Nothing that people would notice" in text(page)


def test_a_button_pressed_twice_begins_one_draft(grace, dee):
    for page, of in (("/desk/services/missed-bin/", {"service": "missed-bin"}), ("/desk/services/", {})):
        form = {**of, "form-key": key(grace.get(page))}
        first, second = (grace.post("/desk/drafts/", form).headers["Location"] for _ in range(2))
        assert first == second
        assert dee.post("/desk/drafts/", form).headers["Location"] != first, "another's form is another"
        form["form-key"] = key(grace.get(page))
        assert grace.post("/desk/drafts/", form).headers["Location"] != first, "the page opened anew"


def test_a_mistake_is_told_with_its_line_and_the_right_word_and_nothing_is_lost(grace, draft):
    written = MISSED_BIN.replace('when: bin == "garden"', 'when: bin == "gardn"')
    page = keep(grace, draft, written)
    assert page.status_code == 422
    line = written.splitlines().index('    when: bin == "gardn"') + 1
    assert errors(page) == [
        (f"line-{line}", f'Line {line}: Nobody can answer "gardn" to "bin". Did you mean "garden"?')
    ]
    assert "when: bin == &#34;gardn&#34;" in page.content.decode()
    for way in ("preview/", "publish/"):
        assert grace.get(draft + way).headers["Location"] == draft
    assert grace.get(f"/preview/{draft.split('/')[3]}/").status_code == 409
    assert services.get_service("missed-bin").version == 1


def test_what_is_different_is_said_and_published_with_who_is_in_the_middle(grace, draft):
    start()
    kept = keep(grace, draft, CHANGED)
    assert kept.headers["Location"] == draft
    page = text(grace.get(draft + "publish/"))
    assert "“Which bin did we miss?” has a new choice: “Food waste”." in page
    assert "1 person is filling in version 1. They finish it as it is." in page
    published = grace.post(draft + "publish/", {"edition": 2, "over": 1})
    assert published.headers["Location"] == "/desk/services/missed-bin/"
    history = text(grace.get("/desk/services/missed-bin/"))
    assert "Version 2 – offered now" in history
    assert "by Grace Bell" in history
    assert "has a new choice: “Food waste”" in history
    assert services.get_service("missed-bin").version == 2
    (fact,) = ledger.history(Ref("service", "missed-bin"))
    assert (fact.name, fact.actor) == ("services.published", Ref("officer", "grace"))
    assert grace.get(draft).status_code == 404


def test_what_was_changed_meanwhile_is_not_published_unseen(grace, draft):
    keep(grace, draft, CHANGED)
    assert grace.post(draft + "publish/", {"edition": 1, "over": 1}).status_code == 409
    other = grace.post("/desk/drafts/", {"service": "missed-bin"}).headers["Location"]
    keep(grace, other, CHANGED.replace("Food waste", "Food"))
    grace.post(other + "publish/", {"edition": 2, "over": 1})
    late = grace.post(draft + "publish/", {"edition": 2, "over": 1})
    assert late.status_code == 409
    assert "Another version was published after you looked" in text(late)
    assert "the choice “Food” now reads “Food waste”" in text(late)
    assert services.get_service("missed-bin").version == 2


def test_two_who_write_at_once_do_not_undo_each_other_unseen(grace, dee, draft):
    keep(dee, draft, CHANGED)
    mine = CHANGED.replace("Rubbish", "Refuse")
    page = keep(grace, draft, mine)
    assert page.status_code == 409
    assert errors(page) == [
        (
            "text",
            "Dee changed this draft after you opened it. What you see is yours: keep it, and theirs is gone.",
        )
    ]
    assert "refuse: Refuse" in page.content.decode()
    assert keep(grace, draft, mine, edition=2).status_code == 302


@pytest.mark.parametrize(("way", "form"), [("publish/", {"edition": 2, "over": 1}), ("delete/", {})])
def test_a_draft_a_colleague_dealt_with_takes_no_text_along(grace, dee, draft, way, form):
    keep(grace, draft, CHANGED)
    grace.post(draft + way, form)
    late = keep(dee, draft, CHANGED.replace("Rubbish", "Refuse"), edition=2)
    assert late.status_code == 404
    assert given_back(late) == [CHANGED.replace("Rubbish", "Refuse")], "with every indent"


def test_a_designer_writes_and_a_manager_of_the_owner_publishes(dee, draft, officers):
    keep(dee, draft, CHANGED)
    assert "A manager of the team that owns this service can publish it" in text(dee.get(draft))
    assert dee.get(draft + "publish/").status_code == 404
    put_officers(
        [
            *PLACEMENTS,
            DEE,
            people.Placement(
                slug="ines", name="Ines", email="ines@h.example", teams={"information": ("manager",)}
            ),
        ]
    )
    ines = sign_in_as(Client(), "ines")
    for post, form in (("publish/", {"over": 1}), ("", {"text": "x"}), ("delete/", {})):
        assert ines.post(draft + post, {"edition": 2, **form}).status_code == 404, (
            "another team's is not there"
        )
    for page in (draft, draft + "preview/", f"/preview/{draft.split('/')[3]}/", f"/desk/drafts/{2**40}/"):
        assert ines.get(page).status_code == 404
    assert ines.post("/desk/drafts/", {"service": "missed-bin"}).status_code == 404
    assert "Report a missed bin" not in text(ines.get("/desk/services/")).partition("Offered now")[0]
    # Nor by calling the service one's own.
    mine = ines.post("/desk/drafts/").headers["Location"]
    keep(ines, mine, CHANGED.replace("owner: waste", "owner: information"))
    assert ines.post(mine + "publish/", {"edition": 2, "over": 1}).status_code == 409
    assert services.get_service("missed-bin").version == 1
    assert "food: Food waste" in dee.get(draft).content.decode()


def test_a_draft_of_a_new_service_is_whoever_s_team_it_says(grace, officers):
    of = {"waste": "una", "information": "ines"}
    writers = [
        people.Placement(slug=name, name=name.title(), email=f"{name}@h.example", teams={team: ("designer",)})
        for team, name in of.items()
    ]
    put_officers([*PLACEMENTS, *writers])
    una, ines = (sign_in_as(Client(), name) for name in of.values())
    new = ines.post("/desk/drafts/").headers["Location"]
    assert (una.get(new).status_code, ines.get(new).status_code) == (404, 200)
    written = MISSED_BIN.replace("service: missed-bin", "service: new-bin")
    keep(ines, new, written)
    assert (una.get(new).status_code, ines.get(new).status_code) == (404, 200), "nobody gives a draft away"
    keep(grace, new, written, edition=2)
    assert (una.get(new).status_code, ines.get(new).status_code) == (200, 404)


def test_a_draft_is_tried_out_page_by_page_and_nothing_is_stored(grace, draft):
    keep(grace, draft, CHANGED)
    frame = grace.get(draft + "preview/")
    assert "frame-src 'self'" in frame.headers["Content-Security-Policy"]
    here = f"/preview/{draft.split('/')[3]}/"
    first = grace.get(here)
    assert first.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in first.headers["Content-Security-Policy"]
    assert f'action="{here}services/missed-bin/"' in first.content.decode()
    page = grace.post(f"{here}services/missed-bin/", follow=True)
    assert "Food waste" in text(page)
    assert grace.post(page.request["PATH_INFO"], {"asked": "bin"}).status_code == 422
    for step, answers in PAGES.items():
        assert page.request["PATH_INFO"] == f"{here}services/missed-bin/pages/{step}/"
        asked = [question for question in answers if "-" not in question] or [step]
        if step == "reach":
            asked = ["tell-me", "email", "your-name"]
        page = grace.post(page.request["PATH_INFO"], {**answers, "asked": asked}, follow=True)
    assert page.request["PATH_INFO"].endswith("/check/")
    assert f'href="{here}services/missed-bin/pages/bin/#bin"' in page.content.decode()
    end = grace.post(page.request["PATH_INFO"], follow=True)
    assert "nothing was sent and nothing was kept" in text(end)
    assert "Nobody is in the middle of it" in text(grace.get(draft))
    assert ledger.history(Ref("journey", "preview")) == []


def test_other_pages_may_still_stand_in_no_frame(grace, draft):
    for address in (draft, "/desk/services/", "/services/missed-bin/"):
        page = grace.get(address)
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert "frame-src" not in page.headers["Content-Security-Policy"]


def test_answers_to_another_text_are_not_taken_along(grace, draft):
    here = f"/preview/{draft.split('/')[3]}/services/missed-bin/"
    grace.post(f"{here}pages/bin/", {"bin": "refuse", "asked": "bin"})
    assert grace.get(f"{here}answers/").headers["Location"] == f"{here}pages/home/"
    keep(
        grace,
        draft,
        MISSED_BIN.replace("- radios:", "- text:")
        .replace("          options: {refuse: Rubbish, recycling: Recycling, garden: Garden waste}\n", "")
        .replace("          ask: Which bin did we miss?\n", "          ask: Which bin?\n"),
    )
    assert grace.get(f"{here}answers/").headers["Location"] in (f"{here}pages/bin/", here)


@pytest.mark.parametrize(
    "written", ["", "x", "a: [", "\x00", "service: 3", "journey: []\n" * 3, "é" * 600_000]
)
def test_nonsense_is_kept_and_told(grace, draft, written):
    assert keep(grace, draft, written).status_code in (400, 422)
    assert grace.get(draft).status_code in (200, 422)


def test_a_new_service_begins_with_an_empty_page(grace):
    draft = grace.post("/desk/drafts/").headers["Location"]
    page = grace.get(draft)
    assert "Write or paste the text of the service" in text(page)
    assert errors(page) == []
    new = MISSED_BIN.replace("service: missed-bin", "service: new-bin")
    keep(grace, draft, new)
    assert "This service is new" in text(grace.get(draft))
    grace.post(draft + "publish/", {"edition": 2, "over": 0})
    assert services.get_service("new-bin").version == 1


def test_a_draft_is_deleted(grace, draft):
    assert "The draft is deleted" in text(grace.post(draft + "delete/", follow=True))
    assert grace.get(draft).status_code == 404
    assert grace.get(f"/desk/drafts/{2**70}/").status_code == 404
