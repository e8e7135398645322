"""No cell of any export can start a formula, whatever people wrote; and the same is always the same bytes.

The files are found by their routes, and their fields by their own first lines: what is new is tested without a line here.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient
from webapp import clock
from webapp.actions import commands as actions
from webapp.domain.experiments import Entry, State
from webapp.experiments import commands as experiments
from webapp.extensions import db
from webapp.models import Account, Action, Experiment, Organization, Unit, Wave, WaveUnit
from webapp.transaction import transaction
from webapp.waves.exports import links_csv

STARTS = ("=1+1|", "+1|", "-1|", "@x|", "\t=1|", "\r=1|", "\n=1|", " =1|", "\u00a0=1|", "\u3000＝1|")
WIDE = ("＝1|", "＋1|", "－1|", "＠x|")
RUN = tuple("=+-@\t\r＝＋－＠")  # what spreadsheet programs run, said once more
QUOTED = ("'=1|", "''＝1|", '"=1|')
ARMED = {
    Organization: ("name",),
    Unit: ("name",),
    Wave: ("name",),
    WaveUnit: ("name",),
    Account: ("email",),
    Action: ("title", "reason", "note", "advice", "first_step"),
    Experiment: ("title", "rule", "value_unit", "note"),
}
# What is no text that people write: numbers, days, and words from a list of ours. All other columns must carry the start.
OURS = {
    "scores": "headcount practice n score low high band agreement tier quarter guarded deviation unknown",
    "other teams": "practice n score low high band",
    "people by band": "*",  # its columns are the bands
    "findings": "code practice text",
    "about": "what",
    "audit": "number at what action hash",
    "figures": "month people active seats active_days spend trained currency active_of seats_of spend_of trained_of",
    "list": "month active seats active_days spend trained",
    "actions": "number state due practice item wave decided moved",
    "experiments": "type problem_area phase idea_on first_user_on live_on ended_on end_reason rule_written_on value"
    " baseline ready_made_model saved_tests",
}
Table = tuple[str, list[str], list[list[Any]]]


@pytest.fixture
def armed(app: Flask, request: pytest.FixtureRequest) -> CheckingClient:
    """Acme with something of everything, where every text that people wrote begins with the start."""
    organization = made.create(app)
    units = made.import_units(app, organization)
    wave = made.open_one(app, organization)
    made.answer(app, wave)
    made.add_figures(app, organization, ["Platform", "Mobile", "Sales", "Support"])
    owner = made.sign_in(app, organization, "owner@acme.example")
    member = made.member_id(app, organization, "owner@acme.example")
    today = clock.today("UTC")
    with app.app_context():
        there = db.session.get_one(Organization, organization.id)
        common = {"organization": there, "by": None}
        for unit in (units["Platform"], None):
            actions.adopt(unit_id=unit, title="Do it", member_id=member, **common)
        number = experiments.log(unit_id=units["Sales"], title="Try it", **common)
        experiments.take_step(experiment_id=number, to=State.LIVE, **common)
        entry = Entry(
            title="Try it",
            idea_on=today,
            first_user_on=today,
            live_on=today,
            rule="stop",
            value=2.0,
            value_unit="h",
            note="n",
        )
        experiments.save(experiment_id=number, version=2, unit_id=units["Sales"], entry=entry, **common)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Action).values(wave_id=wave.id, practice="amplify"))
        for model, names in ARMED.items():
            start = sa.literal(request.param)
            session.execute(sa.update(model).values({name: start + getattr(model, name) for name in names}))
    made.publish(app, wave)
    return owner


def files(app: Flask, client: CheckingClient) -> Iterator[tuple[str, str, bytes]]:
    """(route, ending, content) of every file that is a table, from the routes that there are."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = [
        rule.rule
        for rule in rules
        if rule.rule.endswith((".csv", ".xlsx", ".zip")) and "/api/" not in rule.rule
    ]
    assert len(found) > 6
    with app.app_context():
        wave = db.session.scalars(sa.select(Wave.id)).one()
    for route in found:
        reply = client.get(route.replace("<slug>", "acme").replace("<int:wave_id>", str(wave)))
        assert reply.status_code == 200, route
        ending = route.rpartition(".")[2]
        if ending != "zip":
            yield route, ending, reply.data
            continue
        with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
            for name in packed.namelist():
                yield f"{route}:{name}", name.rpartition(".")[2], packed.read(name)


def tables(route: str, ending: str, content: bytes) -> Iterator[Table]:
    """(name, columns, rows) of each table in a file."""
    if ending == "xlsx":
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            head, *rows = sheet.iter_rows()
            yield sheet.title, [str(cell.value) for cell in head], [list(row) for row in rows]
    elif ending == "csv":
        name = route.rpartition("/")[2].rpartition(":")[2].removesuffix(".csv")
        head, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
        known = {"register": "experiments", "evidence": "figures"}.get(name, name)
        yield known if known in OURS else "scores", head, [list(line) for line in lines]


@pytest.mark.parametrize("armed", [*STARTS, *WIDE, *QUOTED], indirect=True, ids=ascii)
def test_no_cell_of_any_file_starts_a_formula(
    app: Flask, armed: CheckingClient, request: pytest.FixtureRequest
) -> None:
    start = "".join(request.node.callspec.params["armed"].split())
    for route, ending, content in files(app, armed):
        for name, columns, rows in tables(route, ending, content):
            assert rows, (route, name)
            for row in rows:
                for column, cell in zip(columns, row, strict=True):
                    _check(cell, f"{route}, {name}, {column}")
            ours = OURS[name].split()
            for place, column in enumerate(columns):
                texts = [str(getattr(row[place], "value", row[place])) for row in rows]
                there = any(start in "".join(text.replace("_x000D_", "").split()) for text in texts)
                if "*" not in ours and column not in ours:
                    assert there, (
                        f"{route}, {name}: say in OURS that {column} is no text of people, or arm it."
                    )


def starts_a_formula(text: str) -> bool:
    return text.lstrip(" \u00a0\u3000\n").startswith(RUN)


def _check(cell: Any, where: str) -> None:
    """A cell of a spreadsheet has a kind; one of a CSV is what a spreadsheet takes it for."""
    if not isinstance(cell, str):
        assert cell.data_type in {"s", "n", "d", "b"}, where
        assert cell.data_type != "s" or not starts_a_formula(cell.value) or cell.quotePrefix, where
    elif starts_a_formula(cell):
        float(cell)  # a negative number is one


@pytest.mark.parametrize("name", [*STARTS, *WIDE, *QUOTED], ids=ascii)
def test_a_list_of_links_starts_no_formula_either(name: str) -> None:
    _head, (unit, _link) = csv.reader(
        io.StringIO(links_csv([(name, "https://acme.example/r#x")]), newline="")
    )
    assert not starts_a_formula(unit)


@pytest.mark.parametrize("armed", [""], indirect=True)
def test_tomorrow_the_same_is_the_same_bytes(
    app: Flask, armed: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the log, to which each download adds a line, and the list to fill in, which is of another month."""
    before = {route: content for route, _ending, content in files(app, armed)}
    later, today, now = dt.timedelta(hours=3), clock.today, clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + later)
    monkeypatch.setattr(clock, "today", lambda zone: today(zone) + dt.timedelta(days=1))
    for route, _ending, content in files(app, armed):
        if not route.endswith(("audit.csv", "list.csv")):
            assert content == before[route], f"{route} says when it was made."
