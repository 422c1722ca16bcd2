"""The one mechanism that keeps councils apart.

1. A request, command or worker enters `scope(council)`: a context variable, and on PostgreSQL the setting
   ``vestry.council`` that the row-level policies read (see `row_security`).
2. Every table inherits `Scoped`. Its manager filters by the scope and refuses to work outside one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import Error, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

_council: ContextVar[int | None] = ContextVar("vestry_council", default=None)


class OutsideScope(RuntimeError):
    """A council's rows were asked for outside that council's scope. Enter councils.api.scope() first."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


def current_id() -> int:
    """The id of the council whose scope this is; `OutsideScope` when it is nobody's."""
    council = _council.get()
    if council is None:
        raise OutsideScope
    return council


@contextmanager
def scope_of(council_id: int) -> Iterator[None]:
    """Everything inside reads and writes this council's rows only."""
    before = _council.set(council_id)
    try:
        _tell(connection, council_id)
        yield
    finally:
        _council.reset(before)
        try:
            _tell_or_give_back(_council.get())
        except Error:
            # A failed transaction takes no more commands, and its rollback undoes the setting for us.
            # Outside one the connection is broken; the next is told when it opens.
            if not connection.in_atomic_block:
                connection.close()


def _tell_or_give_back(council_id: int | None) -> None:
    """On leaving a scope for none, a pool has its connection back: whoever gets it next is told anew.

    That is one question to the database less in every request.
    """
    pooled = connection.vendor == "postgresql" and connection.pool
    if council_id is None and pooled and not connection.in_atomic_block:
        connection.close()
    else:
        _tell(connection, council_id)


# On a connection: what it was told last, outside any transaction, and so what it holds to whatever comes.
_TOLD = "vestry_told"


def _tell(database: Any, council_id: int | None) -> None:
    # A connection not yet open is told when it opens (`tell_new_connection`).
    if database.vendor != "postgresql" or database.connection is None:
        return
    setting = "" if council_id is None else str(council_id)
    # One from the pool mostly served the same council before: asking nothing is half of a page's questions.
    if getattr(database.connection, _TOLD, None) == setting:
        return
    # Told within a transaction, its rollback takes it back: then nobody knows until it is told again.
    setattr(database.connection, _TOLD, None)
    with database.cursor() as cursor:
        cursor.execute("select set_config('vestry.council', %s, false)", [setting])
    if not database.in_atomic_block and database.get_autocommit():
        setattr(database.connection, _TOLD, setting)


def tell_new_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Connections come from a pool and may remember another request's council: say whose scope this is."""
    _tell(connection, _council.get())


class ScopedQuerySet(models.QuerySet):
    """Rows of one council."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's, after checking whose rows they are."""
        rows = list(objs)
        for row in rows:
            row.claim()
        return super().bulk_create(rows, *args, **kwargs)


def scoped(rows: type[models.QuerySet] = ScopedQuerySet) -> models.Manager:
    """A manager over ``rows`` (a `ScopedQuerySet`) that sees the current council's rows only."""

    class Manager(models.Manager.from_queryset(rows)):  # type: ignore[misc]
        def get_queryset(self) -> models.QuerySet:
            return super().get_queryset().filter(council_id=current_id())

    return Manager()


class Scoped(models.Model):
    """Base of every table: a row belongs to one council."""

    council = models.ForeignKey(
        "councils.Council", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = scoped()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, for rows of the council in scope."""
        self.claim()
        super().save(*args, **kwargs)

    def claim(self) -> None:
        """Give a new row to the council in scope; refuse a row of any other."""
        council = current_id()
        if self.council_id is None:
            self.council_id = council
        if self.council_id != council:
            raise OutsideScope
