"""Codes of an authenticator, and recovery codes."""

from datetime import datetime

import pyotp
import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import Flask

from tests.fixtures.organizations import create
from webapp.access import second_step
from webapp.extensions import db
from webapp.models import Account, RecoveryCode, SecondStep
from webapp.transaction import transaction

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime(2026, 3, 5, 12, 0, 10)  # noqa: DTZ001 - as the database stores it
STEP = 1_772_712_000 // 30


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_step, "now", lambda: AT)


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(1_772_712_010 + 30 * steps)


def test_a_code_holds_for_its_half_minute_and_one_beside_it() -> None:
    assert [second_step.step_of(SECRET, code(steps)) for steps in range(-2, 3)] == [
        None,
        STEP - 1,
        STEP,
        STEP + 1,
        None,
    ]


def test_blanks_inside_do_not_matter_and_anything_else_does() -> None:
    digits = code()
    assert second_step.step_of(SECRET, f" {digits[:3]} {digits[3:]} ") == STEP
    for wrong in ("", digits[:5], digits + "0", "١٢٣٤٥٦", "abcdef", "-12345", "１２３４５６", "\x00" * 6):
        assert second_step.step_of(SECRET, wrong) is None, wrong


def turned_on(app: Flask) -> tuple[Account, list[str]]:
    create(app)
    with app.app_context(), transaction() as session:
        account = session.scalars(sa.select(Account)).one()
        return account, second_step.turn_on(session, account, SECRET, step=STEP - 5)


def take(app: Flask, account: Account, given: str) -> str | None:
    with app.app_context(), transaction() as session:
        return second_step.take(session, account, given)


def test_no_code_is_taken_twice_and_none_from_before(any_app: Flask) -> None:
    account, _ = turned_on(any_app)
    assert take(any_app, account, code()) == "authenticator"
    assert take(any_app, account, code()) is None
    assert take(any_app, account, code(-1)) is None
    assert take(any_app, account, code(1)) == "authenticator"


def test_each_recovery_code_is_good_once(any_app: Flask) -> None:
    account, codes = turned_on(any_app)
    assert len(set(codes)) == 10
    assert take(any_app, account, codes[3].upper().replace("-", " ")) == "recovery"
    assert take(any_app, account, codes[3]) is None
    assert take(any_app, account, codes[4]) == "recovery"
    with any_app.app_context():
        assert second_step.codes_left(account.id) == 8


def test_nothing_readable_is_stored(app: Flask) -> None:
    _account, codes = turned_on(app)
    with app.app_context():
        row = db.session.scalars(sa.select(SecondStep)).one()
        hashes = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert SECRET.encode() not in row.sealed
    assert pyotp.TOTP(SECRET).byte_secret() not in row.sealed
    assert all(len(one) == 32 for one in hashes)
    assert not any(one.replace("-", "").encode() in stored for one in codes for stored in hashes)


def test_a_secret_that_is_moved_to_another_account_does_not_open(app: Flask) -> None:
    account, _ = turned_on(app)
    other = create(app, "elsewhere", "Elsewhere")
    with app.app_context(), transaction() as session:
        sealed = session.get_one(SecondStep, account.id).sealed
        victim = session.scalars(sa.select(Account).where(Account.id != account.id)).one()
        with pytest.raises(InvalidTag):
            second_step.unseal(victim, sealed)
    assert other.slug == "elsewhere"


def test_new_recovery_codes_end_the_old_ones(app: Flask) -> None:
    account, old = turned_on(app)
    with app.app_context(), transaction() as session:
        new = second_step.new_codes(session, account)
    assert take(app, account, old[0]) is None
    assert take(app, account, new[0]) == "recovery"


def test_who_has_no_second_step_has_no_code(app: Flask) -> None:
    account, codes = turned_on(app)
    with app.app_context(), transaction() as session:
        second_step.turn_off(session, account)
    assert take(app, account, codes[0]) is None
    assert take(app, account, code(1)) is None
