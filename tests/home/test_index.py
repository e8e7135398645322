from tests.fixtures.pages import CheckingClient


def test_the_front_page_works_with_no_organization_and_sets_no_cookie(client: CheckingClient) -> None:
    reply = client.get("/")
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    page = client.page("/")
    assert "six special people" in page.text()
    assert "Sign in" in [link.text for link in page.all("a")]


def test_the_first_question_of_the_quick_check_is_there_to_answer(client: CheckingClient) -> None:
    page = client.page("/")
    options = [one for one in page.all("input") if one.get("name") == "P1.L3"]
    assert [one.get("value") for one in options] == ["1", "2", "3", "4", "5", "0"]
    assert [form.get("action") for form in page.all("form")] == ["/quick-check", "/language"]


def test_whoever_is_signed_in_finds_the_own_organizations(owner: CheckingClient) -> None:
    page = owner.page("/")
    links = {link.text: link.get("href") for link in page.all("a")}
    assert links["Your organizations"] == "/organizations"
    assert "Sign in" not in links


def test_every_page_leads_to_method_privacy_and_talk(client: CheckingClient) -> None:
    links = {link.get("href") for link in client.page("/sign-in").all("a")}
    assert {"/method", "/privacy", "/talk"} <= links
