"""Which teams climbed, held and slipped since the wave before."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go
import pytest
from flask import Flask

from tests.fixtures.organizations import sign_in
from webapp import publications
from webapp.domain.publication import INDEX
from webapp.models import Wave
from webapp.results.movement import charts, figures, moves, stalls, told
from webapp.results.movement.moves import Kind, Movement
from webapp.results.reading import Reading
from webapp.transaction import transaction

Changed = Callable[..., Reading]

# Positions of the teams in the tree of conftest.
NORTH, SOUTH, FINANCE, LEGAL, BOOKING, DATA, FLEET, WAREHOUSE = 3, 4, 6, 7, 10, 11, 17, 18


@pytest.fixture
def series(kestrel: SimpleNamespace) -> Iterator[list[Reading]]:
    with kestrel.app.test_request_context():
        yield [
            Reading("kestrel", publication, asked)
            for publication, asked in zip(kestrel.made, kestrel.questionnaires, strict=True)
        ]


def with_unit(reading: Reading, position: int, **values: object) -> Reading:
    units = list(reading.publication.units)
    units[position] = replace(units[position], **values)  # type: ignore[arg-type]  # the test's own values
    publication = replace(reading.publication, units=tuple(units))
    return Reading(reading.slug, publication, reading.questionnaire, reading.span)


def at(reading: Reading, position: int, score: int) -> Reading:
    """The reading with another index of one unit."""
    unit = reading.unit(position)
    cell = replace(unit.teams[INDEX], score=score, low=score - 4, high=score + 4, band=score // 20)
    return with_unit(reading, position, teams=dict(unit.teams) | {INDEX: cell})


def kind(movement: Movement, position: int) -> Kind:
    return next(move.kind for move in movement.moves if move.place == position)


def test_a_team_climbs_only_where_the_test_calls_its_change(series: list[Reading]) -> None:
    movement = moves.of(series[2], at(at(series[3], NORTH, 72), SOUTH, 12))
    assert kind(movement, NORTH) is Kind.CLIMBED
    assert kind(movement, SOUTH) is Kind.SLIPPED
    assert told.headline(movement) == "Support North climbed since August 2025, Support South slipped"


def test_another_band_alone_is_no_change(series: list[Reading]) -> None:
    movement = moves.of(at(series[2], BOOKING, 59), at(series[3], BOOKING, 61))
    assert kind(movement, BOOKING) is Kind.CROSSED
    assert "Booking crossed from Ship to Spread: no clear change, " in "\n".join(told.still_open(movement))
    assert "Booking" not in "\n".join(told.clear(movement))


def test_the_same_band_without_a_clear_change_is_held(series: list[Reading]) -> None:
    movement = moves.of(at(series[2], BOOKING, 51), at(series[3], BOOKING, 52))
    assert kind(movement, BOOKING) is Kind.HELD


def test_a_rise_inside_a_band_is_a_climb(series: list[Reading]) -> None:
    movement = moves.of(at(series[2], BOOKING, 41), at(series[3], BOOKING, 58))
    assert kind(movement, BOOKING) is Kind.CLIMBED
    assert any("It is still in Ship." in text for text in told.clear(movement))


def test_a_guarded_team_is_in_no_called_kind(series: list[Reading], changed: Changed) -> None:
    for earlier, later in (
        (at(series[2], BOOKING, 20), changed(at(series[3], BOOKING, 75), BOOKING, INDEX, guarded=True)),
        (changed(at(series[2], BOOKING, 20), BOOKING, INDEX, guarded=True), at(series[3], BOOKING, 75)),
    ):
        movement = moves.of(earlier, later)
        assert kind(movement, BOOKING) is Kind.CROSSED
        assert "Booking crossed from Try to Spread, but no change can be told." in told.still_open(movement)


def test_a_team_with_bands_alone_has_no_index_and_so_no_movement(series: list[Reading]) -> None:
    unit = series[3].unit(BOOKING)
    bands = {
        key: replace(cell, score=None, low=None, high=None)
        for key, cell in unit.teams.items()
        if key != INDEX
    }
    movement = moves.of(series[2], with_unit(series[3], BOOKING, teams=bands))
    assert kind(movement, BOOKING) is Kind.UNTOLD
    assert all(move.place != BOOKING for teams in movement.flows.values() for move in teams)


def test_new_units_and_those_that_are_gone(series: list[Reading]) -> None:
    movement = moves.of(with_unit(series[2], BOOKING, key="u999", name="Old yard"), series[3])
    assert kind(movement, BOOKING) is Kind.NEW
    assert movement.gone == ("Old yard",)
    text = "\n".join(told.clear(movement))
    assert "Booking: new since August 2025." in text
    assert "No longer in the list of units: Old yard." in text


def test_a_renamed_unit_that_moved_in_the_tree_is_the_same(series: list[Reading]) -> None:
    earlier = with_unit(at(series[2], BOOKING, 20), BOOKING, name="Reservations", parent=0)
    movement = moves.of(earlier, at(series[3], BOOKING, 75))
    assert kind(movement, BOOKING) is Kind.CLIMBED
    assert movement.gone == ()


def test_a_team_hidden_then_or_now_is_told_in_the_same_words(series: list[Reading]) -> None:
    few = with_unit(series[3], BOOKING, teams={}, participation=None)
    quarter = with_unit(series[3], BOOKING, teams={}, participation="nearly all")
    for later in (few, quarter):
        movement = moves.of(series[2], later)
        assert kind(movement, BOOKING) is Kind.HIDDEN
        assert "Legal, People, Booking and Fleet: not shown, to protect anonymity." in told.still_open(
            movement
        )
    back = moves.of(with_unit(series[2], BOOKING, teams={}), series[3])
    assert kind(back, BOOKING) is Kind.BACK


def test_silence_is_told_of_participation_and_not_of_hiding(series: list[Reading]) -> None:
    for position in (FLEET, BOOKING):  # one is hidden, one is shown
        later = with_unit(series[3], position, participation="under a quarter")
        name = later.unit(position).name
        before = with_unit(series[2], position, participation="over half")
        assert f"{name} **fell silent**: under a quarter answered." in told.clear(moves.of(before, later))
        again = with_unit(series[2], position, participation="under a quarter")
        assert f"{name}: under a quarter answered, as in August 2025." in told.clear(moves.of(again, later))


def test_what_chance_alone_would_show_is_no_headline(series: list[Reading]) -> None:
    earlier = later = series[3]
    for place in series[3].shown_teams:
        earlier, later = at(earlier, place, 50), at(later, place, 50)
    for score in range(51, 95):  # the smallest rise that is called, seen alone
        movement = moves.of(earlier, at(later, BOOKING, score))
        if movement.moved:
            break
    assert movement.tested == 11
    assert movement.by_chance == 1
    assert movement.sure == frozenset()
    assert told.headline(movement) == (
        "1 of 11 teams seems to have moved since November 2025, no more than by chance"
    )
    assert not any("Booking" in text for text in told.clear(movement))
    assert any(text.startswith("Seen alone: Booking **rose") for text in told.still_open(movement))
    clearly = moves.of(earlier, at(later, BOOKING, 90))
    assert clearly.sure == {later.unit(BOOKING).key}
    assert told.headline(clearly) == "Booking climbed since November 2025, none slipped"


def test_every_team_is_of_exactly_one_kind_and_flows_add_up(series: list[Reading]) -> None:
    for earlier, later in ((series[0], series[1]), (series[1], series[3]), (series[2], series[3])):
        movement = moves.of(earlier, later)
        assert [move.place for move in movement.moves] == list(later.teams)
        page = figures.of(movement, [])
        assert sum(len(group.rows) for group in page.tally) == len(later.teams)
        both = [
            place
            for place in later.teams
            if INDEX in later.unit(place).teams and INDEX in earlier.unit(place).teams
        ]
        drawn = charts.figure(movement)["data"][0]
        assert sum(drawn["link"]["value"]) == len(both)
        out = Counter[int]()
        for source, target, value in zip(
            *(drawn["link"][key] for key in ("source", "target", "value")), strict=True
        ):
            out[source] += value
            out[target] += value
        assert drawn["node"]["label"] == [
            f"{label.rpartition(' ')[0]} {out[place]}" for place, label in enumerate(drawn["node"]["label"])
        ]


def test_new_questions_break_the_movement(series: list[Reading]) -> None:
    renewed = series[3].questionnaire.model_copy(
        update={
            "practices": tuple(
                practice.model_copy(
                    update={
                        "items": tuple(item.model_copy(update={"revision": 9}) for item in practice.items)
                    }
                )
                for practice in series[3].questionnaire.practices
            )
        }
    )
    movement = moves.of(series[2], Reading("kestrel", series[3].publication, renewed))
    assert not movement.comparable
    assert movement.flows == {}
    assert {move.kind for move in movement.moves} == {Kind.UNTOLD, Kind.HIDDEN}
    assert told.headline(movement) == "New questions in November 2025: movement starts anew"


def test_the_figure_is_one_that_plotly_knows_and_holds_no_markup(series: list[Reading]) -> None:
    odd = with_unit(series[3], BOOKING, name='<b>"Booking"</b> & more')
    found = charts.figure(moves.of(series[2], odd))
    go.Figure(found)  # refuses what it does not know
    assert "<b>" not in str(found)
    assert "<extra></extra>" in str(found)
    assert found["data"][0]["arrangement"] == "fixed"


def stalling(series: list[Reading], position: int = WAREHOUSE) -> list[Reading]:
    """Three waves in which one team stays at 24 and is lowest in one practice, and nobody else stalls."""
    found = []
    for reading in series[1:]:
        teams = {
            key: replace(cell, score=10 if key == "room_to_try" else 30)
            for key, cell in reading.unit(position).teams.items()
        }
        found.append(at(with_unit(reading, position, teams=teams), position, 24))
    return found


def test_a_team_stalls_in_one_band_with_one_practice_lowest(series: list[Reading]) -> None:
    found = [stall for stall in stalls.of(stalling(series)) if stall.place == WAREHOUSE]
    assert [(one.practice.key, one.band) for one in found] == [("room_to_try", 1)]
    advice = found[0].practice.advice_for(10)
    assert advice is not None
    assert found[0].first_step == advice.first_step
    row = figures.of(moves.of(series[2], series[3]), found).stalls[0]
    assert row.sentence == (
        "<b>Warehouse</b> has stood in Try for three waves, with Room to try, safely lowest in each."
    )
    assert row.href.endswith(f"/units/{series[3].unit(WAREHOUSE).key}#room_to_try")


def test_what_is_no_stall(series: list[Reading], changed: Changed) -> None:
    def stalled(history: list[Reading]) -> bool:
        return any(one.place == WAREHOUSE for one in stalls.of(history))

    base = stalling(series)
    assert stalled(base)
    assert not stalled(base[1:])
    assert not stalled([base[0], at(base[1], WAREHOUSE, 41), base[2]])
    assert not stalled([base[0], with_unit(base[1], WAREHOUSE, teams={}), base[2]])
    assert not stalled([base[0], base[1], changed(base[2], WAREHOUSE, "amplify", score=10)])
    assert not stalled([base[0], base[1], changed(base[2], WAREHOUSE, "amplify", score=8)])
    assert not stalled([base[0], base[1], changed(base[2], WAREHOUSE, "room_to_try", score=None)])
    assert not stalled([at(one, WAREHOUSE, 85) for one in base])
    later = base[1:]  # with the same questions, so that the index itself is compared
    assert stalled([later[0], *later])
    assert not stalled([at(later[0], WAREHOUSE, 20), later[0], at(later[1], WAREHOUSE, 39)])


def test_a_practice_with_new_questions_stalls_nowhere(series: list[Reading]) -> None:
    renewed = [
        with_unit(
            one,
            WAREHOUSE,
            teams={
                key: replace(cell, score=10 if key == "follow_value" else 30)
                for key, cell in one.unit(WAREHOUSE).teams.items()
            },
        )
        for one in stalling(series)
    ]
    assert not any(stall.place == WAREHOUSE for stall in stalls.of(renewed))


def test_the_page_says_it_and_the_figure_has_an_address(kestrel: SimpleNamespace) -> None:
    address = f"/o/kestrel/results/{kestrel.waves[-1]}/movement"
    page = kestrel.owner.page(address)
    text = page.text()
    assert "What is clear" in text
    assert "From band to band" in text
    assert "Legal, People and Fleet: not shown, to protect anonymity." in text
    assert [one.get("data-figure") for one in page.all("div") if one.get("data-figure")] == [
        f"{address}.json"
    ]
    answer = kestrel.owner.get(f"{address}.json")
    assert answer.mimetype == "application/json"
    assert answer.json["data"][0]["type"] == "sankey"


def test_a_first_wave_says_that_movement_needs_two(kestrel: SimpleNamespace) -> None:
    first, second = (f"/o/kestrel/results/{wave}/movement" for wave in kestrel.waves[:2])
    page = kestrel.owner.page(first)
    assert "Movement needs two waves" in page.text()
    assert second in [one.get("href") for one in page.all("a")]
    assert kestrel.owner.get(f"{first}.json").json == {"data": [], "layout": {}}


def test_a_leader_sees_the_own_teams_only_and_a_stranger_none(kestrel: SimpleNamespace) -> None:
    address = f"/o/kestrel/results/{kestrel.waves[-1]}/movement"
    text = kestrel.leader.page(address).text()
    assert "This page is about the teams that you may see." in text
    assert "Dispatch" in text
    figure = kestrel.leader.get(f"{address}.json").text
    for name in ("Booking", "Finance", "Support North", "Engineering"):
        assert name not in text
        assert name not in figure
    assert kestrel.stranger.get(address).status_code == 404
    assert kestrel.stranger.get(f"{address}.json").status_code == 404
    assert kestrel.owner.get("/o/kestrel/results/999999/movement").status_code == 404


def test_a_pulse_beside_is_a_series_of_its_own(app: Flask, publish_four: Callable[..., Any]) -> None:
    organization, made = publish_four(app)
    with app.app_context(), transaction() as session:
        last = session.get(Wave, made[-1].wave)
        values = {
            column.name: getattr(last, column.name)
            for column in Wave.__table__.columns
            if column.name != "id"
        }
        pulse = Wave(**values | {"form": "pulse", "name": "Pulse"})
        session.add(pulse)
        session.flush()
        publication = replace(made[-1], wave=pulse.id, name="Pulse", form="pulse")
        publications.store(session, organization_id=organization.id, publication=publication)
        pulse_id = pulse.id
    owner = sign_in(app, organization, "owner@kestrel.example")
    assert "Movement needs two waves" in owner.page(f"/o/kestrel/results/{pulse_id}/movement").text()
    page = owner.page(f"/o/kestrel/results/{made[-1].wave}/movement")
    links = [one.text for one in page.all("a") if "/movement" in (one.get("href") or "")]
    assert "Pulse" not in links
    assert {"May 2025", "August 2025", "November 2025"} <= set(links)
