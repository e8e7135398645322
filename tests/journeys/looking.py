"""Looking at a page as all its readers do: narrow and wide, light and dark, with a screen reader's eyes and by its rules."""

import re
from typing import TYPE_CHECKING, Any

from tests.fixtures.browser import AXE
from webapp.headers import CSP

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from tests.journeys.world import Guise

NARROWEST, PHONE, TABLET, DESK = 320, 390, 800, 1280
# Themes change colours and nothing else, so these two rules are all that can differ in the dark.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS = ((PHONE, "light", AXE), (DESK, "dark", COLOURS), (DESK, "light", AXE))
# What a click would open is looked at as well: closed parts, and the steps of an answer sheet.
OPEN_ALL = """for (const part of document.querySelectorAll("details")) part.open = true;
for (const step of document.querySelectorAll("[data-step]")) step.hidden = false;"""
RUN_AXE = """async options => (await axe.run(document, options)).violations.map(found =>
  `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`)"""
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const wide = [...document.querySelectorAll("main *, header *, footer *")].filter(one =>
    one.getBoundingClientRect().right > root.clientWidth + 1 && !one.parentElement.closest(".scroll, svg"));
  return `${root.scrollWidth} px wide: ` + wide.slice(-3).map(one => one.outerHTML.slice(0, 160)).join(" | ");
}"""
# A reply that says no is told by the browser on its console too; whether a no is right is another test's question.
SAID_NO = re.compile(r"status of 4\d\d")


class Looker:
    """One browser page, and all that was wrong with what it showed."""

    def __init__(self, page: "Page", problems: list[str]) -> None:
        from axe_playwright_python.base import AXE_SCRIPT  # noqa: PLC0415 - only tests in a browser pay for it

        self.page = page
        self.faults: list[str] = []
        self.seen: list[str] = []
        self._problems = problems
        self._axe = AXE_SCRIPT

    def be(self, guise: "Guise") -> None:
        """Be somebody else from now on."""
        self.page.context.clear_cookies()
        if guise.cookie:
            self.page.context.add_cookies([guise.cookie])

    def visit(self, url: str, *, known: bool = False) -> None:
        self.resize(PHONE, "light")
        self.look(self.page.goto(url), known=known)

    def look(self, response: "Response | None" = None, name: str = "", *, known: bool = False) -> None:
        """Look at what the page shows now, at all sizes and in both themes.

        known: whether the same page was looked at already, with other data: what data may spoil shows on a phone.
        """
        where = name or self.page.url.partition("//")[2].partition("/")[2]
        self.seen.append(where)
        faults = list(self._once(response))
        self.page.evaluate(self._axe)
        for width, theme, rules in LOOKS[:1] if known else LOOKS:
            self.resize(width, theme)
            found = self.page.evaluate(RUN_AXE, rules)
            faults += [f"{theme}, {width} px: {one}" for one in found]
        faults += [one for one in self._problems if not SAID_NO.search(one)]
        self._problems.clear()
        self.faults += [f"/{where}: {fault}" for fault in faults]

    def resize(self, width: int, theme: Any) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(color_scheme=theme)

    def _once(self, response: "Response | None") -> Any:
        if response is not None and response.headers.get("content-security-policy") != CSP:
            yield "it does not carry the strict policy"
        headings = self.page.locator("h1:visible").count()
        if headings != 1:
            yield f"{headings} h1"
        for state in ("", ", all parts open"):
            for width in (NARROWEST, PHONE, TABLET):
                self.resize(width, "light")
                sideways = self.page.evaluate(SIDEWAYS)
                if sideways:
                    yield f"scrolls sideways at {width} px{state}, {sideways}"
            self.page.evaluate(OPEN_ALL)

    def assert_nothing_wrong(self) -> None:
        assert not self.faults, f"{len(self.faults)} faults:\n" + "\n".join(self.faults)
