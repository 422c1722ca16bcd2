"""Tables are what the migrations make of them, and each room's migrations are one numbered line."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    RemoveField,
    RemoveIndex,
    RenameField,
    RunPython,
    SeparateDatabaseAndState,
)
from django.db.migrations.state import ProjectState

from tests.house.places import nothing_said

MEND = "python -m django makemigrations --settings vestry.config.settings"


def rooms():
    return {config.label for config in apps.get_app_configs() if config.name.startswith("vestry.")}


def missing(loader, state, labels):
    changes = MigrationAutodetector(loader.project_state(), state).changes(graph=loader.graph)
    for label in sorted(labels & set(changes)):
        for migration in changes[label]:
            for operation in migration.operations:
                yield f"{label}: {operation.describe()}: {MEND} {label}"


def out_of_line(names):
    """Two of a number, or a hole between them: one of two people has to number theirs again."""
    numbers = sorted(int(name[:4]) for name in names)
    return [] if numbers == list(range(1, len(numbers) + 1)) else sorted(names)


# What the version before goes on working with, while it still serves.
EXPANDS = (AddIndex, AlterModelManagers, AlterModelOptions, CreateModel, RemoveIndex, RunPython)
HOW = "docs/how-to/run-it-for-real.md says how to do it in two releases"


def breaks_what_serves(migration):
    """Steps that the version before could not live with. ``contract = True`` says that none of it is left."""
    if migration.name.startswith("0001_") or getattr(migration, "contract", False):
        return
    for operation in migration.operations:
        if isinstance(operation, EXPANDS):
            continue
        if isinstance(operation, SeparateDatabaseAndState) and not operation.database_operations:
            continue
        field = operation.field if isinstance(operation, AddField) else None
        # The version before does not name the column: the database must know what to put there.
        if field is not None and (field.null or field.has_db_default()):
            continue
        yield f"{migration.app_label}.{migration.name}: {operation.describe()}: {HOW}"


def test_migrations_run_while_the_version_before_serves():
    loader = MigrationLoader(None)
    ours = [one for (label, _), one in sorted(loader.disk_migrations.items()) if label in rooms()]
    assert ours
    nothing_said(said for migration in ours for said in breaks_what_serves(migration))


def planted(operation, name="0002_planted", **said):
    return SimpleNamespace(name=name, app_label="cases", operations=[operation], **said)


@pytest.mark.parametrize(
    "operation",
    [
        AddField("case", "colour", models.CharField(max_length=9, default="red")),
        AddConstraint("case", models.UniqueConstraint(fields=["council"], name="one")),
        AlterField("case", "place", models.CharField(max_length=9)),
        RemoveField("case", "place"),
        RenameField("case", "place", "where"),
    ],
)
def test_a_step_that_breaks_what_serves_is_seen(operation):
    assert list(breaks_what_serves(planted(operation)))
    assert not list(breaks_what_serves(planted(operation, contract=True)))
    assert not list(breaks_what_serves(planted(operation, name="0001_initial")))


@pytest.mark.parametrize(
    "field", [models.CharField(max_length=9, null=True), models.CharField(max_length=9, db_default="red")]
)
def test_a_column_that_may_be_left_out_breaks_nothing(field):
    assert not list(breaks_what_serves(planted(AddField("case", "colour", field))))


def test_no_migration_is_missing():
    loader = MigrationLoader(None)
    nothing_said(missing(loader, ProjectState.from_apps(apps), rooms()))


def test_each_rooms_migrations_are_one_numbered_line():
    loader = MigrationLoader(None)
    found = {}
    for label, name in loader.disk_migrations:
        if label in rooms():
            found.setdefault(label, []).append(name)
    nothing_said(f"{label}: {wrong}" for label, names in found.items() if (wrong := out_of_line(names)))


def test_a_change_without_a_migration_is_seen():
    loader = MigrationLoader(None)
    label = min(label for label in rooms() if label in loader.migrated_apps)
    without = SimpleNamespace(
        project_state=lambda: loader.project_state(nodes=[loader.graph.root_nodes(label)[0]]),
        graph=loader.graph,
    )
    assert list(missing(without, ProjectState.from_apps(apps), rooms()))


def test_two_migrations_of_one_number_are_seen():
    assert out_of_line(["0001_initial", "0002_due", "0002_team"])
    assert not out_of_line(["0001_initial", "0002_due"])
