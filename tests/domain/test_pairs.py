"""All pairs of a few units: each is the difference of two, and together they are one family."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.domain.comparison import difference, flag
from webapp.domain.intervals import Scores
from webapp.domain.pairs import pairs

KNOWN = (np.array([0.2, 0.15, 0.3]), np.array([0.65, 0.7, 0.45]))


def apart(units: int) -> np.ndarray:
    return np.ones((units, units), dtype=bool)


def test_pairs_are_the_differences_of_the_vectors_file(vectors: dict) -> None:
    found = [vector for name, vector in vectors.items() if name.startswith("diff_")]
    assert found
    for vector in found:
        v, output = vector["input"], vector["output"]
        s, n, N = ([[v[f"{name}{side}"]] for side in (1, 2)] for name in ("m", "n", "N"))
        made = pairs(Scores(s, n, N, [v["phi"]], [v["r"]]), 0, apart(2))
        assert made.d[0, 0] == v["m2"] - v["m1"]
        assert (made.low[0, 0], made.high[0, 0]) == pytest.approx(output["ci90"], abs=5e-4)


@given(
    arrays(float, (4, 3), elements=st.integers(5, 95).map(float)),
    arrays(int, (4, 1), elements=st.integers(5, 40)),
)
def test_each_pair_is_the_difference_of_its_two_units(s: np.ndarray, n: np.ndarray) -> None:
    found = pairs(Scores(s, n, n + 3, *KNOWN), 1, apart(4))
    assert (found.one.tolist(), found.other.tolist()) == ([0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3])
    p, clear = [], []
    for row, (one, other) in enumerate(zip(found.one, found.other, strict=True)):
        alone = difference(
            Scores(s[one], n[one], n[one] + 3, *KNOWN), Scores(s[other], n[other], n[other] + 3, *KNOWN)
        )
        assert found.d[row] == pytest.approx(alone.d)
        assert found.low[row] == pytest.approx(alone.low)
        p.append(alone.p)
        clear.append((np.rint(alone.low) > 0) | (np.rint(alone.high) < 0))
    together = flag(np.ravel(p), found.d.ravel()) & np.ravel(clear)
    assert found.called.ravel().tolist() == together.tolist()
    assert found.tests == 18


def test_a_larger_family_calls_less() -> None:
    """What one pair alone may call, may be chance where it is one of many."""
    s = np.full((8, 3), 50.0)
    s[1, 0] = 68
    units = Scores(s, 8, 10, *KNOWN)
    two = Scores(s[:2], 8, 10, *KNOWN)
    assert pairs(two, 1, apart(2)).called[0].tolist() == [True, False, False]
    assert not pairs(units, 1, apart(8)).called.any()


def test_units_that_share_people_are_not_compared_and_do_not_count() -> None:
    s = np.array([[20.0, 30, 40], [80, 80, 80], [50, 50, math.nan]])
    shared = apart(3)
    shared[0, 1] = shared[1, 0] = False
    found = pairs(Scores(s, 20, 25, *KNOWN), 1, shared)
    assert found.made.tolist() == [[False] * 3, [True, True, False], [True, True, False]]
    assert np.isnan(found.d[0]).all()
    assert not found.called[0].any()
    assert found.tests == 4


def test_a_score_rounded_to_five_is_less_sure() -> None:
    s = np.array([[40.0], [55]])
    exact, coarse = (
        pairs(Scores(s, 30, 30, [0.1], [0.8]), np.array([[1], [step]]), apart(2)) for step in (1, 5)
    )
    assert coarse.low[0, 0] < exact.low[0, 0]
    assert coarse.high[0, 0] > exact.high[0, 0]
    alone = difference(Scores(40, 30, 30, 0.1, 0.8), Scores(55, 30, 30, 0.1, 0.8), 1, 5)
    assert (coarse.low[0, 0], coarse.high[0, 0]) == pytest.approx((float(alone.low), float(alone.high)))
    variance = (15 / float(alone.z)) ** 2
    whole = difference(Scores(40, 30, 30, 0.1, 0.8), Scores(55, 30, 30, 0.1, 0.8), 0)
    assert variance == pytest.approx((15 / float(whole.z)) ** 2 + (1 + 25) / 12)
