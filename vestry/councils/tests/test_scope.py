import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.councils import api as councils
from vestry.councils.row_security import scoped_tables
from vestry.ledger.models import Position

kinds = st.sampled_from(["scope", "transaction"])
steps = st.recursive(
    st.just([]),
    lambda inside: st.lists(st.tuples(kinds, st.integers(1, 3), inside), max_size=3),
    max_leaves=8,
)


def test_no_query_outside_a_scope(council):
    with councils.scope(council):
        Position.objects.create(reader="mine")
    from vestry.councils.scoping import _council

    token = _council.set(None)
    try:
        for attempt in (
            lambda: list(Position.objects.all()),
            lambda: Position.objects.create(reader="nobody's"),
            lambda: Position.objects.bulk_create([Position(reader="nobody's")]),
            councils.current,
        ):
            with pytest.raises(councils.OutsideScope):
                attempt()
    finally:
        _council.reset(token)


def test_one_council_does_not_see_or_write_the_other_s_rows(council, other_council):
    mine = Position.objects.create(reader="mine")
    with councils.scope(other_council):
        assert not Position.objects.filter(pk=mine.pk).exists()
        assert Position.objects.filter(pk=mine.pk).update(seq=9) == 0
        with pytest.raises(councils.OutsideScope):
            mine.save()
        with pytest.raises(councils.OutsideScope):
            Position.objects.bulk_create([Position(reader="theirs", council_id=council.id)])
    assert councils.current().slug == "harrowmere"


@pytest.mark.postgresql
def test_the_database_itself_keeps_them_apart(council, other_council):
    Position.objects.create(reader="mine")
    with connection.cursor() as cursor:
        cursor.execute("select usesuper from pg_user where usename = current_user")
        assert cursor.fetchone() == (False,), "a superuser would pass every policy"
        with councils.scope(other_council):
            cursor.execute("select count(*) from ledger_position")
            assert cursor.fetchone() == (0,)
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(
                    "insert into ledger_position (council_id, reader, seq) values (%s, 'forged', 0)",
                    [council.id],
                )
        cursor.execute("select count(*) from ledger_position")
        assert cursor.fetchone() == (1,)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_who_gets_a_pooled_connection_next_is_nobody_s_guest(monkeypatch):
    """A scope gives its connection back without a word; what the next one was told is its own scope."""
    from vestry.councils import scoping

    pooled = connection.copy()
    pooled.settings_dict["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 1}}
    monkeypatch.setattr(scoping, "connection", pooled)

    def whose():
        with pooled.cursor() as cursor:
            cursor.execute("select current_setting('vestry.council', true), pg_backend_pid()")
            return cursor.fetchone()

    try:
        with councils.scope(7):
            seven, first = whose()
        assert pooled.connection is None
        nobody, second = whose()
        with councils.scope(8):
            eight, third = whose()
            with councils.scope(7):
                assert whose()[0] == "7"
            assert whose()[0] == "8"
    finally:
        pooled.close()
        pooled.close_pool()
    assert (seven, nobody, eight) == ("7", "", "8")
    assert first == second == third, "it was the same connection all the time"


def whose():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('vestry.council', true)")
        return cursor.fetchone()[0]


def run(steps):
    """Enter scopes and transactions inside each other, and leave some with an error; it always fits."""
    from vestry.councils.scoping import _council

    for kind, number, inside in steps:
        if kind == "scope":
            with councils.scope(number):
                assert whose() == str(number)
                run(inside)
                assert whose() == str(number)
        else:
            try:
                with transaction.atomic():
                    run(inside)
                    if number % 2:
                        raise DatabaseError
            except DatabaseError:
                pass
        assert whose() == str(_council.get() or "")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_the_database_always_knows_whose_scope_this_is(transactional_db, steps):
    run(steps)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_the_database_knows_it_is_not_told_again(council, django_assert_num_queries):
    with django_assert_num_queries(0), councils.scope(council), councils.scope(council):
        pass
    with django_assert_num_queries(2), councils.scope(7):
        pass


@pytest.mark.postgresql
def test_every_scoped_table_is_locked(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class join pg_policy on polrelid = pg_class.oid"
            " where relrowsecurity and relforcerowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == set(scoped_tables())


# What belongs to no council, and why.
UNSCOPED = {
    "Council": "the tenant itself",
    "Host": "what a scope is found by",
    "Account": "a person's key; what it opens is the officer's row in each council",
}


def test_every_table_belongs_to_a_council():
    ours = [model for model in apps.get_models() if model.__module__.startswith("vestry.")]
    free = {model.__name__ for model in ours if not issubclass(model, councils.Scoped)}
    assert free == set(UNSCOPED)


def test_unique_keys_start_with_the_council():
    for model in apps.get_models():
        if not issubclass(model, councils.Scoped):
            continue
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", None)
            assert not fields or fields[0] == "council", f"{model.__name__}: {constraint.name}"
        unique = [field.name for field in model._meta.fields if field.unique and not field.primary_key]
        assert not unique, f"{model.__name__}.{unique} is unique across councils"


@pytest.mark.parametrize("host", ["harrowmere.localhost", "HARROWMERE.localhost:8000", "testserver"])
def test_a_host_name_finds_its_council(council, host):
    assert councils.council_for_host(host) == council


def test_a_host_name_is_remembered_and_what_is_published_is_seen(council, django_assert_num_queries):
    councils.council_for_host("testserver")
    with django_assert_num_queries(0):
        assert councils.council_for_host("testserver") == council
    renamed = councils.establish(slug="harrowmere", name="Harrowmere", hosts=["testserver"])
    assert councils.council_for_host("testserver") == renamed
    assert councils.council_for_host("harrowmere.localhost") is None


def test_a_host_that_is_taken_is_refused(council):
    with pytest.raises(councils.HostTaken, match=r"harrowmere\.localhost belongs to another"):
        councils.establish(slug="thief", name="Thief", hosts=["harrowmere.localhost"])


def test_nobody_s_host_gets_nothing(council, client):
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 404
