"""Our own quantiles against SciPy's."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import special, stats

from webapp.domain import quantiles

PROBABILITIES = st.floats(0.0005, 0.9995)
FREEDOM = st.floats(1, 5000)


@given(st.floats(0.3, 3000), st.floats(0.3, 3000), st.floats(1e-6, 1 - 1e-6))
def test_incomplete_beta_is_scipys(a: float, b: float, x: float) -> None:
    assert quantiles.incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-13)


@given(PROBABILITIES, FREEDOM)
def test_t_quantile_is_scipys(p: float, df: float) -> None:
    assert quantiles.t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-7, abs=1e-9)


@given(PROBABILITIES, FREEDOM, FREEDOM)
@example(0.9994999999999999, 181.25, 1.0)  # far out, where 1 - x has lost its digits
def test_f_quantile_is_scipys(p: float, d1: float, d2: float) -> None:
    assert quantiles.f_quantile(p, d1, d2) == pytest.approx(stats.f.ppf(p, d1, d2), rel=1e-7)


@pytest.mark.parametrize(("d1", "d2"), [(1, 1), (4, 40), (1999, 998_000), (99, 1_000_000)])
@pytest.mark.parametrize("p", [0.05, 0.95])
def test_f_quantile_holds_for_large_organizations(p: float, d1: float, d2: float) -> None:
    assert quantiles.f_quantile(p, d1, d2) == pytest.approx(stats.f.ppf(p, d1, d2), rel=1e-8)


def test_incomplete_beta_ends_at_0_and_1() -> None:
    assert quantiles.incomplete_beta(2, 3, 0) == 0
    assert quantiles.incomplete_beta(2, 3, 1) == 1


def test_t_quantile_is_symmetric_and_ends_in_the_normal_one() -> None:
    assert quantiles.t_quantile(0.5, 7) == 0
    assert quantiles.t_quantile(0.05, 7) == pytest.approx(-quantiles.t_quantile(0.95, 7))
    assert quantiles.t_quantile(0.95) == quantiles.normal_quantile(0.95) == pytest.approx(1.6448536269514722)
    assert quantiles.t_quantile(0.95, 1e6) == pytest.approx(stats.t.ppf(0.95, 1e6), rel=1e-8)


def test_normal_probabilities_are_scipys_and_keep_nan() -> None:
    z = np.array([-9.0, -1.96, 0.0, 0.5, 4.0])
    np.testing.assert_allclose(quantiles.normal_cdf(z), stats.norm.cdf(z), rtol=1e-13)
    np.testing.assert_allclose(quantiles.two_sided(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-13)
    assert np.isnan(quantiles.normal_cdf(math.nan))
    assert np.isnan(quantiles.two_sided([math.nan])).all()
    assert quantiles.normal_cdf(np.zeros((2, 3))).shape == (2, 3)
