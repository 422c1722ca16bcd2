from django.db import connection

from vestry.config.commands import verify
from vestry.ledger.tests.happened import ring


def test_a_changed_fact_is_found(council, other_council, capsys):
    ring(times=1)
    ring(times=2)
    assert verify.run(None) == 0
    with connection.cursor() as cursor:  # somebody with the database password
        on = " on ledger_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"drop trigger {'append_only' if on else 'ledger_entry_append_only'}{on}")
        cursor.execute("update ledger_entry set actor = 'officer:nobody' where seq = 2")
    assert verify.run(None) == 1
    said = capsys.readouterr()
    assert "Harrowmere District Council: fact 2 is not as it was written" in said.err
    assert "Saltmarsh Borough Council: every fact stands" in said.out
