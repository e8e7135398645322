from tests.fixtures.pages import CheckingClient


def test_it_says_what_is_stored_what_never_and_what_cannot_be_ruled_out(client: CheckingClient) -> None:
    text = client.page("/privacy").text()
    assert "One row: a random id, the wave, your team, and your answers" in text
    assert (
        "With your answers: your name, your address, your device, your network address, or the time of your answers."
        in text
    )
    assert "Whoever controls the running server could watch at the very moment" in text
    assert "deleted 30 days after publication" in text
    assert "whoever runs the mail server, or reads the replies, could see it" in text
