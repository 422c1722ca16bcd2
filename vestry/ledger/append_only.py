"""A migration operation that makes a table append-only in the database itself."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import RunPython

_POSTGRESQL = """
create or replace function {table}_is_append_only() returns trigger language plpgsql as
$$ begin raise exception '{table} is append-only: what is written there stays'; end $$;
create or replace trigger append_only before update or delete on {table}
for each row execute function {table}_is_append_only();
"""
# SQLite has no way to empty a table but to delete its rows, which tests must; a row that is gone still breaks
# the chain of hashes, so that it shows.
_SQLITE = """
create trigger {table}_append_only before update on {table}
begin select raise(abort, '{table} is append-only: what is written there stays'); end
"""


def append_only(table: str) -> RunPython:
    """Refuse to change a row of ``table`` once it is written (on PostgreSQL, to delete one too)."""

    def forwards(_: Any, schema_editor: Any) -> None:
        sql = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql.format(table=table))

    def backwards(_: Any, schema_editor: Any) -> None:
        on = f" on {table}" if schema_editor.connection.vendor == "postgresql" else ""
        name = "append_only" if on else f"{table}_append_only"
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"drop trigger {name}{on}")

    return RunPython(forwards, backwards, elidable=False)
