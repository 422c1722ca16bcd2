"""The second lock: PostgreSQL's row-level security under every scoped table.

Put on after each migration, so that no table can be forgotten. It binds the tables' owner too (``force``);
only a superuser passes it, so Vestry never runs as one.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

from vestry.councils.scoping import Scoped

# An empty setting is nobody's scope and matches no row.
_WHOSE = "council_id = nullif(current_setting('vestry.council', true), '')::bigint"


def scoped_tables() -> list[str]:
    """The tables of every model that belongs to a council."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Scoped))


def lock_tables(*, using: str, **_: Any) -> None:
    """Put the policy on each scoped table that exists by now. Safe to run again."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute("select tablename from pg_policies where policyname = 'whose'")
        done = {name for (name,) in cursor.fetchall()}
        for table in scoped_tables():
            if table in existing and table not in done:
                name = connection.ops.quote_name(table)
                cursor.execute(f"alter table {name} enable row level security")
                cursor.execute(f"alter table {name} force row level security")
                cursor.execute(f"create policy whose on {name} using ({_WHOSE}) with check ({_WHOSE})")
