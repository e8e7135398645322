"""The page on what people say and what they do: the demo's story, three views, and no number of anybody else's."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fixtures.applications import application_in
from tests.fixtures.organizations import create, sign_in
from tests.fixtures.pages import Page, words
from tests.results.test_blind_spots import ODD, seen_by
from tests.results.test_surfaces import ASKED, Series, series
from webapp import demo, publications
from webapp.domain import hype
from webapp.domain.publication import Publication
from webapp.extensions import db
from webapp.models import Organization
from webapp.results import queries
from webapp.results.hype import boards, charts, figures
from webapp.results.hype import words as told
from webapp.results.hype.boards import Boards
from webapp.results.outside import Outside
from webapp.results.reading import Reading

LEAD = "lead-support-north@example.org"


@pytest.fixture(scope="module")
def freight(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[SimpleNamespace]:
    """The demo as people meet it, and its readers."""
    app = application_in(tmp_path_factory.mktemp("freight"), template)
    with app.app_context():
        made = demo.make()
        waves = [wave_id for wave_id, *_ in publications.waves(made.id)]
        last = publications.of_wave(made.id, waves[-1])
        assert last is not None
        asked = queries.questionnaire(made.id, last)
    yield SimpleNamespace(
        app=app,
        id=made.id,
        waves=waves,
        last=last,
        asked=asked,
        owner=sign_in(app, made, demo.OWNER),
        leader=sign_in(app, made, LEAD),
        stranger=sign_in(app, create(app, "heron", "Heron Mills"), "owner@heron.example"),
        path=f"/o/{made.slug}/results/{waves[-1]}",
    )
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def live(freight: SimpleNamespace) -> Iterator[dict[int, int]]:
    """Use cases that are live by unit, as another feature tells them; to be filled by a test."""
    found: dict[int, int] = {}
    slots = freight.app.extensions["groundswell_slots"]
    before = slots.get("shipped", [])
    slots["shipped"] = [lambda *_given: dict(found)]
    yield found
    slots["shipped"] = before


def rows(page: Page, table: int = 0) -> dict[str, list[str]]:
    found = [[words(cell) for cell in row] for row in page.all("table")[table].iter("tr")][1:]
    narrow = ("Say ahead of do", "Say", "Do")  # what a phone writes before each figure, without a blank
    return {
        row[0]: [
            next((one.removeprefix(w) for w in narrow if one.startswith(w)), one).strip() for one in row[1:]
        ]
        for row in found
    }


def test_the_headline_is_a_finding_and_the_lede_says_it_of_the_whole(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/hype")
    (headline,) = [words(one) for one in page.all("h1")]
    assert headline == "In Warehouse what people say is further ahead of what they do than elsewhere"
    whole = rows(page)["All of Kestrel Freight"]
    assert f"expect {whole[0].split()[0]} a year from now" in page.text()
    assert "say is ahead by" in page.text()


def test_who_says_much_and_uses_little_is_told_by_the_tools_own_figures(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/hype?against=active")
    assert (
        "Support North says more than the others and does less: under a quarter active in a week."
        in page.text()
    )
    found = rows(page)
    assert found["Support North"][-1] == "▲ says more, does less"
    assert "does more" in found["Data platform"][-1]
    assert "nearly all active in a week" in found["Data platform"]
    assert "Legal" not in found


def test_counts_of_people_come_from_the_results_and_never_say_nobody(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/hype")
    place = next(p for p, unit in enumerate(freight.last.units) if unit.name == "Warehouse")
    cell = freight.last.units[place].teams["P6.B1"]
    some, people = sum(cell.histogram[3:]), sum(cell.histogram)
    assert f"{some} of {people} people expect “Four or five” or more a year from now" in page.text()


@pytest.mark.parametrize(
    ("histogram", "said"),
    [
        ((5, 5, 2, 5, 3), "8 of 20 people expect “Four or five” or more"),
        ((10, 5, 5, 0, 0), "Hardly any of 20 people expect"),
        ((10, 5, 4, 0, 1), "Hardly any of 20 people expect"),
        ((0, 0, 0, 10, 10), "Nearly all of 20 people expect"),
        ((1, 0, 0, 10, 9), "Nearly all of 20 people expect"),
        (None, "Today the answer in the middle is"),
    ],
)
def test_all_and_none_are_said_in_words(
    freight: SimpleNamespace, histogram: tuple[int, ...] | None, said: str
) -> None:
    reading = Reading("kestrel", freight.last, freight.asked)
    found = Boards(reading, Outside())
    gap = next(one for one in found.gaps if reading.unit(one.place).name == "Warehouse")
    units = list(freight.last.units)
    teams = dict(units[gap.place].teams)
    teams["P6.B1"] = replace(teams["P6.B1"], histogram=histogram)
    units[gap.place] = replace(units[gap.place], teams=teams)
    changed = Reading("kestrel", replace(freight.last, units=tuple(units)), freight.asked)
    with freight.app.test_request_context():
        text = told.in_answers(Boards(changed, Outside()), gap)
    assert said in text
    assert "today the answer in the middle is “Two or three”".lower() in text.lower()


def test_it_is_followed_over_the_waves(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/hype")
    found = rows(page, 1)
    assert len(found) == 4
    assert list(found.values())[-1][-1] == "the first"
    first = freight.owner.page(f"/o/kestrel/results/{freight.waves[0]}/hype")
    assert "Does it close?" not in first.text()


def test_the_picture_is_one_that_plotly_knows_and_holds_the_table(freight: SimpleNamespace) -> None:
    for against in ("use", "active"):
        reply = freight.owner.get(f"{freight.path}/hype.json?against={against}")
        go.Figure(reply.json)  # refuses what it does not know
        shown = rows(freight.owner.page(f"{freight.path}/hype?against={against}"))
        data = reply.json["data"][0]
        says = [int(cells[0].split()[0]) for name, cells in shown.items() if not name.startswith("All of")]
        assert data["x"] == says
        assert len(reply.json["layout"]["shapes"]) == 2
        assert "<" not in reply.text.replace("<extra></extra>", "")


def test_what_is_live_is_the_third_view_once_somebody_tells_it(
    freight: SimpleNamespace, live: dict[int, int]
) -> None:
    assert "What went live" not in freight.owner.page(f"{freight.path}/hype").text()
    assert freight.owner.get(f"{freight.path}/hype?against=shipped").status_code == 404
    ids = {unit.name: int(unit.key.removeprefix("u")) for unit in freight.last.units if unit.key != "root"}
    live |= {ids["Data platform"]: 9, ids["Booking"]: 1, ids["Engineering"]: 1}
    live |= {max(ids.values()) + 1: 50}  # of a unit whose people the wave does not know
    page = freight.owner.page(f"{freight.path}/hype?against=shipped")
    found = rows(page)
    assert (
        "11 use cases went live, of 167 people (for ten, likely 0.4 to 1.1)"
        in found["All of Kestrel Freight"]
    )
    assert "11 use cases went live, of 45 people (for ten, likely 1.4 to 4.0)" in found["Engineering"]
    assert "9 use cases went live, of 10 people (for ten, likely 4.7 to 15.7)" in found["Data platform"]
    assert "does more" in found["Data platform"][-1]
    go.Figure(freight.owner.get(f"{freight.path}/hype.json?against=shipped").json)


def test_a_leader_sees_the_whole_and_the_own_unit(freight: SimpleNamespace) -> None:
    for query in ("", "?against=active"):
        reply = freight.leader.get(f"{freight.path}/hype{query}")
        page = Page(reply.text)
        assert set(rows(page)) <= {"All of Kestrel Freight", "Support North"}
        for name in ("Warehouse", "Data platform", "Engineering", "Customer"):
            assert name not in page.text()
        figure = freight.leader.get(f"{freight.path}/hype.json{query}")
        assert "Warehouse" not in figure.text
    assert freight.stranger.get(f"{freight.path}/hype").status_code == 404
    assert freight.stranger.get(f"{freight.path}/hype.json").status_code == 404


def test_what_is_not_there_is_a_404(freight: SimpleNamespace) -> None:
    for query in ("against=nothing", "against=", "against=%00"):
        assert freight.owner.get(f"{freight.path}/hype?{query}").status_code == 404
        assert freight.owner.get(f"{freight.path}/hype.json?{query}").status_code == 404


def test_new_figures_stand_there_at_once(freight: SimpleNamespace) -> None:
    """Pages are kept; what came in since must not be missing from them."""
    from webapp.evidence import commands  # noqa: PLC0415 - not what this module is about
    from webapp.evidence import queries as evidence  # noqa: PLC0415 - likewise

    before = rows(freight.owner.page(f"{freight.path}/hype?against=active"))["Warehouse"]
    with freight.app.app_context():
        organization = db.session.get_one(Organization, freight.id)
        month = evidence.book(organization).months[-1]
        old = evidence.stored(freight.id)
        unit = next(
            key
            for key, of in ((k, k[1]) for k in old)
            if of == month and _name(freight, key[0]) == "Warehouse"
        )
        for active in (18, old[unit].active):
            commands.import_figures(
                organization=db.session.get_one(Organization, freight.id),
                data=f"unit,month,active\nWarehouse,{month},{active}\n".encode(),
                file="f.csv",
                by=None,
            )
            after = rows(freight.owner.page(f"{freight.path}/hype?against=active"))["Warehouse"]
            assert (after == before) == (active != 18)


def _name(freight: SimpleNamespace, unit: int) -> str:
    return next((one.name for one in freight.last.units if one.key == f"u{unit}"), "")


def test_a_wave_without_the_two_questions_has_a_kind_page(kestrel: SimpleNamespace, reading: Reading) -> None:
    """The results of this series were published without what people believe."""
    page = kestrel.owner.page(f"/o/kestrel/results/{kestrel.waves[-1]}/hype")
    assert "cannot be held against each other in this wave" in page.text()
    assert kestrel.owner.get(f"/o/kestrel/results/{kestrel.waves[-1]}/hype.json").status_code == 404
    assert Boards(reading, Outside()).views == ()


def test_names_are_text(freight: SimpleNamespace) -> None:
    units = list(freight.last.units)
    place = next(p for p, unit in enumerate(units) if unit.name == "Warehouse")
    units[place] = replace(units[place], name=ODD)
    found = Boards(Reading("kestrel", replace(freight.last, units=tuple(units)), freight.asked), Outside())
    with freight.app.test_request_context():
        page = figures.of(found, [], "use")
        assert any("&lt;b&gt;Ops&lt;/b&gt;" in str(one) for one in page.clear)
        figure = json.dumps(charts.figure(found, "use"))
    assert "<b>" not in figure


def test_four_hundred_teams_are_a_picture_with_few_names(freight: SimpleNamespace) -> None:
    units = list(freight.last.units)
    team = next(unit for unit in units if unit.name == "Support South")
    units += [replace(team, key=f"u{9000 + one}", name=f"Crew {one}") for one in range(400)]
    found = Boards(Reading("kestrel", replace(freight.last, units=tuple(units)), freight.asked), Outside())
    with freight.app.test_request_context():
        figure = charts.figure(found, "use")
        page = figures.of(found, [], "use")
    assert len(figure["data"][0]["x"]) > 400
    assert len(page.lines) + len(page.more) > 400
    assert len(figure["layout"]["annotations"]) < 400


def test_no_figure_stands_there_that_the_publication_does_not_hold(freight: SimpleNamespace) -> None:
    looked = []

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(drawn=series())
    def hold(drawn: Series) -> None:
        history: list[Reading] = []
        for place, publication in enumerate(drawn.published()):
            whole = Reading("any", publication, ASKED[place // 2])
            history.append(whole)
            for reading in (whole, seen_by(whole, drawn.led)):
                _held(Boards(reading, Outside()), publication)
                looked.append(len(Boards(reading, Outside()).gaps))
            for wave in boards.over_time(history):
                assert wave.gap.place == 0

    with freight.app.test_request_context():
        hold()
    assert max(looked) > 1


def _held(found: Boards, publication: Publication) -> None:
    for gap in found.gaps:
        assert found.reading.sees(gap.place)
        teams = publication.units[gap.place].teams
        assert gap.belief.score == teams["q_belief"].score
        assert gap.use.score == min(95, max(5, (teams["q"].item_means or {})["q1"]))
        assert gap.n == min(teams["q_belief"].n, teams["q"].n)
    page = figures.of(found, [], found.usual)
    names = {found.reading.unit(place).name for place in found.believes}
    for line in page.lines + page.more:
        assert line.whole or line.name in names
    for text in (*page.clear, *page.still_open, page.headline):
        for place, unit in enumerate(publication.units):
            if not found.reading.sees(place):
                assert f" {unit.name} " not in f" {text} "
    of = hype.pair(found.reading.questionnaire, publication.form)
    assert of is not None


def test_of_very_many_units_those_that_stand_apart_and_then_the_first_stand_there_at_once(
    freight: SimpleNamespace,
) -> None:
    with freight.app.test_request_context():
        line = figures.lines(Boards(Reading("kestrel", freight.last, freight.asked), Outside()), "use")[0]
    many = [
        replace(line, href=str(number), whole=number == 0, clear=number in {40, 60}) for number in range(80)
    ]
    first, more = figures.parted(many)
    assert [one.href for one in first] == [str(number) for number in [*range(22), 40, 60]]
    assert [one.href for one in more[:2]] == ["22", "23"]
    assert len(first) + len(more) == 80
    assert figures.parted(many[:24]) == (many[:24], [])
