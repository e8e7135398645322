"""The choice at the foot of every page, which wins over what the browser asks for."""

import pytest

from tests.fixtures.pages import CheckingClient, Page

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def spoken(page: Page) -> str | None:
    return page.root.get("lang")


def test_a_page_speaks_the_language_that_the_browser_asks_for(client: CheckingClient) -> None:
    assert spoken(client.page("/method", headers=GERMAN)) == "de"
    assert spoken(client.page("/method", headers={"Accept-Language": "fr, pt-BR"})) == "en"
    assert "Wie Werte entstehen" in client.page("/method", headers=GERMAN).text()


def test_a_choice_wins_is_kept_and_leads_back_to_the_page_with_its_question(client: CheckingClient) -> None:
    page = client.page("/method?part=3&part=4")
    (button,) = [one for one in page.all("button") if one.get("name") == "language"]
    assert (button.text, button.get("lang")) == ("Deutsch", "de")
    reply = client.post("/language", data=page.form("/language") | {"language": "de"})
    assert (reply.status_code, reply.location) == (303, "/method?part=3&part=4")
    cookie = client.get_cookie("language")
    assert cookie is not None
    assert (cookie.value, cookie.path, cookie.http_only, cookie.same_site) == ("de", "/", True, "Lax")
    assert spoken(client.page("/method", headers={"Accept-Language": "en"})) == "de"
    client.post("/language", data={"language": "en"})
    assert spoken(client.page("/method", headers=GERMAN)) == "en"


@pytest.mark.parametrize("value", ["", "fr", "DE", "../de", "de\n", "<b>", "d" * 500])
def test_no_other_value_is_taken(client: CheckingClient, value: str) -> None:
    reply = client.post("/language", data={"language": value, "here": "/method"})
    assert reply.status_code == 400
    assert client.get_cookie("language") is None
    client.set_cookie("language", f"x{value.strip()}")
    assert spoken(client.page("/method")) == "en"


@pytest.mark.parametrize(
    "here",
    [
        "https://evil.example/method",
        "//evil.example/method",
        "/\\evil.example/method",
        "/\\/evil.example",
        "\t//evil.example",
        "method",
        "javascript:alert(1)",
        "//[",
        "/language",
        "/nowhere",
        "/method\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_it_leads_to_no_place_but_a_page_of_ours(client: CheckingClient, here: str) -> None:
    reply = client.post("/language", data={"language": "de", "here": here})
    assert reply.status_code == 303
    assert reply.location in {"/", "/method"}
    assert [name for name, _ in reply.headers if name == "Set-Cookie"] == ["Set-Cookie"]


def test_a_form_on_another_site_changes_nothing(client: CheckingClient) -> None:
    reply = client.post("/language", data={"language": "de"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 403
    assert client.get_cookie("language") is None


def test_a_page_that_answers_what_was_sent_offers_no_way_to_lose_it(client: CheckingClient) -> None:
    profile = client.post("/quick-check", data={"P1.L3": "4"})
    assert profile.status_code == 200
    assert 'action="/language"' not in profile.text
