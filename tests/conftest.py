"""A real browser for journeys: a phone 320 pixels wide, or a desk; with script or without; with axe.

@pytest.mark.browser
def test_a_resident_reports_a_missed_bin(phone, check_axe):
    phone.goto("/")
    ...
    check_axe(phone)
"""

import os
from urllib.parse import urlsplit

import pytest

from tests import patience
from tests.network import is_local
from tools.machine import find_chromium

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
# Chromium's own errands (updates, field trials) would leave this machine; as root it has no sandbox to use.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE *.localhost",
]


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("there is no Chromium on this machine; `make test` says how to mend that")
    from playwright.sync_api import sync_playwright

    patience.learn()
    # Playwright keeps an event loop in this thread, which Django would take for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def without_script():
    """The pages of this test that were opened with script switched off."""
    return set()


@pytest.fixture
def open_page(chromium, site, without_script):
    """Open a page of the running site: `open_page(**DESK)`, `open_page(java_script_enabled=False)`.

    At the end of the test, a page that asked for anything from another site fails it.
    """
    contexts, strayed = [], []

    def stay_here(route):
        if is_local(urlsplit(route.request.url).hostname or ""):
            route.continue_()
        else:
            strayed.append(route.request.url)
            route.abort()

    def open_one(**options):
        context = chromium.new_context(**{"base_url": site.url, **PHONE, **options})
        context.set_default_timeout(10_000)
        context.route("**/*", stay_here)
        contexts.append(context)
        page = context.new_page()
        if options.get("java_script_enabled") is False:
            without_script.add(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert strayed == []


@pytest.fixture
def phone(open_page):
    return open_page()


@pytest.fixture
def desk(open_page):
    return open_page(**DESK, has_touch=False, is_mobile=False)


@pytest.fixture
def check_axe(open_page, without_script):
    """`check_axe(page)` fails with what axe-core finds wrong for people who see, hear or move differently.

    axe is a script itself. A page without script is copied, as it stands, into one that has it.
    """
    from axe_playwright_python.sync_playwright import Axe

    copies = {}

    def copy(page):
        width = page.viewport_size["width"]
        if width not in copies:
            copies[width] = open_page(viewport=page.viewport_size)
        scripted = copies[width]
        scripted.unroute_all()
        scripted.route(page.url, lambda route: route.fulfill(body=page.content(), content_type="text/html"))
        scripted.goto(page.url)
        return scripted

    def check(page):
        found = Axe().run(copy(page) if page in without_script else page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
