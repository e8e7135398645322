"""What a list of figures may say, every fault with its line, and what looks odd about it."""

from collections.abc import Sequence

import pytest

from webapp.domain import csv_table
from webapp.domain.evidence import MEASURES, Figures
from webapp.domain.evidence_list import COLUMNS, Line, UnitFacts, doubts, month_before, read
from webapp.domain.refusal import RefusedMany

HEAD = "unit,month,active,seats,active_days,spend,trained"
UNITS = (
    UnitFacts(1, "Dispatch", 15),
    UnitFacts(2, "Legal", 4),
    UnitFacts(3, "Gone", 0, closed=True),
    UnitFacts(4, "Straße", 9),
)


def lines(*rows: str, head: str = HEAD) -> list[Line]:
    data = "\n".join([head, *rows]).encode()
    found = csv_table.read(data, file="figures.csv", required=COLUMNS, optional=MEASURES)
    return read(found, UNITS, whole="Acme", this_month="2026-03", k=5)


def faults(*rows: str, head: str = HEAD) -> list[str]:
    with pytest.raises(RefusedMany) as refused:
        lines(*rows, head=head)
    return [str(one) for one in refused.value.refusals]


def test_a_line_is_a_unit_a_month_and_its_figures() -> None:
    (line,) = lines("Dispatch,2026-03,6,12,4.5,180.25,9")
    assert (line.unit.id, line.month) == (1, "2026-03")
    assert line.figures == Figures(active=6, seats=12, active_days=45, spend=18_025, trained=9)


def test_blank_is_no_figure_and_zero_is_one() -> None:
    (line,) = lines("Dispatch,2026-03,0,,,,")
    assert line.figures == Figures(active=0)


def test_a_column_that_is_left_out_stays_as_it_was() -> None:
    (line,) = lines("Dispatch,2026-03,4", head="unit,month,active")
    assert line.after(Figures(active=9, seats=12)) == Figures(active=4, seats=12)
    (line,) = lines("Dispatch,2026-03,4,", head="unit,month,active,seats")
    assert line.after(Figures(active=9, seats=12)) == Figures(active=4)


def test_names_of_units_are_read_as_people_write_them() -> None:
    assert lines("  STRASSE ,2026-03,1,,,,")[0].unit.id == 4


@pytest.mark.parametrize(
    ("text", "month"), [("2026-03", "2026-03"), ("2026-01-31", "2026-01"), ("2000-12-01", "2000-12")]
)
def test_a_month_may_come_with_a_day(text: str, month: str) -> None:
    assert lines(f"Dispatch,{text},1,,,,")[0].month == month


@pytest.mark.parametrize("text", ["6,5", "6.5"])
def test_an_average_of_people_is_rounded_with_either_sign(text: str) -> None:
    (line,) = lines(f'Dispatch,2026-03,"{text}",,"{text}","{text}",')
    assert line.figures == Figures(active=7, active_days=65, spend=650)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Nobody,2026-03,1,,,,", "figures.csv:2, column unit: There is no unit “Nobody”."),
        ("Gone,2026-03,1,,,,", "figures.csv:2, column unit: The unit “Gone” is closed."),
        ("Acme,2026-03,1,,,,", "column unit: Figures of the whole organization are added up"),
        ("Legal,2026-03,1,,,,", "column unit: “Legal” has fewer than 5 people."),
        ("Dispatch,2026-04,1,,,,", "column month: 2026-04 is still to come."),
        ("Dispatch,03/2026,1,,,,", "column month: “03/2026” is not a month"),
        ("Dispatch,2026-13,1,,,,", "column month: “2026-13” is not a month"),
        ("Dispatch,1999-12,1,,,,", "column month: “1999-12” is not a month"),
        ("Dispatch,,1,,,,", "column month: “” is not a month"),
        ("Dispatch,2026-03,-1,,,,", "column active: “-1” is not a number"),
        ("Dispatch,2026-03,=1+1,,,,", "column active: “=1+1” is not a number"),
        ("Dispatch,2026-03,٣,,,,", "column active: “٣” is not a number"),
        ("Dispatch,2026-03,1e9,,,,", "column active: “1e9” is not a number"),
        ("Dispatch,2026-03,nan,,,,", "column active: “nan” is not a number"),
        ("Dispatch,2026-03,,3.5,,,", "column seats: “3.5” is not a number"),
        ("Dispatch,2026-03,1000001,,,,", "column active: “1000001” is above 1000000."),
        ("Dispatch,2026-03,,,,1000000000.5,", "column spend: “1000000000.5” is above 1000000000."),
        ("Dispatch,2026-02,,,28.1,,", "column active_days: 2026-02 has 28 days."),
        ("Dispatch,2026-03,,,,,19", "column trained: 19 people were trained, and “Dispatch” has 15"),
    ],
)
def test_a_fault_is_named_with_its_place(row: str, told: str) -> None:
    (found,) = faults(row)
    assert told in found


def test_a_number_with_a_thousands_sign_is_taken_for_what_it_may_be_or_refused() -> None:
    """1.234 could be a thousand or one and a bit: a whole number never has a fraction, so it is refused."""
    assert "not a number" in faults('Dispatch,2026-03,,"1.234",,,')[0]
    assert "not a number" in faults('Dispatch,2026-03,,,,"1.234.567,00",')[0]


def test_all_faults_are_told_at_once() -> None:
    found = faults("Nobody,2026-03,1,,,,", "Dispatch,2026-03,1,,,,", "Dispatch,2026-99,1,,,,")
    assert [one.partition(",")[0] for one in found] == ["figures.csv:2", "figures.csv:4"]


def test_a_unit_and_month_stands_once() -> None:
    (found,) = faults("Dispatch,2026-03,1,,,,", "Dispatch,2026-03-09,2,,,,")
    assert "“Dispatch” has figures of 2026-03 twice: first in line 2." in found


def test_how_few_people_there_are_is_not_said() -> None:
    assert "4" not in faults("Legal,2026-03,1,,,,")[0]


# --- what looks odd ----------------------------------------------------------------------------------------------


def odd(
    stored: dict[tuple[int, str], Figures], rows: Sequence[str], head: str = HEAD
) -> list[tuple[str, str]]:
    return [(one.oddity, one.measure) for one in doubts(lines(*rows, head=head), stored)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["Dispatch,2026-03,13,12,,,"], [("active_above_seats", "active")]),
        (["Dispatch,2026-03,18,20,,,"], []),  # a leader and somebody who left
        (["Dispatch,2026-03,19,20,,,"], [("active_above_people", "active")]),
        (["Dispatch,2026-03,,,,,16"], [("trained_above_people", "trained")]),
        (["Dispatch,2026-02,2,,,,", "Dispatch,2026-03,7,,,,"], [("jumped", "active")]),
        (["Dispatch,2026-02,2,,,,", "Dispatch,2026-03,6,,,,"], []),
        (["Dispatch,2026-02,1,,,,", "Dispatch,2026-03,5,,,,"], []),  # four more are no jump
        (["Dispatch,2026-02,,,,900,", "Dispatch,2026-03,,,,200,"], [("dropped", "spend")]),
        (["Dispatch,2026-01,2,,,,", "Dispatch,2026-03,9,,,,"], []),  # not the month before
        (["Dispatch,2026-02,,,,,9", "Dispatch,2026-03,,,,,8"], [("fewer_trained", "trained")]),
        (["Dispatch,2026-02,,,,,1", "Dispatch,2026-03,,,,,9"], []),  # a course
    ],
)
def test_what_looks_odd_is_told_and_not_refused(rows: list[str], told: list[tuple[str, str]]) -> None:
    assert odd({}, rows) == told


def test_it_is_held_against_what_is_kept_too() -> None:
    kept = {(1, "2026-02"): Figures(active=2), (1, "2026-03"): Figures(seats=5)}
    assert odd(kept, ["Dispatch,2026-03,9"], head="unit,month,active") == [
        ("active_above_seats", "active"),
        ("jumped", "active"),
    ]


@pytest.mark.parametrize(
    ("month", "before"), [("2026-03", "2026-02"), ("2026-01", "2025-12"), ("2000-01", "1999-12")]
)
def test_the_month_before(month: str, before: str) -> None:
    assert month_before(month) == before
