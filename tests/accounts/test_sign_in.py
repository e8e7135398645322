from tests.fixtures.pages import CheckingClient


def test_it_says_how_to_get_a_link(client: CheckingClient) -> None:
    text = client.page("/sign-in").text()
    assert "groundswell member link SLUG EMAIL" in text
    assert "no password yet" in text


def test_a_page_for_members_leads_there(client: CheckingClient) -> None:
    reply = client.get("/organizations")
    assert (reply.status_code, reply.location) == (302, "/sign-in")
