from django.conf import settings
from django.core.cache import cache
from django.db import connection


def test_tries_to_sign_in_are_counted_for_all_processes_together(db):
    """In one process's memory, every further process would grant five more tries."""
    cache.set("tries", 4)
    table = settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {connection.ops.quote_name(table)}")
        assert cursor.fetchone() == (1,)
