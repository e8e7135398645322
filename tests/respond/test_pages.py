"""Pages drawn once: the same for everybody but for what is filled in, packed or not."""

import gzip
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import render_template
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from webapp.respond import pages, queries
from webapp.respond.forms import questions
from webapp.transaction import transaction


@given(st.lists(st.text(max_size=200), min_size=1, max_size=9))
def test_pieces_packed_before_make_a_gzip_file(texts: list[str]) -> None:
    plain = [piece.encode() for piece in texts]
    fills = [piece[::-1] for piece in plain[1:]]
    whole = plain[0] + b"".join(fill + piece for fill, piece in zip(fills, plain[1:], strict=True))
    packed = tuple(pages.packed(piece) for piece in plain)
    assert gzip.decompress(pages.gzipped(whole, fills, packed)) == whole


@pytest.mark.parametrize("serial", [0, "open"])
def test_packed_and_plain_are_the_same_pages(
    house: Any, respondent: Callable[[], Any], serial: int | str
) -> None:
    house.app.test_client_class = FlaskClient  # the checking one reads every page as it comes
    wave = house.wave()
    someone = respondent().open(house.link(wave, serial))
    for path in (f"/r/{house.link(wave, serial)}", "/respond/"):
        packed, plain = (
            someone.client.get(path, headers={"Accept-Encoding": encoding})
            for encoding in ("gzip, br", "identity")
        )
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data) < 0.7 * len(plain.data)
        bodies = [gzip.decompress(packed.data), plain.data]
        assert len({body.replace(someone.csrf_of(body.decode()).encode(), b"") for body in bodies}) == 1
    sheet = {"csrf_token": someone.csrf(), "P1.T1": "3"}
    receipt = someone.client.post("/respond/", data=sheet, headers={"Accept-Encoding": "gzip"})
    assert b"This is the whole row that we stored" in gzip.decompress(receipt.data)


def test_the_page_drawn_once_is_the_page_drawn_for_one(house: Any) -> None:
    wave = house.wave()
    for _ in range(2):
        with house.app.test_request_context("/respond/"):
            ballot = queries.ballot(house.link(wave))
            assert ballot
            sheet = queries.sheet(ballot, "en")
            drawn = pages.answer(ballot, sheet).get_data(as_text=True)
            csrf = drawn.split('name="csrf_token" value="')[1].partition('"')[0]
            fresh = render_template(
                "respond/answer.html",
                sheet=sheet,
                draw=lambda sheet=sheet: questions(sheet),
                csrf=csrf,
                organization="Kestrel Freight",
                brand_name="Kestrel Freight",
                brand_href="#main",
                wave="Round 1",
                unit="Support North",
                draft=ballot.draft,
            )
        assert drawn == fresh


def test_names_are_escaped_and_never_drawn_for_others(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    names = ("<b>Bold</b> & \"quoted\" 'Sons'", "\ue000csrf\ue001", "Ünïted 水 \N{WATER WAVE}")
    for serial, name in enumerate(names):
        with house.app.app_context(), transaction() as session:
            session.execute(text("UPDATE wave_unit SET name = :name WHERE position = 1"), {"name": name})
            session.execute(text("UPDATE organization SET name = :name"), {"name": name})
        someone = respondent().open(house.link(wave, serial))
        for page in (
            someone.client.get(f"/r/{house.link(wave, serial)}").text,
            someone.client.get("/respond/").text,
            someone.send({"P1.T1": "3"}).text,
        ):
            assert "<b>Bold" not in page
            assert ("&lt;b&gt;Bold" in page) == (serial == 0)
            assert (names[1] in page) == (serial == 1)
            assert (names[2] in page) == (serial == 2)


def test_a_sentence_for_one_reader_is_not_shown_to_others(house: Any, respondent: Callable[[], Any]) -> None:
    pages._drawn.clear()
    token = house.link(house.wave())
    first = respondent().client
    with first.session_transaction() as session:
        session["_flashes"] = [("message", "Only for you")]
    assert "Only for you" in first.get(f"/r/{token}").text
    assert "Only for you" not in respondent().client.get(f"/r/{token}").text


def test_a_page_with_and_one_without_a_closing_day_are_two(house: Any, respondent: Callable[[], Any]) -> None:
    some = [house.wave(closes_on=date(2026, 5, day)) for day in (4, 5)] + [house.wave()]
    shown = [respondent().client.get(f"/r/{house.link(wave)}").text for wave in some]
    assert "4 May" in shown[0]
    assert "5 May" in shown[1]
    assert " May" not in shown[2]


def test_only_so_many_pages_are_kept(house: Any) -> None:
    with house.app.test_request_context("/"):
        for number in range(pages.KEPT + 20):
            pages._kept("respond/waiting.html", (number,), {"ballot": {"stage": "closed"}})
    assert len(pages._drawn) <= pages.KEPT
