"""Take the pictures of the README from the demo organization: `./groundswell test` sets up, then
`.venv/bin/python -m tests.look.pictures` writes them into tests/look/pictures/."""

import csv
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fixtures.browser import FLAGS
from tests.fixtures.servers import Server
from tests.fixtures.sources import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent / "pictures"
SLUG = "kestrel"


def main() -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only when pictures are taken

    browser_path = os.environ.get("GROUNDSWELL_TEST_BROWSER") or shutil.which("chromium")
    if browser_path is None:
        sys.exit("There is no Chromium; `make test` installs one as root.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, Server(Path(data)) as server, sync_playwright() as playwright:
        _command(server, "demo")
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        _results(browser, server)
        _answering(browser, server)
        browser.close()


def _command(server: Server, *words: str) -> str:
    import subprocess  # noqa: PLC0415 - only when pictures are taken

    environment = os.environ | {"GROUNDSWELL_DATA": str(server.data), "PORT": str(server.port)}
    return subprocess.run(
        [sys.executable, "-m", "webapp", *words],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _results(browser: "Browser", server: Server) -> None:
    base = f"http://127.0.0.1:{server.port}"
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.goto(_command(server, "member", "link", SLUG, "owner@example.org").strip())
    page.click("main button")
    page.goto(f"{base}/o/{SLUG}/")
    _picture(page, "overview")
    page.click("nav >> text=Heat map")
    _picture(page, "heat-map", whole=True)
    page.click("nav >> text=Blind spots")
    _picture(page, "blind-spots")
    page.click("nav >> text=Say and do")
    _picture(page, "say-and-do")
    page.click("nav >> text=Actions")
    _picture(page, "actions")
    page.emulate_media(color_scheme="dark")
    page.click("nav >> text=Trend")
    page.wait_for_load_state("networkidle")
    _picture(page, "trend-dark")


def _answering(browser: "Browser", server: Server) -> None:
    wave = _command(
        server,
        "wave",
        "open",
        SLUG,
        "--questionnaire",
        "ai-adoption",
        "--form",
        "team-core",
        "--name",
        "Next",
    ).strip()
    links = csv.DictReader(io.StringIO(_command(server, "ballots", "issue", SLUG, wave)))
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(next(row["link"] for row in links if row["unit"] == "Support North"))
    page.click("main button")
    page.wait_for_load_state("networkidle")
    page.locator("fieldset:visible input").nth(3).check()
    _picture(page, "answering-phone")


def _picture(page: "Page", name: str, *, whole: bool = False) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)


if __name__ == "__main__":
    main()
