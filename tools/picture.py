"""Draw the picture in the README anew from a real walk: `python -m tools.picture`."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path

from tools.machine import find_chromium

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "vestry.png"
SHEET = """<body style="margin:0;padding:24px;background:#b1b4b6;display:flex;gap:24px">
<img src="data:image/png;base64,{phone}" style="border-radius:12px;width:320px;align-self:start">
<img src="data:image/png;base64,{desk}" style="border-radius:6px;width:1000px;align-self:start"></body>"""


def draw() -> None:
    """Report a missed bin on a phone, work the case at the desk, and put both pages side by side."""
    os.environ.setdefault("VESTRY_DATABASE_URL", "sqlite://")
    os.environ.setdefault("VESTRY_SECRET_KEY", "only for a picture")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")
    import django  # noqa: PLC0415
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    django.setup()
    from tests.conftest import ARGUMENTS, DESK, PHONE  # noqa: PLC0415
    from tests.journeys import site, walks  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        with site.running(Path(folder)) as running:
            resident = browser.new_context(base_url=running.url, **PHONE).new_page()
            officer = browser.new_context(base_url=running.url, **DESK).new_page()
            reference = walks.report_missed_bin(resident, walks.missed_collections()[0])
            walks.sign_in(officer, "priya.nair")
            officer.get_by_role("link", name=reference).click()
            officer.get_by_role("button", name="Take this case").click()
            officer.get_by_role("link", name="Ask the resident something").click()
            officer.get_by_role("textbox").fill("Is it the gate on the left, or the one by the hedge?")
            walks.send(officer)
            officer.goto(f"{running.url}/desk/cases/{reference}/")
            phone, desk = (base64.b64encode(page.screenshot()).decode() for page in (resident, officer))
        sheet = browser.new_page(viewport={"width": 1392, "height": 760})
        sheet.set_content(SHEET.format(phone=phone, desk=desk))
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(sheet.screenshot())
        browser.close()


if __name__ == "__main__":
    draw()
