"""What runs beside each other, as `make run` starts it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.postgres import children_of

LISTENS = "0A"


def connections_to(port, pid):
    """The sockets a process has open to that port of this machine."""
    towards = {
        fields[9]
        for fields in (line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:])
        if int(fields[2].rpartition(":")[2], 16) == port and fields[3] != LISTENS
    }
    found = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            name = each.readlink().name
        except FileNotFoundError:
            continue
        if name.startswith("socket:[") and name[8:-1] in towards:
            found.add(name)
    return found


@pytest.mark.postgresql
@pytest.mark.slow
def test_no_connection_to_the_database_is_shared_by_two_processes(site):
    port = urlsplit(site.environment["VESTRY_DATABASE_URL"]).port
    children = [connections_to(port, pid) for pid in children_of(site.process.pid)]
    assert any(children), "the web process has a connection"
    assert not connections_to(port, site.process.pid) & set().union(*children)
