"""Told shares put together never leave “nobody” or “everybody” as the only answer: by hand, and by trying all answers."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain import evidence_plan
from webapp.domain.evidence import Figures, Month, Placed, Share
from webapp.domain.evidence_bounds import BESIDE, stretch, too_tight
from webapp.domain.evidence_plan import share_told, shown, tell
from webapp.domain.tree import Node, Tree

K = 5
Told = dict[int | None, Share]


def told_of(units: tuple[Placed, ...], counts: dict[int, int], k: int = K) -> Told:
    one = Month("2026-03", units, {unit: Figures(active=count) for unit, count in counts.items()})
    found = tell(one, shown([one], k=k), k=k)
    return {unit: of.active for unit, of in found.items() if of.active is not None}


def side_by_side(*people: int) -> tuple[Placed, ...]:
    return tuple(Placed(place, None, size) for place, size in enumerate(people, 1))


def bears(share: Share | None, some: int, people: int) -> bool:
    """Whether a count is what a share says, by the definition of its words."""
    return share is None or share_told(some, people, k=K, exact=share.percent is not None) == share


@pytest.mark.parametrize(
    ("people", "counts"),
    [
        ((5, 5, 5), (0, 0, 3)),  # “half or more” of one, “under a quarter” of all
        ((10, 10), (0, 5)),  # 25 % of all, and the least that “half to three quarters” of one may be
        ((5, 5, 5, 5), (0, 3, 3, 3)),
        ((10, 10, 10), (10, 7, 7)),  # and everybody
    ],
)
def test_several_shares_do_not_say_together_what_none_of_them_may(
    people: tuple[int, ...], counts: tuple[int, ...]
) -> None:
    told = told_of(side_by_side(*people), dict(enumerate(counts, 1)))
    left = _possible(told, people)
    for place, size in enumerate(people):
        assert {answers[place] for answers in left} - {0, size}, told


def test_without_looking_at_them_together_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_plan, "too_tight", lambda *_: [])
    told = told_of(side_by_side(5, 5, 5), {1: 0, 2: 0, 3: 3})
    assert {answers[0] for answers in _possible(told, (5, 5, 5))} == {0}


def _possible(told: Told, people: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All that the teams below one whole may have answered, as far as what is told goes."""
    return [
        answers
        for answers in product(*(range(size + 1) for size in people))
        if bears(told.get(None), sum(answers), sum(people))
        and all(
            bears(told.get(place), answers[place - 1], people[place - 1])
            for place in range(1, len(people) + 1)
        )
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(5, 11), min_size=2, max_size=3), st.data())
def test_any_teams_below_one_whole(people: list[int], data: st.DataObject) -> None:
    counts = [data.draw(st.integers(0, size)) for size in people]
    told = told_of(side_by_side(*people), dict(enumerate(counts, 1)))
    left = _possible(told, tuple(people))
    assert tuple(counts) in left
    for place, size in enumerate(people):
        assert {answers[place] for answers in left} - {0, size}, (people, counts, told)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(5, 8), min_size=3, max_size=4), st.booleans(), st.data())
def test_any_teams_below_a_part_with_a_figure_of_its_own(
    people: list[int], given_above: bool, data: st.DataObject
) -> None:
    """P: the first teams; the last team beside it. P may have a figure of its own, and the last of its teams none."""
    counts = [data.draw(st.integers(0, size)) for size in people]
    units = (
        Placed(1, None, 0),
        *(
            Placed(place, 1 if place < len(people) + 1 else None, size)
            for place, size in enumerate(people, 2)
        ),
    )
    figures = dict(enumerate(counts, 2))
    if given_above:
        figures[1] = sum(counts[:-1])
        figures.pop(len(people))
    told = told_of(units, figures)
    left = [
        answers for answers in product(*(range(size + 1) for size in people)) if _fits(told, people, answers)
    ]
    assert tuple(counts) in left
    for place, size in enumerate(people):
        assert {answers[place] for answers in left} - {0, size}, (people, counts, told)


def _fits(told: Told, people: list[int], answers: tuple[int, ...]) -> bool:
    return (
        bears(told.get(None), sum(answers), sum(people))
        and bears(told.get(1), sum(answers[:-1]), sum(people[:-1]))
        and all(
            bears(told.get(place), some, size)
            for place, some, size in zip(range(2, 9), answers, people, strict=False)
        )
    )


@pytest.mark.parametrize("k", [3, 5])
def test_a_stretch_is_what_the_words_of_a_share_leave_open(k: int) -> None:
    for people in range(k, 130):
        for exact in (False, True):
            held: dict[Share, list[int]] = defaultdict(list)
            for some in _allowed(people, k, exact=exact):
                held[share_told(some, people, k=k, exact=exact)].append(some)
            for share, counts in held.items():
                low, high = stretch(share, people, k=k)
                assert (low, high) == (min(counts), max(counts)) or share.word == "under a quarter", (
                    share,
                    people,
                )
                assert low <= min(counts)
                assert max(counts) <= high
    assert stretch(None, 9, k=k) == (0, 9)


def _allowed(people: int, k: int, *, exact: bool) -> Iterator[int]:
    return (some for some in range(people + 1) if not exact or min(some, people - some) >= k)


def test_own_people_are_told_apart_from_those_of_parts() -> None:
    """Nine of P's twenty, four or more of A's eight: of the twelve others five or fewer, so not everybody."""
    tree = Tree((Node("root", "", None), Node("u1", "", 0), Node("u2", "", 1)))
    own = [0, 12, 8]
    assert too_tight(tree, [(0, 20), (9, 9), (4, 8)], own) == []
    assert too_tight(tree, [(0, 20), (9, 9), (8, 8)], own) == [1]
    assert too_tight(tree, [(0, 20), (8 + 12 - BESIDE + 1, 20), (4, 8)], own) == [1, 2]
