"""What is read off a page is read when all of it has come.

Playwright waits for what it clicks or fills, but a click is over when the first byte of the next page is
there: on a slow machine that page has half its words, no title, not even a document element yet.
"""

import functools

READ_OFF_PAGES = ("content", "evaluate", "title")
READ_OFF_LOCATORS = (
    "all",
    "all_inner_texts",
    "all_text_contents",
    "count",
    "get_attribute",
    "inner_text",
    "is_checked",
    "is_hidden",
    "is_visible",
    "text_content",
)


def learn():
    """From now on every page of this process is waited for before it is read."""
    from playwright.sync_api import Locator, Page

    for name in READ_OFF_PAGES:
        setattr(Page, name, _patient(getattr(Page, name), lambda page: page))
    for name in READ_OFF_LOCATORS:
        setattr(Locator, name, _patient(getattr(Locator, name), lambda locator: locator.page))


def _patient(read, page_of):
    @functools.wraps(read)
    def wait_and_read(self, *args, **kwargs):
        page_of(self).wait_for_load_state()
        return read(self, *args, **kwargs)

    return wait_and_read
