"""Leaders beside their teams."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from webapp.domain.publication import UnitResult
from webapp.results.blind_spots import figures
from webapp.results.reading import Reading

Changed = Callable[..., Reading]


def address(kestrel: SimpleNamespace, more: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/blind-spots{more}"


def with_unit(reading: Reading, position: int, change: Callable[[UnitResult], UnitResult]) -> Reading:
    units = list(reading.publication.units)
    units[position] = change(units[position])
    publication = replace(reading.publication, units=tuple(units))
    return Reading(reading.slug, publication, reading.questionnaire, reading.span)


def test_the_page_says_where_leaders_see_more(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel)).text()
    assert "Leaders see more than their teams in" in text
    assert "9 leaders count in the average. 1 leader chose to stand beside the own unit." in text
    assert "The leader of Dispatch" in text


def test_without_leaders_it_says_kindly_what_it_takes(reading: Reading) -> None:
    none = with_unit(reading, 0, lambda unit: replace(unit, leaders={}))
    none = with_unit(none, 16, lambda unit: replace(unit, named=()))
    shown = figures.of(none, None)
    assert shown.headline == "Leaders and their teams cannot be compared in this wave"
    assert "from 5 leaders on" in shown.needed[0]
    assert shown.chosen == []
    unasked = Reading("kestrel", replace(none.publication, leader_form=None), none.questionnaire)
    assert "This wave asked no leaders." in figures.of(unasked, None).needed[0]
