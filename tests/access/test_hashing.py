"""Hashes of passwords: slow on purpose, the same for nobody, and only a few at a time."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Semaphore

import pytest
from argon2 import PasswordHasher

from webapp.access import hashing
from webapp.transaction import Busy


def test_a_hash_fits_its_password_alone() -> None:
    stored = hashing.new("violet otter")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert hashing.fits(stored, "violet otter")
    assert not hashing.fits(stored, "violet ottеr")  # a Cyrillic letter
    assert hashing.new("violet otter") != stored, "each hash has a salt of its own"


def test_letters_may_be_typed_in_another_form() -> None:
    assert hashing.fits(hashing.new("cafe\u0301"), "caf\u00e9")


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=8"])
def test_nothing_fits_nobody(stored: str | None) -> None:
    assert not hashing.fits(stored, "of nobody")
    assert not hashing.fits(stored, "")


def test_a_lone_surrogate_fits_nothing_and_breaks_nothing() -> None:
    assert not hashing.fits(hashing.new("violet"), "\ud800")


def test_nobody_takes_as_long_as_somebody() -> None:
    stored = hashing.new("violet otter")
    hashing.fits(None, "warm up")

    def seconds(against: str | None) -> float:
        started = time.perf_counter()
        hashing.fits(against, "wrong")
        return time.perf_counter() - started

    pairs = [(seconds(stored), seconds(None)) for _ in range(7)]
    somebody, nobody = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    assert 0.4 < nobody / somebody < 2.5


def test_a_hash_of_other_costs_is_outdated() -> None:
    assert not hashing.outdated(hashing.new("violet otter"))
    assert hashing.outdated(PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash("violet"))


def test_a_crowd_waits_its_turn_and_is_told_when_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: hashing.fits(None, "wrong"), range(8)))
    monkeypatch.setattr(hashing, "_places", Semaphore(0))
    monkeypatch.setattr(hashing, "WAIT_SECONDS", 0.01)
    with pytest.raises(Busy):
        hashing.new("violet otter")
