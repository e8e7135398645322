"""What respondents see. The pages that all of them pass are drawn once and filled in for each reader.

A template costs as much as all the rest of answering, and packing the page for the wire as much again: so what differs
between readers is left blank when a page is drawn, and what does not is packed with it.
"""

import re
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import Response, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from webapp import language
from webapp.filters import day_of_week
from webapp.respond.forms import AnswerForm, questions
from webapp.respond.queries import Ballot, Row, Sheet

KEPT = 128
# Characters of Unicode's private use stand around the name of what is left blank.
_BLANK = re.compile("\ue000([a-z_]+)\ue001")
_drawn: OrderedDict[tuple[Hashable, ...], "Drawn"] = OrderedDict()
_lock = Lock()


def start(ballot: Ballot, sheet: Sheet, *, stale: bool) -> Response:
    """Who asks and why, what is stored, who sees what; `stale` after a press that the page could not vouch for."""
    texts = {**_texts(ballot), "csrf": generate_csrf()}
    key = (ballot.shared, stale, *sheet.name)
    return _filled("respond/start.html", key, texts, sheet=sheet, stale=stale, shared=ballot.shared)


def answer(ballot: Ballot, sheet: Sheet) -> Response:
    """The sheet as everybody meets it first."""
    texts = {**_texts(ballot), "csrf": generate_csrf()}
    key = (ballot.shared, *sheet.name)
    return _filled("respond/answer.html", key, texts, sheet=sheet, draw=lambda: questions(sheet))


def answer_again(ballot: Ballot, form: AnswerForm, *, unavailable: bool = False) -> str:
    """The sheet with what was answered, and why it is not stored."""
    return render_template(
        "respond/answer.html",
        sheet=form.sheet,
        draw=lambda: questions(form.sheet, form.answers.chosen),
        faults=form.faults,
        again=unavailable,
        csrf=generate_csrf(),
        **_texts(ballot),
    )


def thanks(ballot: Ballot, row: Row | None = None) -> Response:
    """Thank you, with the stored row in the reply to the answers themselves and never again."""
    texts = _texts(ballot)
    if row:
        texts |= {
            # Digits, "?" and "-" alone: nothing to escape.
            "answers": Markup(" ".join(f'<span class="num">{one}</span>' for one in row.answers)),  # noqa: S704
            "answered": row.answered,
            "opted_out": row.opted_out,
            "left_open": row.left_open,
        }
    fixed = {"shared": ballot.shared, "is_open": ballot.asks, "count": row.count if row else 0}
    return _filled("respond/thanks.html", (*fixed.values(), language.select()), texts, **fixed)


def other(name: str, ballot: Ballot | None, **values: Any) -> str:
    """A page that few meet, drawn each time."""
    of_wave = (
        {"brand_name": ballot.organization, "brand_href": "#main", "privacy": _privacy()} if ballot else {}
    )
    return render_template(f"respond/{name}.html", ballot=ballot, **{**of_wave, **values})


def _texts(ballot: Ballot) -> dict[str, object]:
    return {
        "brand_name": ballot.organization,
        "organization": ballot.organization,
        "wave": ballot.wave,
        "unit": ballot.unit,
        "least": ballot.smallest_group,
        "day": _day(ballot.closes_on, language.select()),
        "draft": ballot.draft,
        "here": request.path,  # a blank like the others: the page that is kept must not hold one reader's link
        "privacy": _privacy(),
    }


def _privacy() -> str:
    """The address of the wave's page on privacy: by the link where the reader came by it, else by the cookie."""
    return url_for("respond.privacy", **(request.view_args or {}))


@lru_cache(maxsize=256)
def _day(closes_on: date | None, spoken: str) -> str:
    del spoken  # the language that `day_of_week` finds by itself
    return day_of_week(closes_on)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page in pieces: the names of its blanks, and what stands before, between and behind them, plain and packed."""

    blanks: tuple[str, ...]
    plain: tuple[bytes, ...]
    packed: tuple[bytes, ...]

    def reply(self, texts: Mapping[str, object]) -> Response:
        """The page with its blanks filled in, packed if the browser takes that."""
        fills = [str(escape(texts[name])).encode() for name in self.blanks]
        pieces = [self.plain[0]]
        for fill, piece in zip(fills, self.plain[1:], strict=True):
            pieces += (fill, piece)
        reply = Response(b"".join(pieces), mimetype="text/html")
        if request.accept_encodings.quality("gzip"):
            reply.set_data(gzipped(reply.get_data(), fills, self.packed))
            reply.headers["Content-Encoding"] = "gzip"
        reply.vary.add("Accept-Encoding")
        return reply


def draw(html: str) -> Drawn:
    parts = _BLANK.split(html)  # every second one is the name of a blank
    plain = tuple(part.encode() for part in parts[::2])
    return Drawn(tuple(parts[1::2]), plain, tuple(packed(part) for part in plain))


def packed(data: bytes) -> bytes:
    """A piece of a deflate stream that ends on a whole byte and refers to nothing before it (RFC 1951)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(data: bytes) -> bytes:
    """A piece of a deflate stream that is not compressed; its length is two bytes and their complement."""
    return b"\0" + len(data).to_bytes(2, "little") + (len(data) ^ 0xFFFF).to_bytes(2, "little") + data


def gzipped(whole: bytes, fills: list[bytes], packed: tuple[bytes, ...]) -> bytes:
    """A gzip file of pieces that were packed before and fills between them (RFC 1952); `whole` is what it unpacks to."""
    pieces = [b"\x1f\x8b\x08\0\0\0\0\0\2\xff", packed[0]]
    for fill, piece in zip(fills, packed[1:], strict=True):
        pieces += (_stored(fill), piece)
    check = zlib.crc32(whole).to_bytes(4, "little") + (len(whole) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((*pieces, b"\3\0", check))


def _filled(template: str, key: tuple[Hashable, ...], texts: Mapping[str, object], **fixed: Any) -> Response:
    """A page from `fixed`, the same for all with this key, and `texts`, which are escaped and put in each time."""
    fixed["brand_href"] = "#main"
    if "_flashes" in session:  # a sentence for this very reader must not be drawn for others
        return Response(render_template(template, **fixed, **texts), mimetype="text/html")
    blanks = {name: f"\ue000{name}\ue001" if text != "" else "" for name, text in texts.items()}
    return _kept(template, (template, *key, *blanks.values()), {**fixed, **blanks}).reply(texts)


def _kept(template: str, key: tuple[Hashable, ...], context: dict[str, Any]) -> Drawn:
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    drawn = draw(render_template(template, **context))
    with _lock:
        _drawn[key] = drawn
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return drawn
