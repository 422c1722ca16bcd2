import pytest
from django.db import IntegrityError, transaction

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref
from vestry.people import api
from vestry.people.models import Account
from vestry.people.tests.officers import PASSWORD, PLACEMENTS, TEAMS, put_everybody, put_officers, put_teams


def test_a_pack_s_officers_are_there_by_name(officers):
    assert [officer.name for officer in api.find_officers("waste")] == ["Priya Nair", "Tom Okafor"]
    priya = api.get_officer("priya")
    assert (priya.email, priya.ref) == ("priya@harrowmere.example", Ref("officer", "priya"))
    assert [team.title for team in api.teams()] == ["Information governance", "Waste"]


def test_putting_them_again_changes_nothing(officers):
    before = list(Account.objects.values_list("email", "password"))
    put_everybody(password=PASSWORD)
    assert list(Account.objects.values_list("email", "password")) == before


def test_who_is_no_longer_listed_stays_in_the_books_and_may_nothing(officers):
    put_officers([one for one in PLACEMENTS if one.slug != "priya"])
    priya = api.get_officer("priya")
    assert not priya.active
    assert not api.allowed(priya, "cases.read")
    assert "priya" not in {officer.slug for officer in api.find_officers()}
    assert api.officer_name(priya.ref) == "Priya Nair"


def test_a_password_somebody_chose_is_never_touched(officers):
    account = Account.objects.get(email="priya@harrowmere.example")
    account.set_password("her very own password")
    account.save()
    put_everybody(password=PASSWORD)
    account.refresh_from_db()
    assert account.check_password("her very own password")


def test_without_a_demo_password_nobody_has_one(council):
    put_teams(TEAMS)
    put_officers(PLACEMENTS)
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_one_mailbox_is_one_account_in_both_councils(officers, other_council):
    with councils.scope(other_council):
        both = api.Placement(
            slug="pn", name="P. Nair", email="PRIYA@harrowmere.example", council=("support",)
        )
        put_officers([both])
        assert api.get_officer("pn").roles == {"support"}
    assert api.get_officer("priya").roles == {"officer"}
    assert Account.objects.filter(email__iexact="priya@harrowmere.example").count() == 1


def test_an_email_is_one_account_in_any_case(db):
    Account.objects.create_user("anna@harrowmere.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create_user("Anna@Harrowmere.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.update(email="ANNA@harrowmere.example")


@pytest.mark.parametrize(
    ("placement", "refusal", "sentence"),
    [
        ({"teams": {"wast": ("crew",)}}, api.UnknownTeam, "'wast'.* It has: information, waste"),
        (
            {"council": ("boss",)},
            api.UnknownRole,
            "'boss'.* officer, crew, manager, head, cabinet, full-council, designer, finance, support",
        ),
        ({"teams": {"waste": ("support",)}}, api.RoleOfNoTeam, "'support' in a team"),
    ],
)
def test_a_team_or_role_that_does_not_exist_is_refused(officers, placement, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        put_officers([api.Placement(slug="x", name="X", email="x@harrowmere.example", **placement)])
    assert len(api.find_officers()) == len(PLACEMENTS), "nothing of it was done"


def test_an_officer_of_the_other_council_is_not_here(officers, other_council):
    with pytest.raises(api.NoSuchOfficer):
        api.get_officer("owen")
    with councils.scope(other_council):
        assert api.get_officer("owen").name == "Owen Pryce"


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        (Ref("officer", "tom"), "Tom Okafor"),
        (Ref("officer", "long-gone"), "long-gone"),
        (Ref("resident", "MB-7K3N-9QFA"), "The resident"),
        (SYSTEM, "Vestry"),
    ],
)
def test_who_did_something_has_a_name(officers, ref, name):
    assert api.officer_name(ref) == name
