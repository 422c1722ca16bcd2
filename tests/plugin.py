"""Loaded before Django's settings are read (see pyproject.toml): which database, and no network.

VESTRY_TEST_DATABASE=sqlite|postgresql chooses. For postgresql, a server named by VESTRY_DATABASE_URL is used;
without one, a throwaway server is started once and shared by all xdist workers.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from tests import network

KNOWN = ("sqlite", "postgresql")
# A capability in a package of its own, there as if it had been installed.
ANOTHER_PACKAGE = Path(__file__).with_name("capabilities") / "parking_permit"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests():
    network.shut()
    sys.path.append(str(ANOTHER_PACKAGE))
    os.environ.setdefault("VESTRY_POOL", "0")  # a pool keeps connections open that a test database must lose
    os.environ.setdefault("VESTRY_SECRET_KEY", "only-for-tests-" + "x" * 40)
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit what was chosen here
        os.environ["VESTRY_VAR"] = scratch_folder()
        choose_database()
    return (yield)


def choose_database() -> None:
    chosen = os.environ.setdefault("VESTRY_TEST_DATABASE", "sqlite")
    if chosen not in KNOWN:
        raise pytest.UsageError(f"VESTRY_TEST_DATABASE is {chosen!r}; it can be {' or '.join(KNOWN)}")
    if chosen == "sqlite":
        os.environ["VESTRY_DATABASE_URL"] = f"sqlite:///{os.environ['VESTRY_VAR']}/vestry.sqlite3"
    elif not os.environ.get("VESTRY_DATABASE_URL", "").startswith("postgres"):
        os.environ["VESTRY_DATABASE_URL"] = start_server()


def scratch_folder() -> str:
    folder = tempfile.mkdtemp(prefix="vestry-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Path(folder, "static").mkdir()  # nothing is collected, and WhiteNoise would warn that nothing is there
    return folder


def start_server() -> str:
    from tools import postgres

    stack = ExitStack()
    atexit.register(stack.close)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that atexit has its turn
    try:
        return stack.enter_context(postgres.server())
    except postgres.NoServerError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def chromium_is_there():
    """For tests that start a browser of their own."""
    from tools.machine import find_chromium

    if find_chromium() is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("there is no Chromium on this machine; `make test` says how to mend that")


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # In a file, as it is in use: in memory, threads would share one cache and its locks.
        database.setdefault("TEST", {})["NAME"] = str(Path(database["NAME"]).with_name("test.sqlite3"))
    # How long something takes on a busy machine says nothing about whether it is right. Where somebody wants
    # to be surer, more is tried: VESTRY_EXAMPLES=10000.
    examples = int(os.environ.get("VESTRY_EXAMPLES", "100"))
    hypothesis.settings.register_profile("house", deadline=None, max_examples=examples)
    hypothesis.settings.load_profile("house")
    # A real one takes half a second a password, on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    if os.environ["VESTRY_TEST_DATABASE"] == "postgresql":
        return
    skip = pytest.mark.skip(reason="says something that only PostgreSQL can keep")
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(skip)
