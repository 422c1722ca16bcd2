"""Tables are what the migrations make of them, and each room's migrations are one numbered line."""

from types import SimpleNamespace

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
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
