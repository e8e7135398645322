"""Which identity tokens sign somebody in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.identity_token import LEEWAY, Identity, Unfit, identity

NOW = 1_772_712_000.0
ISSUER = "https://login.example.org"
GOOD: dict[str, object] = {
    "iss": ISSUER,
    "aud": "groundswell",
    "sub": "248289761001",
    "nonce": "n-0S6_WzA2Mj",
    "exp": NOW + 300,
    "iat": NOW - 1,
    "email": "Owner@Acme.example",
    "email_verified": True,
}


def read(**changes: object) -> Identity:
    claims = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return identity(claims, issuer=ISSUER, client_id="groundswell", nonce="n-0S6_WzA2Mj", now=NOW)


def test_a_good_token_says_who_it_is() -> None:
    assert read() == Identity(ISSUER, "248289761001", "owner@acme.example")
    assert read(aud=["groundswell"]).subject
    assert read(aud=["groundswell", "other"], azp="groundswell").subject
    assert read(nbf=NOW).subject


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": ISSUER + "/"}, "another issuer"),
        ({"iss": ...}, "another issuer"),
        ({"iss": [ISSUER]}, "another issuer"),
        ({"aud": "other"}, "another audience"),
        ({"aud": ...}, "another audience"),
        ({"aud": []}, "another audience"),
        ({"aud": "groundswell2"}, "another audience"),
        ({"aud": {"groundswell": 1}}, "another audience"),
        ({"aud": ["groundswell", "other"]}, "another authorized party"),
        ({"aud": ["groundswell", "other"], "azp": "other"}, "another authorized party"),
        ({"azp": "other"}, "another authorized party"),
        ({"nonce": "other"}, "another nonce"),
        ({"nonce": ...}, "another nonce"),
        ({"exp": NOW - LEEWAY}, "expired"),
        ({"exp": ...}, "no time exp"),
        ({"exp": "never"}, "no time exp"),
        ({"exp": True}, "no time exp"),
        ({"exp": float("nan")}, "expired"),
        ({"iat": NOW + LEEWAY}, "issued in the future"),
        ({"iat": ...}, "no time iat"),
        ({"nbf": NOW + LEEWAY}, "not valid yet"),
        ({"nbf": None}, "no time nbf"),
        ({"sub": ...}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": 248289761001}, "no subject"),
        ({"sub": "x" * 256}, "no subject"),
        ({"sub": "a\x00b"}, "no subject"),
        ({"sub": "a\ud800b"}, "no subject"),
    ],
)
def test_anything_else_signs_nobody_in(changes: dict[str, object], why: str) -> None:
    with pytest.raises(Unfit, match=f"^{why}$"):
        read(**changes)


def test_clocks_may_differ_by_a_minute() -> None:
    assert read(exp=NOW - LEEWAY + 1, iat=NOW + LEEWAY - 1, nbf=NOW + LEEWAY - 1).subject


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email_verified": ...},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": ...},
        {"email": ["owner@acme.example"]},
        {"email": "\u212aim@acme.example"},  # a sign for Kelvin, whose small letter is a plain k
        {"email": "оwner@acme.example"},  # a Cyrillic letter
    ],
)
def test_an_address_that_is_not_verified_or_may_pass_for_anothers_is_none(changes: dict[str, object]) -> None:
    assert read(**changes).email == ""


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(GOOD)), ANYTHING, max_size=4))
def test_whatever_a_token_says_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        found = read(**changes)
    except Unfit:
        return
    assert found.issuer == ISSUER
    assert found.subject
