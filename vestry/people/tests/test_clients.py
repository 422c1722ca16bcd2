"""Keys of programs: shown once, kept as a hash, narrowed by scopes, ended by a day or by hand."""

from datetime import timedelta

import pytest

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.people import api
from vestry.people.models import ClientKey, ClientWrite
from vestry.people.permissions import PERMISSIONS, SCOPES
from vestry.people.tests.officers import put_everybody

NOW = utc_now()
SOON = local_day(NOW) + timedelta(days=10)
pytestmark = pytest.mark.usefixtures("officers")


@pytest.fixture
def officers(council):
    put_everybody()


def make(**said):
    return api.new_key(
        **{
            "client": "crm",
            "held": [api.Held("officer", "waste")],
            "scopes": ["cases.read"],
            "expires": SOON,
            "now": NOW,
            "actor": SYSTEM,
            **said,
        }
    )


def test_scopes_are_rows_of_the_permission_table():
    assert set(PERMISSIONS) >= SCOPES


def test_a_key_is_kept_as_a_hash_and_shown_by_how_it_begins():
    token = make()
    row = ClientKey.objects.get()
    assert token not in str([getattr(row, field.attname) for field in row._meta.fields])
    (key,) = api.client_keys()
    assert token.startswith(key.prefix)
    assert len(token) > len(key.prefix) + 40
    assert (key.client, key.expires, key.used_at, key.taken_back_at) == ("crm", SOON, None, None)


def test_a_client_is_an_officer_within_its_scopes():
    client = api.client_of(token=make(), now=NOW)
    assert client.ref == Ref("client", "crm")
    assert api.reach(client, "cases.read").some == {"waste"}
    for action in set(PERMISSIONS) - {"cases.read"}:
        assert not api.allowed(client, action)


def test_the_demo_opens_nothing_to_programs(settings):
    client = api.client_of(token=make(), now=NOW)
    settings.DEMO = True
    assert not api.allowed(client, "notify.sent")


def test_when_it_was_used_is_known_to_a_few_minutes(django_assert_num_queries):
    token = make()
    api.client_of(token=token, now=NOW)
    with django_assert_num_queries(1):
        api.client_of(token=token, now=NOW + timedelta(minutes=1))
    assert api.client_keys()[0].used_at == NOW
    api.client_of(token=token, now=NOW + timedelta(minutes=6))
    assert api.client_keys()[0].used_at == NOW + timedelta(minutes=6)


def test_it_ends_with_its_day_or_by_hand():
    token = make()
    with pytest.raises(api.KeyExpired, match="good until"):
        api.client_of(token=token, now=NOW + timedelta(days=11))
    prefix = api.client_keys()[0].prefix
    api.take_key_back(prefix=prefix, now=NOW, actor=SYSTEM)
    for at in (NOW, NOW + timedelta(days=11)):
        with pytest.raises(api.BadKey):
            api.client_of(token=token, now=at)
    with pytest.raises(api.NoSuchKey):
        api.take_key_back(prefix=prefix, now=NOW, actor=SYSTEM)


def test_a_key_is_its_council_s(other_council):
    token = make()
    with councils.scope(other_council):
        assert api.client_keys() == []
        with pytest.raises(api.BadKey):
            api.client_of(token=token, now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        {"client": ""},
        {"client": "a b"},
        {"client": "é"},
        {"client": "x" * 61},
        {"held": []},
        {"held": [api.Held("king")]},
        {"held": [api.Held("officer", "moon")]},
        {"scopes": []},
        {"scopes": ["cases.due"]},
        {"scopes": ["notify.sent"]},
        {"expires": local_day(NOW) - timedelta(days=1)},
        {"expires": local_day(NOW) + timedelta(days=800)},
    ],
)
def test_what_is_wrong_makes_no_key(said):
    with pytest.raises(api.NotAKey):
        make(**said)
    assert api.client_keys() == []


def test_a_client_s_name_is_never_an_officer_s():
    client = api.client_of(token=make(client="priya"), now=NOW)
    assert client.slug != api.get_officer("priya").slug
    assert api.officer_name(Ref("officer", client.slug)) == "priya (a program)"
    assert api.officer_name(client.ref) == "priya (a program)"


def test_once_is_once():
    client = api.client_of(token=make(), now=NOW)
    done = []
    for _ in range(2):
        with api.once(client=client, key="k", said=b"x", now=NOW) as before:
            done.append(before)
    assert done == [False, True]
    with pytest.raises(api.KeyReused), api.once(client=client, key="k", said=b"y", now=NOW):
        pass
    with pytest.raises(RuntimeError), api.once(client=client, key="other", said=b"x", now=NOW):
        raise RuntimeError
    with api.once(client=client, key="other", said=b"z", now=NOW) as before:
        assert before is False


def test_old_writes_are_forgotten():
    client = api.client_of(token=make(), now=NOW)
    with api.once(client=client, key="k", said=b"x", now=NOW):
        pass
    api.forget_expired(now=NOW + timedelta(days=29))
    assert ClientWrite.objects.count() == 1
    api.forget_expired(now=NOW + timedelta(days=31))
    assert ClientWrite.objects.count() == 0


def test_facts_replayed_give_the_keys_there_are():
    make()
    make(client="website", scopes=["cases.note", "cases.read"])
    api.take_key_back(prefix=api.client_keys()[0].prefix, now=NOW, actor=SYSTEM)
    replayed = {}
    for fact in ledger.since(0):
        said = fact.payload
        if fact.name == "people.key_made":
            replayed[said["prefix"]] = [
                fact.subject.key,
                said["held"],
                said["scopes"],
                said["expires"],
                False,
            ]
        elif fact.name == "people.key_taken_back":
            replayed[said["prefix"]][-1] = True
    assert replayed == {
        row.prefix: [row.client, row.held, row.scopes, row.expires.isoformat(), row.taken_back_at is not None]
        for row in ClientKey.objects.all()
    }
    assert sorted(row[-1] for row in replayed.values()) == [False, True]
