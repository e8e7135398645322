import base64
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from tests.waves.conftest import Acme, at_once
from webapp.domain.refusal import Refused
from webapp.waves import ballots, closing

SINGLE = {"Platform": 12, "Mobile": 8, "Sales": 10, "Support": 6}


def tokens(links: list[tuple[str, str]]) -> set[str]:
    return {link.rpartition("/")[2] for _unit, link in links}


def test_a_link_for_each_head_and_only_its_hash_is_stored(acme: Acme) -> None:
    wave = acme.open()
    links = acme.call(ballots.issue, wave)
    assert Counter(unit for unit, _link in links) == SINGLE
    found = tokens(links)
    assert len(found) == 36
    assert all(len(base64.urlsafe_b64decode(text)) == 24 for text in found)  # 192 bits
    stored = {bytes(held) for (held,) in acme.rows("SELECT token_hash FROM ballot")}
    assert stored == {hashlib.sha256(text.encode()).digest() for text in found}
    assert acme.rows("SELECT count(*) FROM ballot WHERE spent OR shared") == [(0,)]


def test_a_lost_list_is_made_again_and_mints_nothing(acme: Acme) -> None:
    wave = acme.open()
    first, second = acme.call(ballots.issue, wave), acme.call(ballots.issue, wave)
    assert sorted(first) == sorted(second)
    assert first != second  # shuffled: no order of people is handed out
    assert acme.count("ballot") == 36


def test_two_who_issue_at_once_get_the_same_links(acme: Acme) -> None:
    wave = acme.open()
    found = at_once(*[lambda: sorted(acme.call(ballots.issue, wave))] * 3)
    assert all(links == found[0] for links in found), found
    assert acme.count("ballot") == 36


def test_the_links_of_a_unit_are_minted_in_the_order_of_their_hashes(acme: Acme) -> None:
    acme.call(ballots.issue, acme.open())
    physical = (
        "ctid" if acme.app.config["SQLALCHEMY_ENGINES"]["default"]["url"].startswith("post") else "token_hash"
    )
    rows = acme.rows(f"SELECT position, token_hash FROM ballot ORDER BY {physical}")  # noqa: S608 - a name
    for position in (2, 3, 4, 5):
        hashes = [bytes(held) for place, held in rows if place == position]
        assert hashes == sorted(hashes)


def test_a_unit_has_one_kind_of_link(acme: Acme) -> None:
    wave = acme.open()
    poster = acme.call(ballots.open_link, wave, position=4)
    assert acme.call(ballots.open_link, wave, position=4) == poster
    assert Counter(unit for unit, _link in acme.call(ballots.issue, wave)) == {
        unit: heads for unit, heads in SINGLE.items() if unit != "Sales"
    }
    assert acme.rows("SELECT position, count(*) FROM ballot WHERE shared GROUP BY position") == [(4, 1)]
    with pytest.raises(Refused, match="Platform has single-use links already"):
        acme.call(ballots.open_link, wave, position=2)
    with pytest.raises(Refused, match="Nobody answers at this unit itself"):
        acme.call(ballots.open_link, wave, position=1)
    with pytest.raises(Refused, match="Nobody answers at this unit itself"):
        acme.call(ballots.open_link, wave, position=99)


def test_a_closed_wave_gives_no_links(acme: Acme) -> None:
    wave = acme.open()
    acme.call(closing.close, wave)
    for command, values in ((ballots.issue, {}), (ballots.open_link, {"position": 4})):
        with pytest.raises(Refused, match="“First wave” is not open"):
            acme.call(command, wave, **values)
    assert acme.count("ballot") == 0


def test_links_of_another_wave_are_others(lite: Acme) -> None:
    first = lite.open()
    links = lite.call(ballots.issue, first)
    lite.close(first)
    second = lite.open("Second wave")
    assert not tokens(links) & tokens(lite.call(ballots.issue, second))


def test_without_the_key_nobody_makes_a_link(lite: Acme) -> None:
    """The key is a setting, kept in a file: whoever has the database alone has hashes of 192 bits."""
    links = lite.call(ballots.issue, lite.open())
    with lite.inside():
        settings = lite.app.extensions["groundswell"].settings
    stored = b"".join(path.read_bytes() for path in Path(settings.data).glob("groundswell.sqlite*"))
    assert settings.ballot_key not in stored
    assert not any(text.encode() in stored for text in tokens(links))
