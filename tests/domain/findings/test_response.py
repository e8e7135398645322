"""Who was silent."""

from tests.fixtures.small_waves import small
from webapp.domain.publication import Publication


def published(answering: dict[str, int]) -> Publication:
    rows = {name: ["3"] * count for name, count in answering.items()}
    return small({"p": 1}, dict.fromkeys(answering, 20), rows).publication()


def codes(publication: Publication) -> set[tuple[str, int]]:
    return {(one.code, one.unit) for one in publication.findings}


def test_a_silent_team_is_said_and_an_answering_one_is_not() -> None:
    found = codes(published({"A": 2, "B": 18, "C": 18}))
    assert ("silent", 1) in found
    assert ("silent", 2) not in found


def test_under_sixty_percent_is_low_for_a_unit_and_for_the_whole() -> None:
    found = codes(published({"A": 10, "B": 10, "C": 10}))
    assert {("low_response", 1), ("low_response", 2), ("participation_low", 0)} <= found
    assert ("low_response", 0) not in found, "the whole is told in percent"


def test_parts_that_answered_very_unequally_make_the_whole_uncertain() -> None:
    assert ("uneven", 0) in codes(published({"A": 6, "B": 20, "C": 20}))
    assert ("uneven", 0) not in codes(published({"A": 14, "B": 18, "C": 20}))


def test_a_hidden_team_is_not_called_low() -> None:
    found = codes(published({"A": 3, "B": 18, "C": 18}))
    assert ("low_response", 1) not in found
