"""Which findings a page tells, in which order, and where each leads."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import render_template_string

from webapp.domain.publication import Finding
from webapp.results import sentences, telling
from webapp.results.overview import figures
from webapp.results.reading import Reading, unit_id

OPERATIONS = range(14, 19)
GAPS = tuple(
    Finding("leaders_more", 0, key, {"leaders": 58, "teams": teams, "gap": 58 - teams, "low": 16, "high": 32})
    for key, teams in (("simplify", 34), ("follow_value", 38))
)


@pytest.fixture
def mine(reading: Reading) -> Reading:
    """The same wave as the leader of Operations reads it."""
    ids = frozenset(unit_id(reading.publication.units[place].key) or 0 for place in OPERATIONS)
    return replace(reading, span=ids)


def with_findings(reading: Reading, *found: Finding) -> Reading:
    return replace(reading, publication=replace(reading.publication, findings=found))


def test_an_owner_first_hears_of_what_is_far_ahead(reading: Reading) -> None:
    first = telling.told(reading)[0].striptags()
    assert first.startswith("Data platform is an island: it stands at 88 in Solidify the basics")


def test_who_leads_a_part_first_hears_of_it_and_then_of_the_whole(mine: Reading) -> None:
    found = (*GAPS, *mine.publication.findings)
    told = [text.striptags() for text in telling.told(with_findings(mine, *found))]
    own = [text for text in told if re.search("Operations|Dispatch|Warehouse|Customs", text)]
    assert own
    assert told[: len(own)] == own
    assert told[len(own)].startswith("Leaders see more than their teams")


def test_leaders_widest_gap_is_told_in_full_and_the_others_by_name(reading: Reading) -> None:
    (text,) = telling.told(with_findings(reading, *GAPS))
    assert text.striptags() == (
        "Leaders see more than their teams in Simplify the flood: 58 against 34, a gap of 24 (likely 16 to 32)."
        " The same, smaller, in Follow the value."
    )


def test_nothing_is_told_of_units_out_of_sight(mine: Reading, reading: Reading) -> None:
    told = " ".join([*telling.told(mine), *telling.told(mine, leave_open=True)])
    seen = {reading.unit(place).name for place in OPERATIONS} | {reading.unit(0).name}
    for unit in reading.publication.units:
        assert unit.name in seen or unit.name not in told.replace("The other", "")


def test_every_finding_leads_to_a_page_that_holds_its_numbers(kestrel: SimpleNamespace) -> None:
    for member in (kestrel.owner, kestrel.leader):
        page = member.page("/o/kestrel/")
        links = [child.get("href", "") for bold in page.all("b") for child in bold]
        assert len(links) > 4
        for link in links:
            where, _, place = link.partition("#")
            shown = member.page(where or "/o/kestrel/")
            assert not place or [one for one in shown.elements if one.get("id") == place], link


def test_low_participation_leads_to_who_answered_from_every_page(reading: Reading) -> None:
    low = Finding("participation_low", 0, None, {"percent": 45})
    wave = reading.publication.wave
    (text,) = telling.of_unit(with_findings(reading, low), 0, leave_open=True)
    assert f'href="/o/kestrel/?wave={wave}#answered"' in text


def test_a_hidden_team_leads_to_its_own_page(reading: Reading) -> None:
    assert telling.address(reading, Finding("silent", 17, None, {})).endswith("/units/u117")


@pytest.mark.parametrize("code", sorted(telling.OPEN - {"participation_low"}))
def test_what_is_left_open_in_several_units_is_one_sentence(reading: Reading, code: str) -> None:
    found = [Finding(code, place, "simplify", {"practices": "simplify"}) for place in range(2, 14)]
    (text,) = telling.told(with_findings(reading, *found), leave_open=True)
    assert "Onboarding, Support North" in text
    assert "and 4 more" in text
    assert text.count("<a ") == 1


@pytest.mark.parametrize("code", ["island", "clearly_above", "clearly_below", "lead_more", "lead_less"])
def test_very_many_units_that_stand_apart_are_one_sentence(reading: Reading, code: str) -> None:
    values = {"practices": 3, "of": 9, "score": 70, "lead": 80, "leads": 1, "whole": 40}
    found = [Finding(code, place, "simplify", values) for place in range(2, 14)]
    assert len(telling.told(with_findings(reading, *found))) == 1
    assert len(telling.told(with_findings(reading, *found[:2]))) == 2


def test_what_is_clear_in_one_unit_alone_is_for_its_own_page(reading: Reading, mine: Reading) -> None:
    found = [
        Finding("lowest", place, "amplify", {"score": 18, "low": 15, "high": 22}) for place in (9, 14, 16)
    ]
    assert telling.told(with_findings(reading, *found)) == []
    (own,) = telling.told(with_findings(mine, *found))
    assert own.striptags() == "In Operations, Amplify what works is lowest, at 18 (likely 15 to 22)."
    assert len(telling.of_unit(with_findings(reading, *found), 16)) == 1


def test_changes_of_the_own_units_come_before_those_of_the_whole(
    reading: Reading, kestrel: SimpleNamespace
) -> None:
    engineering = replace(reading, span=frozenset(range(109, 114)))
    before = replace(engineering, publication=kestrel.made[2], questionnaire=kestrel.questionnaires[2])
    told = [text.striptags() for text in figures.of(engineering, before).clear]
    assert told[0].startswith("In Engineering, Room to try, safely rose 9 points since August 2025")
    assert told[1].startswith("Room to try, safely rose 9 points")


def test_more_than_seven_sentences_are_folded(kestrel: SimpleNamespace) -> None:
    source = "{% from 'components/findings.html' import findings %}{{ findings('Clear', range(many)|map('string')|list) }}"
    with kestrel.app.test_request_context():
        few, many = (render_template_string(source, many=count) for count in (8, 9))
    assert "<details>" not in few
    assert "<summary>2 more" in many
    assert many.count("<li>") == 9


def test_a_name_full_of_marks_stays_text(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[3] = replace(units[3], name='<b> "x" ** \u202e%(leads)s')
    odd = replace(reading, publication=replace(reading.publication, units=tuple(units)))
    text = telling.one(odd, Finding("silent", 3, None, {}))
    assert "&lt;b&gt;" in text
    assert "under a quarter answered" in text
    assert "%(leads)s" in text


def test_stored_findings_of_older_publications_still_read(reading: Reading) -> None:
    ends = {
        "points": 70,
        "upper": "Data platform",
        "upper_score": 90,
        "lower": "Warehouse",
        "lower_score": 20,
    }
    old = with_findings(
        reading,
        Finding("clearly_above", 11, None, {"practices": 4, "of": 9, "score": 75}),
        Finding("highest", 0, "amplify", {"score": 55, "low": 50, "high": 60}),
        Finding("widest", 0, "simplify", ends),
        Finding("silent", 17, None, {}),
    )
    assert len(telling.told(old)) == 3
    assert all(sentences.sentence(old, one) for one in old.publication.findings)
