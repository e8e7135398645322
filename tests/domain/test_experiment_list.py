"""The register as a CSV: what is wrong is named by line and column, and what goes out comes in again the same."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import csv_table, experiment_list
from webapp.domain.csv_table import bare, safe, starts_a_formula
from webapp.domain.experiment_list import COLUMNS, OPTIONAL, REQUIRED, Planned
from webapp.domain.experiments import Area, Entry, Phase, Reason, Type, checked
from webapp.domain.refusal import Refused, RefusedMany

TODAY = date(2026, 3, 10)
UNITS = ["Dispatch", "Data platform", "Ärzte", "＝企画", "'+1", "''＠x"]


def plan(text: str) -> list[Planned]:
    rows = csv_table.read(text.encode(), file="list.csv", required=REQUIRED, optional=OPTIONAL)
    return experiment_list.plan(rows, UNITS, today=TODAY)


def faults(text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        plan(text)
    many = caught.value
    return list(map(str, many.refusals)) if isinstance(many, RefusedMany) else [str(many)]


def test_three_columns_are_enough_and_units_are_known_by_name() -> None:
    [one] = plan("unit,title,idea_on\n dispatch ,Draft replies,2026-03-01\n")
    assert one.entry == Entry(title="Draft replies", idea_on=date(2026, 3, 1))
    assert one.key == ("dispatch", "draft replies")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Nowhere,T,2026-03-01,,,", "list.csv:2, column unit: There is no unit “Nowhere”."),
        ("Dispatch,,2026-03-01,,,", "list.csv:2, column title: A name is missing."),
        ("Dispatch,T,,,,", "list.csv:2, column idea_on: The day of the idea is missing."),
        (
            "Dispatch,T,1.3.2026,,,",
            "list.csv:2, column idea_on: “1.3.2026” is not a day written as YYYY-MM-DD.",
        ),
        ("Dispatch,T,20260301,,,", "list.csv:2, column idea_on: “20260301” is not a day"),
        ("Dispatch,T,2026-03-11,,,", "list.csv:2, column idea_on: This day is still to come."),
        (
            "Dispatch,T,2026-03-01,video,,",
            "column type: “video” is not known here; known are text, image, coding",
        ),
        ("Dispatch,T,2026-03-01,text,1.234,h", "list.csv:2, column value: “1.234” is not a number."),
        ("Dispatch,T,2026-03-01,text,12,", "list.csv:2, column value_unit: Say what the number counts"),
    ],
)
def test_a_fault_is_named_by_line_and_column(line: str, told: str) -> None:
    [found] = faults(f"unit,title,idea_on,type,value,value_unit\n{line}\n")
    assert told in found


def test_every_faulty_line_is_told_twenty_at_most() -> None:
    lines = ["Dispatch,A,2026-03-01", "Nowhere,B,2026-03-01", "Dispatch,C,never", "Dispatch,a,2026-03-02"]
    found = faults("unit,title,idea_on\n" + "\n".join(lines))
    assert [one.partition(":")[2][0] for one in found] == ["3", "4", "5"]
    assert "“a” stands twice in this unit: first in line 2." in found[2]
    assert len(faults("unit,title,idea_on\n" + "Nowhere,x,2026-03-01\n" * 50)) == 20


def test_a_header_alone_and_a_flood_are_refused() -> None:
    assert "no experiments" in faults("unit,title,idea_on\n")[0]
    assert "more than 10000" in faults("unit,title,idea_on\n" + "Dispatch,x,2026-03-01\n" * 10_001)[0]
    assert "column “owner” is not known" in faults("unit,title,idea_on,owner\nDispatch,x,2026-03-01,me\n")[0]
    assert "neither yes nor no" in faults("unit,title,idea_on,saved_tests\nDispatch,x,2026-03-01,maybe\n")[0]


words = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")) | st.sampled_from("=+-@＝＋－＠'\t,;\"\n"),
    max_size=40,
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that the rules let pass."""
    idea = TODAY - timedelta(days=draw(st.integers(300, 2000)))
    first = draw(st.none() | st.integers(0, 90))
    live = None if first is None else draw(st.none() | st.integers(first, 180))
    ended = draw(st.none() | st.integers(180, 300))
    rule = draw(words)
    value = draw(st.none() | st.integers(-(10**8), 10**8).map(lambda number: number / 100))

    def day(after: int | None) -> date | None:
        return None if after is None else idea + timedelta(days=after)

    entry = Entry(
        title=draw(st.sampled_from(["T", "＝", "'=", "''－"]))
        + draw(words.filter(lambda text: len(text.casefold()) < 60)),
        idea_on=idea,
        type=draw(st.sampled_from(Type)),
        problem_area=draw(st.none() | st.sampled_from(Area)),
        phase=draw(st.none() | st.sampled_from(Phase)),
        first_user_on=day(first),
        live_on=day(live),
        ended_on=day(ended),
        end_reason=None if ended is None else draw(st.sampled_from(Reason)),
        rule=rule,
        value=value,
        value_unit="" if value is None else "h" + draw(words)[:20],
        baseline=None if value is None else draw(st.none() | st.integers(-99, 99).map(float)),
        ready_made_model=draw(st.none() | st.booleans()),
        saved_tests=draw(st.none() | st.booleans()),
        note=draw(words),
    )
    entry = checked(entry, today=TODAY)
    return replace(entry, rule_written_on=draw(st.none() | st.just(idea)) if entry.rule else None)


@given(st.lists(st.tuples(st.sampled_from(UNITS), entries()), min_size=1, max_size=5))
def test_what_goes_out_comes_in_again_the_same(rows: list[tuple[str, Entry]]) -> None:
    rows = [
        (unit, replace(entry, title=f"{entry.title} {place}")) for place, (unit, entry) in enumerate(rows)
    ]
    text = experiment_list.as_csv(rows)
    assert [(one.unit, one.entry) for one in plan(text)] == rows
    assert experiment_list.as_csv((one.unit, one.entry) for one in plan(text)) == text
    for line in list(csv.reader(io.StringIO(text)))[1:]:
        for name, cell in zip(COLUMNS, line, strict=True):
            assert name in {"value", "baseline"} or not starts_a_formula(cell)


@given(words)
def test_bare_undoes_safe(text: str) -> None:
    line = " ".join(text.split())
    assert bare(safe(line)) == line
    assert not starts_a_formula(safe(line))


def test_a_rule_that_begins_like_a_formula_is_disarmed_and_comes_back() -> None:
    entry = checked(
        replace(Entry(title="T", idea_on=TODAY), rule="- stop when =SUM(A1)", note="'@cell"), today=TODAY
    )
    text = experiment_list.as_csv([("Dispatch", entry)])
    assert "'- stop when =SUM(A1)" in text
    assert "''@cell" in text
    assert entry.note == "'@cell", "nothing of what was written is lost on the way"
    assert plan(text)[0].entry == entry
