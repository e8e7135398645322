"""Reading results of a million responses against those of ten thousand."""

import re
from pathlib import Path

from flask import Flask

from tests.benchmarks import organizations
from tests.benchmarks.load import Clients, clients_of, request
from tests.benchmarks.pages import WRAPPED, cookies_of
from tests.benchmarks.rows import Ratio, Row
from tests.benchmarks.server import serving
from webapp.waves import closing, queries

UNITS = 200
SMALL, LARGE = 10_000, 1_000_000
MOST = 1.1
FILE = re.compile(r"/scores\.\w+$|\.pdf$")


def rows(data: Path, *, rounds: int, seconds: float) -> list[Row]:
    app = organizations.application(data)
    waves = {}
    with app.app_context():
        for slug, count in (("small", SMALL), ("large", LARGE)):
            asked = organizations.ask(slug, units_count=UNITS, people=round(count / organizations.ANSWERED))
            organizations.answer(asked, ballots=False, total=count)
            closing.close(wave=queries.one(asked.organization, asked.wave), by=None)
            closing.publish(wave=queries.one(asked.organization, asked.wave), by=None)
            waves[slug] = asked.wave
        sessions = {slug: organizations.signed_in(slug) for slug in waves}
        paths = pages(app)
    found: dict[str, Ratio] = {}
    with serving(data, WRAPPED) as server, clients_of(server.port, 1) as clients:
        for name, path in paths.items():
            small, large = (
                _page(clients, path.format(slug=slug, wave=wave), sessions[slug])
                for slug, wave in waves.items()
            )
            for wanted in (small, large):  # both are drawn once and kept
                clients.run(wanted, 0.2)
            found[name] = Ratio.of(
                [
                    clients.run(large, seconds).median / clients.run(small, seconds).median
                    for _ in range(rounds)
                ]
            )
    worst = max(found, key=lambda name: found[name].median)
    others = ", ".join(f"{name} {ratio.median:.2f}" for name, ratio in found.items())
    return [
        Row(
            f"any results page at {LARGE:,} responses against {SMALL:,}",
            f"≤ {MOST} ×",
            f"{found[worst]} × ({worst})",
            found[worst].median <= MOST,
            f"{UNITS} units; medians: {others}",
        )
    ]


def _page(clients: Clients, path: str, session: dict[str, str]) -> bytes:
    return request(path, cookies=cookies_of(clients, path, session))


def pages(app: Flask) -> dict[str, str]:
    """The pages of the feature `results` and their figures by name, with places for the organization and the wave.

    Not files: each download is limited and leaves a row, and what typesetting takes is no question of how many answered.
    """
    given = {"slug": "{slug}", "wave_id": "{wave}", "key": "root"}
    found = {}
    for rule in app.url_map.iter_rules():
        feature, _dot, name = rule.endpoint.partition(".")
        path = rule.rule
        asked = "GET" in (rule.methods or ()) and rule.arguments <= set(given)
        if feature == "results" and path.startswith("/o/") and asked:
            for argument, value in given.items():
                path = path.replace(f"<{argument}>", value).replace(f"<int:{argument}>", value)
            found[name] = path
    return {name: path for name, path in found.items() if FILE.search(path) is None}
