from tests.fixtures.pages import CheckingClient


def test_the_button_stands_on_every_page_of_a_member_and_signs_out(owner: CheckingClient) -> None:
    assert 'Signed in as <a href="/accounts/me">owner@acme.example</a>' in owner.get("/organizations").text
    reply = owner.send("/sign-out", on="/organizations")
    assert (reply.status_code, reply.location) == (303, "/sign-in?signed_out=1")
    assert reply.headers["Clear-Site-Data"] == '"cache","cookies"'
    assert owner.get("/organizations").status_code == 302


def test_a_link_alone_does_not_sign_out(owner: CheckingClient) -> None:
    assert owner.get("/sign-out").status_code == 405
    assert owner.get("/organizations").status_code == 200
