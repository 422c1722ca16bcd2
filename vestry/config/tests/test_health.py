from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor


def test_alive_on_any_host(client, db):
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_when_the_database_is(client, db):
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_a_migration_waits(client, db):
    connection.cursor().execute("delete from django_migrations where app = 'ledger'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"vestry migrate" in answer.content


def test_not_ready_without_a_database(client, db, monkeypatch):
    def gone(*_):
        raise Error

    monkeypatch.setattr(MigrationExecutor, "migration_plan", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"does not answer" in answer.content
