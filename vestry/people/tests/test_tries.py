from django.conf import settings
from django.core.cache import cache
from django.db import connection

from vestry.people.tests.officers import PASSWORD


def test_another_way_to_write_the_host_grants_no_further_tries(officers, client):
    cache.clear()
    hosts = [
        "testserver",
        "TESTSERVER",
        "testserver:1",
        "testserver:2",
        "harrowmere.localhost",
        "Testserver:3",
    ]
    for number, host in enumerate(hosts):
        right = {"login": "priya@harrowmere.example", "password": PASSWORD}
        wrong = {
            **right,
            "password": "wrong horse",
            "login": right["login"].upper() if number % 2 else right["login"],
        }
        client.post("/desk/sign-in/", wrong, headers={"host": host})
    response = client.post("/desk/sign-in/", right, headers={"host": "testserver:4"})
    assert "Too many tries" in response.content.decode()


def test_many_counts_throw_none_away(db):
    for number in range(400):
        cache.set(f"{number:03}", 5)
    assert cache.get("000") == 5


def test_tries_to_sign_in_are_counted_for_all_processes_together(db):
    """In one process's memory, every further process would grant five more tries."""
    cache.set("tries", 4)
    table = settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {connection.ops.quote_name(table)}")
        assert cursor.fetchone() == (1,)
