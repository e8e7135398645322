"""Adding and changing webhooks: by the rules, once, sealed, and noted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from tests.fixtures import organizations as made
from tests.waves.conftest import at_once
from tests.webhooks.conftest import Clock, House, housed
from webapp import audit, sealing
from webapp.access import attempts
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import AuditEvent, Webhook
from webapp.transaction import transaction
from webapp.webhooks import commands, queries


def actions(house: House) -> list[str]:
    with house.app.app_context():
        found = sa.select(AuditEvent.action).where(AuditEvent.action.startswith("webhook"))
        return list(db.session.scalars(found.order_by(AuditEvent.sequence)))


def test_every_act_leaves_an_event_with_the_host_and_never_the_address(house: House) -> None:
    hook, _secret = house.add(address=house.receiver.url("/canary"))
    house.do(commands.change, hook, name="Other", events=["wave.opened"])
    house.do(commands.change, hook, name="Other", events=["wave.opened"])
    house.do(commands.turn, hook, on=False)
    house.do(commands.turn, hook, on=False)
    house.do(commands.turn, hook, on=True)
    house.do(commands.new_secret, hook)
    house.do(commands.send_test, hook)
    house.do(commands.remove, hook)
    assert actions(house) == [
        f"webhook.{what}"
        for what in ("added", "changed", "turned_off", "turned_on", "secret_made", "tried", "removed")
    ]
    with house.app.app_context():
        changes = db.session.scalars(sa.select(AuditEvent.changes)).all()
        assert sum('"host": "localhost"' in change for change in changes) == 7
        assert not any("canary" in change for change in changes)
        assert audit.broken_at(db.session, house.organization.id) is None
    owner = made.sign_in(house.app, house.organization, "owner@acme.example")
    text = owner.page("/o/acme/audit").text()
    for sentence in (
        "Added a webhook to localhost",
        "Changed what a webhook to localhost is told",
        "Turned off a webhook to localhost",
        "Turned on a webhook to localhost",
        "Made a new secret for a webhook to localhost",
        "Had a test sent to a webhook to localhost",
        "Removed a webhook to localhost",
    ):
        assert sentence in text


def test_address_and_secret_open_in_their_own_row_alone(lite: House) -> None:
    first, secret = lite.add()
    second, _other = lite.add(address=lite.receiver.url("/second"))
    with lite.app.app_context():
        assert queries.address(lite.hook(first)) == lite.receiver.url()
        for sealed, about in (
            (first.address, queries.about(second.id, "address")),
            (first.secret, queries.about(first.id, "address")),
        ):
            with pytest.raises(InvalidTag):
                sealing.unseal(sealed or b"", about=about)
    for value in (lite.receiver.url().encode(), secret.encode()):
        assert value not in first.address + (first.secret or b"")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "http://chat.example.org/"}, "must look like"),
        ({"address": "https://127.0.0.1/"}, "public internet"),
        ({"address": "https://chat.example.org:22/"}, "ports 443 and 8443"),
        ({"events": []}, "Choose at least one"),
        ({"events": ["wave.opened", "everything"]}, "Choose at least one"),
        ({"kind": "carrier pigeon"}, "no such kind"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "longer than 80"),
    ],
)
def test_what_breaks_a_rule_is_refused(lite: House, values: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        lite.add(**values)
    assert actions(lite) == []


def test_one_address_is_added_once_also_by_two_at_once(house: House) -> None:
    found = at_once(*[house.add] * 4)
    assert sum(isinstance(one, Refused) for one in found) == 3
    assert actions(house) == ["webhook.added"]
    house.add(address=house.receiver.url("/other"))
    other = housed(house.app, house.receiver, "other", "Other")
    other.add()


def test_there_are_ten_at_most(lite: House) -> None:
    for number in range(10):
        lite.add(address=lite.receiver.url(f"/{number}"))
    with pytest.raises(Refused, match="10 webhooks at most"):
        lite.add(address=lite.receiver.url("/more"))


def test_of_tests_there_are_only_so_many_an_hour(
    lite: House, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _secret = lite.add()
    monkeypatch.setattr(attempts, "now", time)
    monkeypatch.setattr(commands, "TESTS", replace(commands.TESTS, most=3))
    for _ in range(3):
        lite.do(commands.send_test, hook)
        lite.deliver()
    with pytest.raises(Refused, match="Enough tests"):
        lite.do(commands.send_test, hook)
    time.move(minutes=61)
    lite.do(commands.send_test, hook)
    assert len(lite.receiver.received) == 3


def test_a_button_that_is_pressed_many_times_at_once_sends_one_test(house: House) -> None:
    hook, _secret = house.add()
    found = at_once(*[lambda: house.do(commands.send_test, hook)] * 8)
    assert sum(isinstance(one, Refused) for one in found) == 7
    house.deliver()
    assert len(house.receiver.received) == 1


def test_one_that_is_off_takes_no_test_and_a_chat_has_no_secret(lite: House) -> None:
    hook, _secret = lite.add(kind="teams")
    with pytest.raises(Refused, match="not signed"):
        lite.do(commands.new_secret, hook)
    lite.do(commands.turn, hook, on=False)
    with pytest.raises(Refused, match="turned off"):
        lite.do(commands.send_test, hook)


@pytest.mark.parametrize(
    "act",
    [
        lambda house, hook: house.do(commands.change, hook, name="x", events=["wave.opened"]),
        lambda house, hook: house.do(commands.turn, hook, on=False),
        lambda house, hook: house.do(commands.new_secret, hook),
        lambda house, hook: house.do(commands.send_test, hook),
        lambda house, hook: house.do(commands.remove, hook),
    ],
)
def test_whoever_comes_after_it_was_removed_is_told_so(
    lite: House, act: Callable[[House, Webhook], object]
) -> None:
    hook, _secret = lite.add()
    lite.do(commands.remove, hook)
    with pytest.raises(Refused, match="not there any more"):
        act(lite, hook)
    assert actions(lite) == ["webhook.added", "webhook.removed"]


def test_a_number_is_not_given_again(lite: House) -> None:
    first, _secret = lite.add()
    lite.do(commands.remove, first)
    second, _other = lite.add()
    assert second.id > first.id


def test_the_database_keeps_what_every_webhook_keeps(house: House) -> None:
    plain, _secret = house.add()
    slack, _none = house.add(kind="slack", address=house.receiver.url("/slack"))
    wrong: list[tuple[Webhook, dict[str, object]]] = [
        (plain, {"secret": None}),
        (slack, {"secret": b"x"}),
        (plain, {"kind": "fax"}),
        (plain, {"former_secret": b"x"}),
    ]
    for hook, values in wrong:
        with house.app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.update(Webhook).where(Webhook.id == hook.id).values(**values))
