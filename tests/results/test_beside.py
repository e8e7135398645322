"""How a practice changed where somebody acted on it, beside units of the same kind that did not."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.results.conftest import ROWS
from webapp.access import policy
from webapp.extensions import db
from webapp.models import Account
from webapp.results import changes, sentences
from webapp.results.beside import Comparing, Since
from webapp.results.reading import Reading

FIRST, SECOND, LAST = 0, 1, 3
TEAMS = [place for place, row in enumerate(ROWS) if place not in {0, 1, 5, 9, 14}]
SHOWN = [place for place in TEAMS if ROWS[place][5]]


def ids(kestrel: SimpleNamespace, *places: int) -> frozenset[int | None]:
    return frozenset(kestrel.id * 100 + place if place else None for place in places)


@pytest.fixture
def comparing(kestrel: SimpleNamespace) -> Iterator[object]:
    """`comparing(*places, by=…)`: with actions in these units, as the owner reads it or somebody else."""

    def make(*places: int, by: str = "owner") -> Comparing:
        account = db.session.query(Account).filter_by(email=f"{by}@kestrel.example").one()
        actor = policy.actor(account, "kestrel")
        assert actor is not None
        return Comparing(actor, lambda _practice, _wave: ids(kestrel, *places))

    with kestrel.app.test_request_context():
        yield make


def since(
    kestrel: SimpleNamespace,
    comparing: object,
    place: int,
    *others: int,
    practice: str = "room_to_try",
    wave: int = 2,
    by: str = "owner",
) -> list[Since]:
    unit = kestrel.id * 100 + place if place else None
    made: Comparing = comparing(place, *others, by=by)  # type: ignore[operator]  # a fixture's function
    return made.since(kestrel.waves[wave], unit, practice, latest=False)


def readings(kestrel: SimpleNamespace) -> list[Reading]:
    return [
        Reading("kestrel", one, asked)
        for one, asked in zip(kestrel.made, kestrel.questionnaires, strict=True)
    ]


def test_the_own_change_has_the_verdict_of_the_units_page(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    (line,) = since(kestrel, comparing, 10)
    third, last = readings(kestrel)[2:]
    change = changes.between(third, last, kestrel.last.units[10].key)["room_to_try"]
    words, span, _called = sentences.change_words(change)
    assert line.wave == "November 2025"
    assert line.told == (f"Room to try, safely in Booking: 56 → 65, {words[:1].lower()}{words[1:]} ({span}).")


def test_those_beside_it_are_the_shown_teams_without_an_action_on_average(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    (line,) = since(kestrel, comparing, 10)
    third, last = readings(kestrel)[2:]
    keys = [kestrel.last.units[place].key for place in SHOWN if place != 10]
    found = changes.on_average(third, last, "room_to_try", keys)
    assert found is not None
    change, count = found
    assert count == len(SHOWN) - 1 == 10
    assert change.points == 9
    assert line.others == (
        f"10 other teams without an action there, on average: rose 9 (likely {change.low} to {change.high})."
    )


def test_units_that_acted_or_lie_below_or_above_one_that_did_stand_beside_nobody(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    (line,) = since(kestrel, comparing, 10, 14, 11)  # Operations as a whole, and the data platform
    assert line.others.startswith("6 other teams without an action there")
    (line,) = since(kestrel, comparing, 14, 3)  # a part, while a team in another part acted
    assert line.others.startswith("2 other units without an action there")
    (line,) = since(kestrel, comparing, 10, 0)
    assert line.others == "No other team can stand beside it."
    (line,) = since(kestrel, comparing, 0)
    assert line.others == "The whole organization acted, so there is nobody to stand beside it."


def test_hidden_units_are_neither_told_nor_counted(kestrel: SimpleNamespace, comparing: object) -> None:
    (line,) = since(kestrel, comparing, 7)
    assert line.told == "Room to try, safely in Legal: not shown, to protect anonymity."
    assert line.others == ""


def test_every_later_wave_has_a_line_and_the_board_the_latest_alone(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    assert [line.wave for line in since(kestrel, comparing, 10, wave=0)] == [
        "May 2025",
        "August 2025",
        "November 2025",
    ]
    made: Comparing = comparing(10)  # type: ignore[operator]  # a fixture's function
    (line,) = made.since(kestrel.waves[0], kestrel.id * 100 + 10, "room_to_try", latest=True)
    assert line.wave == "November 2025"
    assert since(kestrel, comparing, 10, wave=3) == []


def test_where_the_questions_changed_no_change_is_told(kestrel: SimpleNamespace, comparing: object) -> None:
    (line, *_rest) = since(kestrel, comparing, 10, wave=1, practice="follow_value")
    assert line.told == "Follow the value in Booking: no change can be told."
    assert line.others == ""


def test_scores_of_two_forms_are_not_set_beside_a_change_on_what_both_asked(
    kestrel: SimpleNamespace, comparing: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full form and then the core of it: 51 → 31 would be no sentence about people who answered the same."""
    asked = kestrel.questionnaires[0]
    means = {"P5.T1": 30, "P5.T2": 32, "P5.T3": 70, "P5.T5": 72}

    def made_of(spot: int, form: str, score: int) -> Reading:
        publication = kestrel.made[spot]
        root = publication.root
        cell = replace(root.teams["amplify"], item_means=means, score=score)
        unit = replace(root, teams=dict(root.teams) | {"amplify": cell})
        return Reading("kestrel", replace(publication, form=form, units=(unit,)), asked)

    told = {kestrel.waves[0]: made_of(0, "team", 51), kestrel.waves[1]: made_of(1, "team-core", 31)}
    monkeypatch.setattr("webapp.results.queries.reading", lambda _actor, wave: told[wave])
    waves = [SimpleNamespace(id=wave) for wave in told]
    monkeypatch.setattr("webapp.results.queries.series", lambda _actor, _reading: waves)
    (line,) = since(kestrel, comparing, 0, wave=0, practice="amplify")
    assert line.told.startswith("Amplify what works in Kestrel Freight: no clear change (")
    assert line.told.endswith(", on the 2 questions that both waves asked.")
    assert "→" not in line.told


def test_a_leader_learns_an_average_of_three_or_more_other_units_or_none(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    """The leader of Operations (Customs, Dispatch, Warehouse) sees no other team."""
    (line,) = since(kestrel, comparing, 16, by="leader")
    assert line.others.startswith("10 other teams without an action there")
    engineering, customer, finance = (9, 1, 6)
    (line,) = since(
        kestrel, comparing, 16, engineering, customer, by="leader"
    )  # Finance alone is left outside
    assert line.others.startswith("2 other teams without an action there")
    (line,) = since(kestrel, comparing, 16, engineering, customer, by="owner")
    assert line.others.startswith("3 other teams without an action there")
    (line,) = since(kestrel, comparing, 16, 15, 18, engineering, customer, by="leader")
    assert line.others == "No other team can stand beside it."
    (line,) = since(kestrel, comparing, 16, 15, 18, engineering, finance, by="leader")
    assert line.others.startswith("3 other teams")
    (line,) = since(kestrel, comparing, 14, 5, by="leader")  # two parts that the leader does not see
    assert line.others == "No other unit can stand beside it."


def test_an_action_of_a_unit_that_the_reader_does_not_see_tells_nothing(
    kestrel: SimpleNamespace, comparing: object
) -> None:
    (line,) = since(kestrel, comparing, 10, by="leader")
    assert line.told == "It is no unit in both waves, so no change can be told."


def test_a_rounded_score_is_told_no_change_of_and_stands_beside_nobody(kestrel: SimpleNamespace) -> None:
    third, last = readings(kestrel)[2:]
    units = list(last.publication.units)
    guarded = replace(units[10].teams["room_to_try"], guarded=True)
    units[10] = replace(units[10], teams=dict(units[10].teams) | {"room_to_try": guarded})
    later = replace(last, publication=replace(last.publication, units=tuple(units)))
    keys = [units[place].key for place in SHOWN]
    found = changes.on_average(third, later, "room_to_try", keys)
    assert found is not None
    assert found[1] == len(SHOWN) - 1
