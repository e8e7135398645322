"""What people open and send, against an empty view of the same server; its memory and the bytes on the wire."""

import gzip
import itertools
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import brotli
from sqlalchemy import func, select

from tests.benchmarks import organizations
from tests.benchmarks.load import Answer, Clients, Sample, clients_of, request
from tests.benchmarks.rows import Ratio, Row
from tests.benchmarks.server import Server, family, serving
from webapp.extensions import db
from webapp.models import Organization, Response
from webapp.waves import ballots, closing, queries

UNITS, PEOPLE = 200, 12_500
CLIENTS = 8
EMPTY = request("/empty")
WRAPPED = ["-m", "tests.benchmarks.empty"]
MB_IDLE, MB_LOADED = 130, 200
KB = 1000


@dataclass(frozen=True, slots=True)
class Site:
    """A data folder with a published wave, an open one with unspent links, and a session of the owner."""

    data: Path
    session: dict[str, str]
    tokens: Iterator[str]
    items: tuple[str, ...]
    published: int
    open: int


def site(data: Path) -> Site:
    app = organizations.application(data)
    with app.app_context():
        asked = organizations.ask("pages", units_count=UNITS, people=PEOPLE)
        organizations.answer(asked, ballots=False)
        closing.close(wave=queries.one(asked.organization, asked.wave), by=None)
        closing.publish(wave=queries.one(asked.organization, asked.wave), by=None)
        wave = organizations.open_wave(db.session.get_one(Organization, asked.organization), "Second")
        links = ballots.issue(wave=wave, by=None)
        return Site(
            data=data,
            session=organizations.signed_in("pages"),
            tokens=iter([link.rpartition("/")[2] for _unit, link in links]),
            items=tuple(item.key for item in queries.questionnaire(wave).items(organizations.FORM)),
            published=asked.wave,
            open=wave.id,
        )


def rows(data: Path, *, rounds: int, seconds: float) -> list[Row]:
    """All rows of a running server."""
    made = site(data)
    with serving(data, WRAPPED) as server:
        time.sleep(1)
        memory = [server.memory()]
        found = [_answering(server, made, rounds, seconds)]
        memory.append(server.memory())
        found += _submitting(server, made, rounds, seconds)
        memory.append(server.memory())
        found += _reading(server, made, rounds, seconds)
        memory.append(server.memory())
        found += [_memory(server, memory), *_bytes(server, made)]
    return found


def interleaved(
    port: int, count: int, subject: bytes | Callable[[], bytes], rounds: int, seconds: float
) -> list[tuple[Sample, Sample]]:
    """Rounds of the empty view and of the subject, by turns; both on the same connections, new ones for each round.

    Which worker takes a connection is chance, and it keeps it: new ones let no round's luck last.
    """
    seen = []
    for _ in range(rounds):
        with clients_of(port, count) as clients:
            clients.run(EMPTY, seconds / 5)
            clients.run(subject, seconds / 5)
            seen.append((clients.run(EMPTY, seconds), clients.run(subject, seconds)))
    return seen


def _answering(server: Server, made: Site, rounds: int, seconds: float) -> Row:
    with clients_of(server.port, 1) as clients:
        cookies = cookies_of(clients, "/respond/", {"ballot": next(made.tokens)})
    page = request("/respond/", cookies=cookies)
    seen = interleaved(server.port, CLIENTS, page, rounds, seconds)
    ratio = Ratio.of([subject.rate / empty.rate for empty, subject in seen])
    return Row(
        "open the answer page, 36 items",
        "≥ 0.50 of the empty view's rate",
        str(ratio),
        ratio.median >= 0.5,
        f"{seen[-1][1].rate:.0f} pages a second beside {seen[-1][0].rate:.0f} empty ones in the last round",
    )


def cookies_of(clients: Clients, path: str, held: dict[str, str]) -> dict[str, str]:
    """What a browser holds that has opened the page before: also the session that the tokens of forms belong to."""
    opened = clients.ask(request(path, cookies=held))
    name, _equals, value = (opened.header("Set-Cookie") or "").partition(";")[0].partition("=")
    return held | ({name: value} if name else {})


def _submitting(server: Server, made: Site, rounds: int, seconds: float) -> list[Row]:
    with clients_of(server.port, 1) as clients:
        cookies = cookies_of(clients, "/respond/", {"ballot": next(made.tokens)})
        body = _sheet(clients.ask(request("/respond/", cookies=cookies)), made.items)
    sent = itertools.count()

    def following() -> bytes:
        next(sent)
        return request("/respond/", cookies=cookies | {"ballot": next(made.tokens)}, body=body)

    seen = interleaved(server.port, CLIENTS, following, rounds, seconds)
    _refuse_lost(made, next(sent))
    ratio = Ratio.of([subject.rate / empty.rate for empty, subject in seen])
    tail = Ratio.of([subject.quantile(0.99) / subject.median for _empty, subject in seen])
    note = (
        f"{seen[-1][1].rate:.0f} a second in the last round, each with a ballot of its own; all were stored"
    )
    what = f"submit 36 answers: CSRF, validation, durable transaction, {CLIENTS} clients"
    return [
        Row(what, "≥ 0.28 of the empty view's rate", str(ratio), ratio.median >= 0.28, note),
        Row("the slowest of these", "p99 ≤ 4 × p50", str(tail), tail.median <= 4),
    ]


def _sheet(page: Answer, items: tuple[str, ...]) -> bytes:
    """A whole answer sheet for the page's form."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', unpacked(page))
    if token is None:
        raise RuntimeError("the answer page has no token")
    answers = {key: str(1 + place % 5) for place, key in enumerate(items)}
    return urlencode({"csrf_token": token[1], **answers}).encode()


def _refuse_lost(made: Site, sent: int) -> None:
    app = organizations.application(made.data)
    with app.app_context():
        count = select(func.count()).select_from(Response).where(Response.wave_id == made.open)
        stored = db.session.scalar(count)
    if stored != sent:
        raise RuntimeError(f"{sent} answer sheets were sent, {stored} are stored")


def _reading(server: Server, made: Site, rounds: int, seconds: float) -> list[Row]:
    """One client after another request, so that a ratio of times is what a person waits."""
    wanted = (
        ("overview page", "/o/pages/", 5),
        (f"heat map of {UNITS} units × 9 practices", f"/o/pages/results/{made.published}/heatmap", 8),
    )
    found = []
    for what, path, most in wanted:
        with clients_of(server.port, 1) as clients:
            page = request(path, cookies=cookies_of(clients, path, made.session))
        seen = interleaved(server.port, 1, page, rounds, seconds / 2)
        ratio = Ratio.of([subject.median / empty.median for empty, subject in seen])
        note = f"{1000 * seen[-1][1].median:.1f} ms beside {1000 * seen[-1][0].median:.1f} ms, one client"
        found.append(Row(what, f"≤ {most} × an empty view's time", f"{ratio} ×", ratio.median <= most, note))
    return found


def _memory(server: Server, seen: list[float | None]) -> Row:
    sizes = [size for size in seen if size is not None]
    goal = f"< {MB_IDLE} MB idle, < {MB_LOADED} MB under load"
    what = "memory of the server, two workers (PSS)"
    if not sizes:
        return Row(what, goal, "this system does not say", None)
    note = f"{len(family(server.process.pid))} processes; the largest of {len(sizes) - 1} looks after each kind of load"
    met = sizes[0] < MB_IDLE and max(sizes) < MB_LOADED
    return Row(what, goal, f"{sizes[0]:.0f} MB, {max(sizes):.0f} MB", met, note)


def _bytes(server: Server, made: Site) -> list[Row]:
    found = []
    with clients_of(server.port, 1) as clients:
        answer = _parts(clients, request("/respond/", cookies={"ballot": next(made.tokens)}))
        overview = _parts(clients, request("/o/pages/", cookies=made.session))
    for what, parts, most, fewest in (
        ("bytes on the wire: answer page with its CSS and JS", answer, 15, 4),
        ("bytes on the wire: results page before charts", overview, 30, None),
    ):
        bytes_sent = sum(len(part.body) for part in parts)
        goal = f"≤ {most} kB" + (f" in ≤ {fewest} requests" if fewest else "")
        met = bytes_sent <= most * KB and (fewest is None or len(parts) <= fewest)
        seen = f"{bytes_sent / KB:.1f} kB in {len(parts)} requests"
        heading = sum(part.heading for part in parts)
        note = f"compressed bodies, of the page itself {len(parts[0].body) / KB:.1f} kB; headers add {heading / KB:.1f} kB"
        found.append(Row(what, goal, seen, met, note))
    return found


def _parts(clients: Clients, page: bytes) -> list[Answer]:
    """A page with its style sheets and scripts, as a browser gets them that has been here for the first time."""
    parts = [clients.ask(page)]
    parts += [clients.ask(request(path)) for path in linked(parts[0])]
    if {part.status for part in parts} != {200}:
        raise RuntimeError(f"{page[:80]!r} or what it links is missing")
    return parts


def linked(page: Answer) -> list[str]:
    """The style sheets and scripts of a page, without the charts' library."""
    text = unpacked(page)
    styles = re.findall(r'<link rel="stylesheet"[^>]*href="([^"]+)"', text)
    scripts = re.findall(r'<script[^>]*src="([^"]+)"', text)
    return [path for path in (*styles, *scripts) if "/js/plotly" not in path]


def unpacked(answer: Answer) -> str:
    encoding = answer.header("Content-Encoding")
    if encoding == "br":
        return bytes(brotli.decompress(answer.body)).decode()
    return (gzip.decompress(answer.body) if encoding == "gzip" else answer.body).decode()
