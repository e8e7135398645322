from flask import Flask

from tests.fixtures.organizations import answer
from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import Wave
from webapp.waves import closing


def path(wave: Wave) -> str:
    return f"/o/acme/waves/{wave.id}"


def status(app: Flask, wave: Wave) -> str:
    with app.app_context():
        return db.session.get_one(Wave, wave.id).status


def test_it_stands_behind_one_more_click_and_a_tick(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    page = owner.page(path(open_wave))
    details = next(one for one in page.all("details") if "Close now" in "".join(one.itertext()))
    assert details.get("open") is None
    reply = owner.send(f"{path(open_wave)}/close", on=path(open_wave))
    assert reply.status_code == 422
    assert "Tick this first." in Page(reply.text).text()
    assert status(app, open_wave) == "open"


def test_closing_publishes(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    answer(app, open_wave)
    reply = owner.send(f"{path(open_wave)}/close", {"sure": "y"}, on=path(open_wave))
    assert (reply.status_code, reply.location) == (303, path(open_wave))
    assert "“First wave” is closed, and its results are there." in owner.page(path(open_wave)).text()
    assert status(app, open_wave) == "published"


def test_a_wave_without_a_single_answer_can_be_closed(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    assert owner.send(f"{path(open_wave)}/close", {"sure": "y"}, on=path(open_wave)).status_code == 303
    assert status(app, open_wave) == "published"


def test_a_second_click_changes_nothing(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    token = owner.page(path(open_wave)).form()
    for _click in range(2):
        assert owner.post(f"{path(open_wave)}/close", data=token | {"sure": "y"}).status_code == 303
    assert status(app, open_wave) == "published"


def test_where_publishing_failed_it_can_be_tried_again(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    with app.app_context():
        closing.close(wave=open_wave, by=None)
    page = owner.page(path(open_wave))
    assert "First wave is closed, and not published yet" in page.text()
    assert "Publish the results" in page.text()
    owner.send(f"{path(open_wave)}/close", {"sure": "y"}, on=path(open_wave))
    assert status(app, open_wave) == "published"
