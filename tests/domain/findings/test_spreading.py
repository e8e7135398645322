"""How a practice spreads."""

from tests.fixtures.small_waves import asked, small
from webapp.domain.findings.spreading import silo
from webapp.domain.publication import Publication


def published(*levels: str) -> Publication:
    """Teams of ten in which everybody gives the same level, give or take one person."""
    rows = {f"T{spot}": [level] * 9 + ["3"] for spot, level in enumerate(levels)}
    return small(asked({"p": 1}), dict.fromkeys(rows, 10), rows).publication()


def verdicts(publication: Publication) -> set[str]:
    return {one.code for one in publication.findings if one.code.startswith("spread_")}


def test_a_few_people_islands_and_broad_practice_are_told_apart() -> None:
    assert verdicts(published("1", "1", "1", "1", "1", "1")) == {"spread_few"}
    assert verdicts(published("5", "1", "5", "1", "1", "1")) == {"spread_islands"}
    assert verdicts(published("4", "4", "4", "4", "4", "4")) == {"spread_broad"}


def test_under_ten_groups_of_people_nothing_is_said_of_spread() -> None:
    assert verdicts(published("5", "1", "1")) == set()


def test_the_silo_index_uses_what_is_shown() -> None:
    found = silo(published("5", "1", "5", "1", "1", "1"), "p")
    assert found is not None
    assert found.low > 0.5
    assert silo(published("5", "1"), "unknown") is None
