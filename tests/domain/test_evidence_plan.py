"""What is told of figures from outside never tells of fewer than k people, nor that nobody or everybody does."""

from dataclasses import dataclass, replace
from itertools import product
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain import evidence_plan
from webapp.domain.disclosure_audit import audit_rowspace
from webapp.domain.evidence import MEASURES, SHARES, Figures, Measure, Month, Placed, Share, Told
from webapp.domain.evidence_plan import share_told, shown, tell

K = 5


def month(units: str, name: str = "2026-03", **figures: Figures) -> Month:
    """A month from “P: A 8, B 7, C 3; Q 9” (head counts of the very units) and figures by unit."""
    found: list[Placed] = []
    names: dict[str, int] = {}
    for group in units.split(";"):
        above, _, parts = group.strip().rpartition(":")
        if above:
            names[above] = len(names) + 1
            found.append(Placed(names[above], None, 0))
        for part in parts.split(","):
            unit, people = part.split()
            names[unit] = len(names) + 1
            found.append(Placed(names[unit], names.get(above), int(people)))
    return Month(name, tuple(found), {names[unit]: one for unit, one in figures.items()})


def active(*counts: int) -> list[Figures]:
    return [Figures(active=count) for count in counts]


def test_of_a_unit_and_all_its_parts_but_a_small_one_nobody_can_subtract() -> None:
    """P less A less B would be C, three people; so one of the parts goes along."""
    whole, a, b = active(9, 4, 4)
    one = month("P: A 8, B 7, C 3", P=whole, A=a, B=b)
    assert shown([one], k=K) == {1, 2}  # P and A; what is left is B and C, ten people
    told = tell(one, shown([one], k=K), k=K)
    assert set(told) == {None, 1, 2}


def test_parts_without_a_figure_of_the_unit_are_all_shown_and_added_up() -> None:
    a, b = active(4, 5)
    one = month("P: A 8, B 7, C 3", A=a, B=b)
    told = tell(one, shown([one], k=K), k=K)
    assert set(told) == {None, 1, 2, 3}
    assert not told[1].given
    assert (told[1].people, told[1].covered["active"]) == (18, 15)
    assert told[2].given


def test_figures_of_too_few_are_never_shown_whatever_is_kept() -> None:
    one = month("A 8, B 4", A=Figures(spend=100), B=Figures(spend=100))
    assert shown([one], k=K) == {1}
    told = tell(one, shown([one], k=K), k=K)
    assert told[None].covered == {"spend": 8}


def test_a_unit_is_shown_in_all_months_or_in_none() -> None:
    """In June C has six people and could be shown; then B of May would follow from what hardly changed since."""
    whole, a, b, c = active(9, 4, 4, 3)
    may = month("P: A 8, B 7, C 3", "2026-05", P=whole, A=a, B=b)
    june = month("P: A 8, B 7, C 6", "2026-06", P=whole, A=a, B=b, C=c)
    assert shown([june], k=K) == {1, 2, 3, 4}
    assert 3 not in shown([may, june], k=K)
    assert 3 not in shown([june, may], k=K)


def test_a_unit_that_came_after_the_first_figures_of_a_month_is_not_told_in_it() -> None:
    may, june = month("P: A 8, B 7", "2026-05"), month("P: A 8, B 7, N 9", "2026-06")
    of_n = {4: Figures(active=4)}
    months = [replace(may, figures=of_n), replace(june, figures=of_n)]
    kept = shown(months, k=K)
    assert kept == {4}
    assert tell(months[0], kept, k=K) == {}
    assert 4 in tell(months[1], kept, k=K)


@pytest.mark.parametrize(
    ("some", "people", "told"),
    [
        (0, 9, (0, 50)),
        (4, 9, (0, 50)),
        (5, 9, (50, 100)),
        (9, 9, (50, 100)),
        (0, 12, (0, 25)),
        (3, 12, (25, 50)),
        (6, 12, (50, 75)),
        (12, 12, (75, 100)),
        (0, 300, (0, 5 / 3)),
        (4, 300, (0, 5 / 3)),
    ],
)
def test_words_hold_a_quarter_a_half_or_hardly_any(some: int, people: int, told: tuple[float, float]) -> None:
    found = share_told(some, people, k=K, exact=False)
    assert found.percent is None
    assert (found.low, found.high) == pytest.approx(told)


@pytest.mark.parametrize(
    ("some", "people", "percent", "low", "high"),
    [(9, 20, 45, 42.5, 47.5), (5, 400, 5, 0, 7.5), (395, 400, 95, 92.5, 100)],
)
def test_numbers_are_steps_of_five_with_open_ends(
    some: int, people: int, percent: int, low: float, high: float
) -> None:
    assert share_told(some, people, k=K, exact=True) == Share(low, high, percent=percent)


@pytest.mark.parametrize("k", [3, 5, 8])
def test_no_word_says_nobody_or_everybody_or_any_other_number_alone(k: int) -> None:
    for people in range(k, 150):
        held: dict[str, list[int]] = {}
        for some in range(people + 1):
            told = share_told(some, people, k=k, exact=False)
            assert told.low <= 100 * some / people <= told.high
            held.setdefault(str(told.word), []).append(some)
        assert min(map(len, held.values())) > 1, (people, held)


def test_nobody_of_a_team_does_not_follow_from_the_share_of_the_whole() -> None:
    """Sales: nobody of ten. The whole less Engineering would say so; so Engineering is told in words."""
    a, b, c = active(6, 3, 0)
    one = month("E: A 12, B 8; S 10", A=a, B=b, S=c)
    told = tell(one, shown([one], k=K), k=K)
    whole, engineering = told[None].active, told[1].active
    assert whole is not None
    assert engineering is not None
    assert whole.percent == 30
    assert engineering.percent is None


def test_days_rest_on_enough_people_who_are_active() -> None:
    few, many = Figures(active=2, active_days=180), Figures(active=9, active_days=65)
    one = month("A 12, B 12", A=few, B=many)
    told = tell(one, shown([one], k=K), k=K)
    assert told[1].active_days is None
    assert told[2].active_days is None, "the whole is told, and the two would follow"
    assert told[None].active_days == round((2 * 18 + 9 * 6.5) / 11)
    alone = month("B 12", B=many)
    assert tell(alone, shown([alone], k=K), k=K)[1].active_days == 7


def test_spend_is_that_of_a_person_in_two_digits() -> None:
    one = month("A 12, B 9", A=Figures(spend=123_456), B=Figures(active=3))
    told = tell(one, shown([one], k=K), k=K)
    assert told[1].spend == 100.0  # 1234.56 / 12
    assert told[None].spend == 100.0
    assert told[None].covered == {"active": 9, "spend": 12}
    assert told[2].spend is None


def test_more_active_than_there_are_people_is_everybody_in_words() -> None:
    one = month("A 10", A=Figures(active=12))
    found = tell(one, shown([one], k=K), k=K)[1].active
    assert found is not None
    assert found.word == "nearly all"


# --- against definitions -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Book:
    """Months of figures as anybody might give them: also of small units, and inconsistent ones."""

    months: tuple[Month, ...]
    k: int


@st.composite
def books(draw: st.DrawFn, *, same_heads: bool = False, largest: int = 9) -> Book:
    size = draw(st.integers(1, largest))
    parents = [draw(st.sampled_from([None, *range(1, place)])) for place in range(1, size + 1)]
    inner = set(parents)
    heads = st.sampled_from((1, 2, 3, 4, 5, 6, 8, 12, 30))
    people = [0 if place in inner and draw(st.booleans()) else draw(heads) for place in range(1, size + 1)]
    made = []
    for number in range(draw(st.integers(1, 3))):
        units = tuple(
            Placed(
                place, parents[place - 1], people[place - 1] if same_heads else draw(heads) - (place in inner)
            )
            for place in range(1, size + 1)
        )
        counts = dict(zip(range(1, size + 1), _below(units), strict=True))
        given_of = draw(st.sets(st.integers(1, size)))
        figures = {
            place: Figures(
                **{
                    cast("str", measure): draw(st.none() | st.integers(0, max(1, int(1.2 * counts[place]))))
                    for measure in MEASURES
                }
            )
            for place in given_of
        }
        made.append(Month(f"2026-{number + 1:02}", units, {p: f for p, f in figures.items() if f.any}))
    return Book(tuple(made), draw(st.sampled_from([3, 5])))


def _below(units: tuple[Placed, ...]) -> list[int]:
    """People of each unit with all below it."""
    total = [unit.people for unit in units]
    for place in range(len(units) - 1, -1, -1):
        above = units[place].parent
        if above is not None:
            total[above - 1] += total[place]
    return total


def _inside(units: tuple[Placed, ...], top: int | None) -> set[int]:
    found = set() if top is None else {top}
    for unit in units:
        if top is None or unit.parent in found:
            found.add(unit.id)
    return found


def _people_rows(one: Month, told: dict[int | None, Told], measure: Measure) -> list[list[int]]:
    """Which units' very people each figure is a sum over, worked out from what is told alone."""
    units = one.units
    direct = [unit for unit, of in told.items() if of.given and measure in of.covered]
    rows = []
    for unit, of in told.items():
        if measure not in of.covered:
            continue
        inside = _inside(units, unit)
        parts = (
            [unit]
            if unit in direct and one.figures.get(unit or 0, Figures()).of(measure) is not None
            else [
                other
                for other in direct
                if other in inside and one.figures[other or 0].of(measure) is not None
            ]
        )
        people: set[int] = set()
        for part in parts:
            people |= _inside(units, part)
        rows.append([int(other.id in people) for other in units])
    return rows


@settings(max_examples=50, deadline=None)
@given(books())
def test_no_figures_of_a_month_can_be_added_and_subtracted_to_fewer_than_k_people(book: Book) -> None:
    kept = shown(book.months, k=book.k)
    for one in book.months:
        told = tell(one, kept, k=book.k)
        sizes = [unit.people for unit in one.units]
        rows = [row for measure in MEASURES for row in _people_rows(one, told, measure)]
        if rows:
            assert audit_rowspace(np.array(rows), sizes, book.k) == []


@settings(max_examples=50, deadline=None)
@given(books(same_heads=True))
def test_nor_can_those_of_all_months_together_were_they_to_stay_the_same(book: Book) -> None:
    kept = shown(book.months, k=book.k)
    rows = [
        row
        for one in book.months
        for measure in MEASURES
        for row in _people_rows(one, tell(one, kept, k=book.k), measure)
    ]
    if rows:
        assert audit_rowspace(np.array(rows), [unit.people for unit in book.months[0].units], book.k) == []


@settings(max_examples=50, deadline=None)
@given(books(largest=6))
def test_no_numbers_can_be_added_and_subtracted_to_a_group_of_which_few_do_or_few_do_not(book: Book) -> None:
    """By brute force: every sum with +1, 0 and −1 of the told numbers, as far as it is a plain group of people."""
    kept = shown(book.months, k=book.k)
    for one in book.months:
        told = tell(one, kept, k=book.k)
        for measure in SHARES:
            _hold(one, told, measure, book.k)


def _hold(one: Month, told: dict[int | None, Told], measure: Measure, k: int) -> None:
    numbers = [
        unit for unit, of in told.items() if (share := of.share(measure)) and share.percent is not None
    ]
    values, people = _sums(one, told, measure)
    for signs in product((-1, 0, 1), repeat=len(numbers)):
        total = sum(sign * values[unit] for sign, unit in zip(signs, numbers, strict=True))
        heads: dict[int, int] = {}
        for sign, unit in zip(signs, numbers, strict=True):
            for other in people[unit]:
                heads[other] = heads.get(other, 0) + sign
        group = {other for other, count in heads.items() if count}
        sizes = {unit.id: unit.people for unit in one.units}
        size = sum(sizes[other] for other in group)
        if size and set(heads.values()) <= {0, 1}:
            assert min(total, size - total) >= k, (
                measure,
                signs,
                numbers,
                one.units,
                one.figures,
                values,
                people,
            )


def _sums(
    one: Month, told: dict[int | None, Told], measure: Measure
) -> tuple[dict[int | None, int], dict[int | None, set[int]]]:
    """What stands behind each told share: the sum, and the units whose very people it is about."""
    direct = {
        unit: one.figures[unit].of(measure)
        for unit, of in told.items()
        if unit is not None and of.given and one.figures[unit].of(measure) is not None
    }
    values: dict[int | None, int] = {}
    people: dict[int | None, set[int]] = {}
    for unit in told:
        inside = _inside(one.units, unit)
        tops = (
            [unit]
            if unit in direct
            else [
                other
                for other in direct
                if other in inside
                and not any(
                    other in _inside(one.units, above)
                    for above in direct
                    if above in inside and above != other
                )
            ]
        )
        values[unit] = sum(direct[top] or 0 for top in tops if top is not None)
        people[unit] = set().union(*(_inside(one.units, top) for top in tops))
    return values, people


@settings(max_examples=50, deadline=None)
@given(books())
def test_what_is_told_holds_the_truth(book: Book) -> None:
    kept = shown(book.months, k=book.k)
    for one in book.months:
        told = tell(one, kept, k=book.k)
        for measure in SHARES:
            values, people = _sums(one, told, measure)
            sizes = {unit.id: unit.people for unit in one.units}
            for unit, of in told.items():
                share = of.share(measure)
                if share is not None:
                    size = sum(sizes[other] for other in people[unit])
                    assert size == of.covered[measure]
                    true = 100 * min(values[unit], size) / size
                    assert share.low - 1e-9 <= true <= share.high + 1e-9


def test_a_plan_that_an_audit_refuses_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_plan, "is_safe_tree", lambda *_: False)
    one = month("A 8, B 9", A=Figures(active=3), B=Figures(active=4))
    assert shown([one], k=K) == frozenset()
    assert tell(replace(one), frozenset(), k=K) == {}
