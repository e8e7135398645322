"""Live use cases for ten people, and how sure they are as a pace."""

import pytest
from scipy.stats import chi2

from webapp.domain.shipped import per_ten


def test_a_rate_is_for_ten_people() -> None:
    found = per_ten(3, 12)
    assert found.at == 2.5
    assert found.low < 2.5 < found.high


@pytest.mark.parametrize("count", [0, 1, 2, 5, 20, 100])
def test_its_range_is_that_of_a_count(count: int) -> None:
    """Beside the exact one (Garwood 1936)."""
    found = per_ten(count, 10)
    low = chi2.ppf(0.05, 2 * count) / 2 if count else 0.0
    assert found.low == pytest.approx(low, abs=0.06)
    assert found.high == pytest.approx(chi2.ppf(0.95, 2 * count + 2) / 2, abs=0.06)


def test_a_unit_without_people_has_none() -> None:
    with pytest.raises(ValueError, match="without people"):
        per_ten(0, 0)
