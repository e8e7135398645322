"""Every page that the application has, as the addresses in it say: nobody is kept out, nothing is refused by the policy.

The pages are found in the application's own list of addresses, and by the links on them: a new page is looked at without
a word here, and one whose address holds a new word in angle brackets fails until `world` says what stands there.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.fixtures.pages import Page as Parsed
from tests.journeys.looking import Looker
from tests.journeys.world import Guise, World
from webapp.access import Permission

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # all pages of a person at once

# To another server and back: `test_through_a_provider` looks at what is to be seen of them.
AWAY = {"accounts.leave", "accounts.back", "accounts.link_provider"}
WHOLE = 2  # of one page so many, with other data, are looked at on a desk and in the dark as well
VARIANTS = 2  # of one page, by the words behind the question mark of its address


@pytest.fixture
def looker(new_page: "Callable[..., Page]", problems: list[str]) -> Looker:
    return Looker(new_page(), problems)


class Walk:
    """The pages that one person finds, each once."""

    def __init__(self, world: World, looker: Looker, guise: Guise) -> None:
        self.world, self.looker, self.guise = world, looker, guise
        self.context = looker.page.context
        looker.be(guise)
        self.match = world.app.url_map.bind("").match
        self.shown: Counter[str] = Counter()
        self.known: set[str] = set()
        self.variants: Counter[str] = Counter()

    def walk(self, rules: list[Rule]) -> None:
        waiting = [address for rule in rules for address in addresses(rule, self.guise)]
        endpoints = {rule.endpoint for rule in rules}
        while waiting:
            address = waiting.pop(0)
            found = self.page(address)
            if found is not None:
                waiting += [link for link in self.links(address, found) if self.endpoint(link) in endpoints]

    def page(self, address: str) -> Parsed | None:
        """Look at the page at an address, if one is there for this person and was not seen before."""
        if address in self.known:
            return None
        self.known.add(address)
        url = self.world.server.url + address
        reply = self.context.request.get(url)
        where = reply.url.removeprefix(self.world.server.url)
        kind = reply.headers["content-type"].partition(";")[0]
        if not reply.ok or kind != "text/html":
            assert reply.status < 500, f"{address} answers {reply.status}"
            self.shown[self.endpoint(address)] += reply.ok
            return None
        if where != address:
            return self.page(where)
        self.shown[self.endpoint(address)] += 1
        self.looker.visit(url, known=self.shown[self.endpoint(address)] > WHOLE)
        return Parsed(reply.text())

    def links(self, address: str, page: Parsed) -> Iterator[str]:
        """Where links and forms lead that only ask: to a page with other words behind the question mark."""
        asked = [anchor.get("href", "") for anchor in page.all("a")]
        asked += [question for form in page.all("form") if (question := filled(form))]
        for href in asked:
            target = urlsplit(urljoin(address, href))
            if target.netloc or not target.query or f"{target.path}?{target.query}" in self.known:
                continue
            key = f"{self.endpoint(target.path)} {sorted(name for name, _ in parse_qsl(target.query))}"
            if self.variants[key] == 0 and self.variants[self.endpoint(target.path)] < VARIANTS:
                self.variants.update([key, self.endpoint(target.path)])
                yield f"{target.path}?{target.query}"

    def endpoint(self, address: str) -> str:
        try:
            return self.match(urlsplit(address).path)[0]
        except HTTPException:
            return ""


def filled(form: Element) -> str:
    """What a form that only asks sends when two of its boxes are ticked, and each list stands at another choice."""
    if form.get("method", "get").lower() != "get":
        return ""
    sent = [
        (one.get("name", ""), one.get("value", ""))
        for one in form.iter("input")
        if one.get("type") == "hidden"
    ]
    boxes = [one for one in form.iter("input") if one.get("type") == "checkbox"]
    sent += [(one.get("name", ""), one.get("value", "on")) for one in boxes[:2]]
    for place, select in enumerate(form.iter("select")):
        choices = [one.get("value", "") for one in select.iter("option") if one.get("value")]
        sent += [(select.get("name", ""), value) for value in choices[place : place + 1]]
    return f"{form.get('action', '')}?{urlencode(sent)}" if sent else ""


def addresses(rule: Rule, guise: Guise) -> Iterator[str]:
    """All addresses of a rule, with each value that this person knows."""
    names = sorted(rule.arguments - set(rule.defaults or ()))
    for values in itertools.product(*(guise.values.get(name, ()) for name in names)):
        built = rule.build(dict(zip(names, values, strict=True)))
        assert built is not None, rule
        yield built[1]


def pages(world: World, chosen: Callable[[Rule], bool]) -> list[Rule]:
    rules = [rule for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    rules = [rule for rule in rules if rule.endpoint not in AWAY]
    return [rule for rule in rules if chosen(rule) and not access(world, rule).by_token]


def access(world: World, rule: Rule) -> Any:
    return world.app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]


def assert_all_seen(rules: list[Rule], walks: list[Walk]) -> None:
    shown = sum((walk.shown for walk in walks), Counter())
    missed = sorted(f"{rule.rule} ({rule.endpoint})" for rule in rules if not shown[rule.endpoint])
    assert not missed, f"Nobody got to {missed}: say in world.py what stands in their addresses."


def walk_all(world: World, looker: Looker, guises: list[Guise], rules: list[Rule]) -> None:
    walks = []
    for guise in guises:
        walks.append(Walk(world, looker, guise))
        walks[-1].walk(rules)
    assert_all_seen(rules, walks)
    looker.assert_nothing_wrong()


def test_every_page_that_anybody_may_read(world: World, looker: Looker) -> None:
    rules = pages(world, lambda rule: access(world, rule).anyone and not rule.endpoint.startswith("respond."))
    walk_all(world, looker, [world.visitor, world.half_way], rules)


def test_every_page_of_a_respondent(world: World, looker: Looker) -> None:
    rules = pages(world, lambda rule: rule.endpoint.startswith("respond."))
    walk_all(world, looker, world.respondents, rules)


def test_every_page_of_an_owner(world: World, looker: Looker) -> None:
    rules = pages(
        world,
        lambda rule: (
            not (access(world, rule).anyone or access(world, rule).administrators)
            and access(world, rule).permission != Permission.ASSESSMENT_GIVE
        ),
    )
    walk_all(world, looker, world.owners[:1], rules)


def test_every_page_of_who_runs_the_server(world: World, looker: Looker) -> None:
    walk_all(world, looker, [world.keeper], pages(world, lambda rule: access(world, rule).administrators))


def test_pages_of_an_owner_where_bands_alone_are_shown(world: World, looker: Looker) -> None:
    rules = pages(world, lambda rule: access(world, rule).permission == Permission.RESULT_READ)
    walk_all(world, looker, [world.owners[1]], rules)


def test_pages_of_an_owner_before_the_first_wave(world: World, looker: Looker) -> None:
    Walk(world, looker, world.owners[2]).walk(pages(world, lambda rule: bool(access(world, rule).permission)))
    looker.assert_nothing_wrong()


def test_every_page_of_a_leader(world: World, looker: Looker) -> None:
    walk = Walk(world, looker, world.leader)
    walk.walk(pages(world, lambda rule: bool(access(world, rule).permission)))
    assert_all_seen(
        pages(world, lambda rule: access(world, rule).permission == Permission.ASSESSMENT_GIVE), [walk]
    )
    looker.assert_nothing_wrong()


def test_what_is_wrong_with_a_page_is_found(looker: Looker) -> None:
    """A page with one fault of each kind, so that the tests above cannot pass because nothing looks."""
    looker.page.set_content(
        """<!doctype html><html lang="en"><title>Wrong</title><meta name="color-scheme" content="light dark">
        <style>body { background: #fff } @media (prefers-color-scheme: dark) { p { color: #bbb } }</style>
        <main><h1>One</h1><h1>Two</h1><p>Words that nobody can read in the dark.</p>
        <details><summary>More</summary><pre>so wide that nobody can read it on a phone without moving it sideways</pre>
        </details><input><script>console.error("a complaint")</script></main>"""
    )
    looker.look(name="wrong")
    found = "\n".join(looker.faults)
    for fault in (
        "2 h1",
        "320 px, all parts open",
        "dark, 1280 px: color-contrast",
        "light, 390 px: label:",
        "a complaint",
    ):
        assert fault in found, found
    assert "light, 390 px: color-contrast" not in found
