"""The pages in a real browser: no violation of WCAG, no complaint, no sideways scroll, and the chart is drawn."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fixtures.organizations import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(live_server: Any, publish_four: Callable[..., Any]) -> SimpleNamespace:
    """A server with the organization of four waves, and the cookie of its owner."""
    organization, made = publish_four(live_server.app)
    client = sign_in(live_server.app, organization, "owner@kestrel.example")
    cookie = client.get_cookie("sid")
    assert cookie is not None
    base = f"{live_server.url}/o/kestrel"
    wave = f"{base}/results/{made[-1].wave}"
    units = made[-1].units
    return SimpleNamespace(
        url=live_server.url,
        secret=cookie.value,
        pages={
            "overview": f"{base}/",
            "heatmap": f"{wave}/heatmap",
            "team": f"{wave}/units/{units[16].key}",
            "whole": f"{wave}/units/root",
            "hidden": f"{wave}/units/{units[7].key}",
            "trend": f"{base}/results/trend",
            "movement": f"{wave}/movement",
        },
    )


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(
    served: SimpleNamespace,
    new_page: Callable[..., Any],
    assert_accessible: Callable[..., None],
    width: int,
    theme: str,
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=theme)
    page.context.add_cookies([{"name": "sid", "value": served.secret, "url": served.url}])
    for url in served.pages.values():
        page.goto(url)
        assert_accessible(page)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), url


def test_the_chart_is_drawn_beside_its_table(
    served: SimpleNamespace, new_page: Callable[..., Any], assert_accessible: Callable[..., None]
) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.context.add_cookies([{"name": "sid", "value": served.secret, "url": served.url}])
    page.goto(served.pages["trend"])
    page.locator(".chart").scroll_into_view_if_needed()
    page.wait_for_selector(".chart .main-svg")
    assert page.locator(".chart .trace.scatter").count() == 4
    assert page.locator(".chart .annotation").count() == 4
    assert_accessible(page)


def test_the_flow_is_drawn_without_a_complaint(
    served: SimpleNamespace, new_page: Callable[..., Any], assert_accessible: Callable[..., None]
) -> None:
    """`new_page` fails on any complaint of the browser, such as a style that the policy refuses."""
    page = new_page(viewport={"width": 1280, "height": 800})
    page.context.add_cookies([{"name": "sid", "value": served.secret, "url": served.url}])
    page.goto(served.pages["movement"])
    page.locator(".chart").scroll_into_view_if_needed()
    page.wait_for_selector(".chart .sankey-link")
    assert page.locator(".chart .sankey-node").count() > 1
    page.locator(".chart .sankey-link").first.hover()
    page.wait_for_selector(".chart .hoverlayer .hovertext")
    assert_accessible(page)


def test_without_scripts_the_numbers_are_there(served: SimpleNamespace, new_page: Callable[..., Any]) -> None:
    page = new_page(java_script_enabled=False)
    page.context.add_cookies([{"name": "sid", "value": served.secret, "url": served.url}])
    page.goto(served.pages["trend"])
    assert page.locator(".chart").is_hidden()
    assert page.get_by_role("row", name="Engineering").last.is_visible()
