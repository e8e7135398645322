"""Findings in words."""

from dataclasses import replace
from typing import Any

import pytest

from webapp.domain import findings
from webapp.domain.publication import Finding
from webapp.results import sentences
from webapp.results.changes import Change, Verdict
from webapp.results.reading import Reading

BANNED = ("significant", "p =", "confidence", "improved", "best", "worst", "top ", "rank")


def test_every_code_that_publishing_gives_has_a_sentence(reading: Reading) -> None:
    told = findings.added(reading.publication, reading.questionnaire).findings
    assert {finding.code for finding in told} >= {"clearly_above", "clearly_below", "lead_more", "differ"}
    for finding in told:
        text = sentences.sentence(reading, finding)
        assert text.endswith("."), finding
        assert "%(" not in text


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            Finding("silent", 17, None, {}),
            "What Fleet thinks: under a quarter answered.",
        ),
        (
            Finding("participation_low", 0, None, {"percent": 45}),
            "Whether those who answered stand for the rest: about 45\u00a0% took part, and below 60\u00a0% we say “low”.",
        ),
        (
            Finding(
                "leaders_less", 0, "simplify", {"leaders": 20, "teams": 34, "gap": 14, "low": 6, "high": 22}
            ),
            "Leaders see less than their teams in Simplify the flood: 20 against 34, a gap of 14 (likely 6 to 22).",
        ),
        (
            Finding("lead_more", 3, None, {"practices": 6, "of": 9, "lead": 72, "score": 45, "leads": 1}),
            (
                "The leader of Support North sees more than its people in 6 of the 9 practices that compare: 72 against 45 on what both were asked."
                " The leader chose to show this."
            ),
        ),
        (
            Finding("lead_less", 3, None, {"practices": 0, "of": 9, "lead": 20, "score": 45, "leads": 2}),
            (
                "A leader of Support North sees less than its people: 20 against 45 on what both were asked."
                " The leader chose to show this."
            ),
        ),
        (
            Finding("island", 11, "simplify", {"practices": "simplify,solidify", "score": 80, "whole": 41}),
            (
                "Data platform is an island: it stands at 80 in Simplify the flood, where all together stand at 41."
                " The same in Solidify the basics."
            ),
        ),
        (
            Finding("divided", 3, "simplify", {"practices": "simplify,amplify"}),
            (
                "What Support North thinks of Simplify the flood and Amplify what works: the answers are divided,"
                " so the mean stands for few of them."
            ),
        ),
        (
            Finding(
                "lowest_few",
                0,
                "amplify",
                {"practices": "amplify,simplify", "least": 20, "most": 24, "others": 7},
            ),
            "Amplify what works and Simplify the flood are lowest, at 20 to 24, clearly below the other 7 practices.",
        ),
        (
            Finding("differ", 0, "simplify", {"practices": 5, "of": 9}),
            "Teams differ in 5 of 9 practices.",
        ),
        (
            Finding(
                "widest",
                0,
                "simplify",
                {
                    "points": 70,
                    "upper": "Data platform",
                    "upper_score": 90,
                    "lower": "Warehouse",
                    "lower_score": 20,
                },
            ),
            "In Simplify the flood teams lie apart: from 20 in Warehouse to 90 in Data platform.",
        ),
        (
            Finding("clearly_above", 11, None, {"practices": 4, "of": 9, "score": 75}),
            "Data platform is clearly above the rest in 4 of 9 practices.",
        ),
    ],
)
def test_a_finding_reads_as_a_sentence(reading: Reading, finding: Finding, words: Any) -> None:
    assert sentences.plain(sentences.sentence(reading, finding)) == words


def test_a_code_of_a_later_program_is_skipped(reading: Reading) -> None:
    assert sentences.sentence(reading, Finding("from_a_later_program", 0, None, {})) == ""


def test_no_sentence_praises_ranks_or_speaks_of_tests(reading: Reading) -> None:
    for finding in reading.publication.findings:
        text = sentences.sentence(reading, finding).lower()
        assert not [word for word in BANNED if word in text], text


def test_names_are_escaped_and_only_stars_become_bold(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[11] = replace(units[11], name="<script>alert(1)</script>")
    odd = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    text = sentences.marked(
        sentences.sentence(odd, Finding("clearly_above", 11, None, {"practices": 4, "of": 9, "score": 75}))
    )
    assert "<script>" not in text
    assert "<b>clearly above</b>" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(9, 5, 13, Verdict.ROSE, 1, 1), ("Rose 9", "likely 5 to 13", True)),
        (Change(-9, -13, -5, Verdict.FELL, 1, 1), ("Fell 9", "likely 5 to 13", True)),
        (Change(5, 1, 9, Verdict.CLOSE, 1, 1), ("Too close to call", "+1 to +9", False)),
        (Change(3, -1, 7, Verdict.NONE, 1, 1), ("No clear change", "−1 to +7", False)),
        (None, ("", "", False)),
    ],
)
def test_only_a_called_change_rises_or_falls(reading: Reading, change: Change | None, words: Any) -> None:
    assert reading is not None
    assert sentences.change_words(change) == words


def test_lists_of_names_stay_readable(reading: Reading) -> None:
    assert reading is not None
    assert sentences.listed([]) == ""
    assert sentences.listed(["A"]) == "A"
    assert sentences.listed(["A", "B", "C"]) == "A, B and C"
    assert sentences.listed(["Fire, ready, aim", "B", "C"]) == "Fire, ready, aim; B and C"
    assert sentences.listed(list("ABCDEFGH"), 3) == "A, B, C and 5 more"
