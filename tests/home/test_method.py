import inspect
import re
from types import ModuleType
from typing import Any

import pytest

from tests.fixtures.pages import CheckingClient, words
from webapp.domain import (
    advice,
    agreement,
    cells,
    comparison,
    evidence_plan,
    hype,
    intervals,
    lamps,
    participation,
    publish,
    quality,
    scoring,
    spread,
    time_guard,
    unblocking,
)
from webapp.domain.findings import chance
from webapp.home.thresholds import TEAMS, thresholds
from webapp.organizations import commands

# module, name, another value than the code's own, and what the page must then say
CHANGED: tuple[tuple[ModuleType, str, Any, str], ...] = (
    (scoring, "LOWEST", 7, "never below 7 or"),
    (scoring, "HIGHEST", 93, "or above 93:"),
    (scoring, "ENOUGH_ANSWERS", 13, "has 13 answers"),
    (intervals, "CONFIDENCE", 0.87, "Likely range87 %"),
    (intervals, "PHI", 0.23, "with 0.23 as a start"),
    (intervals, "PHI_INDEX", 0.09, "(0.09 for the index)"),
    (intervals, "PRIOR_ANSWERS", 17, "as much as 17 answers"),
    (intervals, "ENOUGH_FOR_PHI", 33, "under 33 answers"),
    (intervals, "ENOUGH_FOR_ALPHA", 111, "once 111 people have answered"),
    (intervals, "RELIABILITY", 0.67, "r is 0.67,"),
    (intervals, "RELIABILITY_ONE_ITEM", 0.43, "; 0.43;"),
    (intervals, "RELIABILITY_INDEX", 0.83, "; 0.83"),
    (intervals, "ALPHA_LIMITS", (0.31, 0.79), "0.31 to 0.79"),
    (intervals, "ALPHA_LIMITS_INDEX", (0.53, 0.91), "0.53 to 0.91"),
    (quality, "LOW_ALPHA", 0.57, "alpha under 0.57"),
    (publish, "LOW_RESPONSE", 0.63, "response under 63 % is marked"),
    (publish, "UNEVEN", 0.43, "by more than 43 points says so"),
    (comparison, "LEAST_POINTS", 6, "difference is at least 6 points"),
    (comparison, "FALSE_SHARE", 0.12, "q = 0.12"),
    (comparison, "LEAST_GAP", 11, "from 11 points on"),
    (chance, "UNITS", 0.21, "by name0.21; "),
    (chance, "UNITS_AT_ALL", 0.22, "; 0.22; "),
    (chance, "PRACTICES", 0.24, "; 0.24; "),
    (chance, "LEADERS", 0.25, "; 0.25; "),
    (chance, "LEADERS_BY_NAME", 0.26, "; 0.26"),
    (comparison, "FEW_UNITS", 6, "at least 6 teams are shown"),
    (agreement, "CLOSE_BELOW", 0.72, "under 0.72 of a level"),
    (agreement, "DIVIDED_ABOVE", 1.03, "above 1.03"),
    (agreement, "FEWEST_FOR_A_WORD", 6, "From 6 answers on"),
    (agreement, "FLOOR", 0.4, "0.4, which stands for anything smaller"),
    (spread, "PRACTISING", 61, "people at 61 or more"),
    (spread, "FEW_REACHED", 11, "reach under 11 %"),
    (spread, "MANY_REACHED", 41, "reach of 41 % or more"),
    (spread, "ISLANDS_ABOVE", 0.17, "surely above 0.17"),
    (spread, "DIFFERENCE_RELIABILITY", 0.53, "taken as 0.53"),
    (hype, "LEAST_APART", 11, "from outside11 points apart"),
    (lamps, "WITHIN", 21, "stays within 21 points"),
    (lamps, "SIGNS", {"solidify": lamps.Sign("trained", 27, 63)}, "people trained27 to 63 %"),
    (evidence_plan, "STEP", 4, "in steps of 4 %"),
    (evidence_plan, "HARDLY_ANY", 9, "where that is 9 % of the people"),
    (evidence_plan, "MOST_MONTHS", 23, "the newest first23"),
    (advice, "TARGET", 61, "The target is 61,"),
    (advice, "HIGHER_TARGET", 81, "or 81 once"),
    (advice, "UNLOCKS_COUNTED", 4, "up to 4 of them"),
    (advice, "MANY_DONT_KNOW", 33, "over 33 % did not know"),
    (unblocking, "TRUE_LEVEL", 5, "to its answer number 5,"),
    (unblocking, "TRUE_MEAN", 77.0, "which is 77 on the scale"),
    (participation, "STEPS_FROM", 53, "of 53 people or more"),
    (cells, "COARSE", 4.0, "rounded to a multiple of 4"),
    (time_guard, "MEMORY_MONTHS", 25, "last 25 months"),
)


def test_each_threshold_of_the_code_is_the_one_on_the_page(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are changed at once, each to a number of its own: what the page then says comes from the code."""
    before = client.page("/method").text()
    for module, name, value, _said in CHANGED:
        monkeypatch.setattr(module, name, value)
    after = client.page("/method").text()
    early = [f"{module.__name__}.{name}" for module, name, _value, said in CHANGED if said in before]
    missing = [
        f"{module.__name__}.{name}: {said!r}" for module, name, _value, said in CHANGED if said not in after
    ]
    assert not early, "These would be found whatever the code holds."
    assert not missing


def test_the_smallest_groups_on_the_page_are_those_of_the_settings(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert "smallest group k: five by default, never under three" in text
    usual = inspect.signature(commands.create_organization).parameters["smallest_group"].default
    assert (usual, commands.SMALLEST) == (5, 3)


def test_the_example_is_worked_out_by_the_formulas_above_it(client: CheckingClient) -> None:
    text = client.page("/method").text()
    formula = "c = (1 − r × n / N) / n"
    assert formula in text
    assert "a = 2.7055 × (φ × c + 1 / (12 × s × (100 − s)))" in text
    assert "ends = 100 × (u + a/2 ± √(a × u × (1 − u) + a²/4)) / (1 + a)" in text
    found = re.search(
        r"(\d+) from (\d+) of (\d+) people, with φ = ([\d.]+) and r = ([\d.]+)\. c = ([\d.]+), a = ([\d.]+),"
        r" ends ([\d.]+) and ([\d.]+)\.",
        text,
    )
    assert found
    s, n, invited, phi, r = (float(one) for one in found.groups()[:5])
    c = (1 - r * n / invited) / n
    a = 2.7055 * (phi * c + 1 / (12 * s * (100 - s)))
    u = s / 100
    half = (a * u * (1 - u) + a**2 / 4) ** 0.5
    ends = [100 * (u + a / 2 + sign * half) / (1 + a) for sign in (-1, 1)]
    assert [f"{c:.4f}", f"{a:.4f}", *(f"{end:.1f}" for end in ends)] == list(found.groups()[5:])


def test_what_can_be_recognised_is_computed_as_for_results(client: CheckingClient) -> None:
    page = client.page("/method")
    table = next(one for one in page.all("table") if "What can be recognised" in words(one))
    rows = [[words(cell) for cell in row] for row in table.iter("tr")][1:]
    for (n, invited), row in zip(TEAMS, rows, strict=True):
        alone, first = comparison.smallest_difference(n, invited, intervals.PHI, intervals.RELIABILITY)
        assert row == [f"{n} of {invited}", f"{int(alone)}", f"{int(first)}"]


def test_no_number_on_the_page_is_without_a_place_in_the_code() -> None:
    """All constants of the page are tried above, or are made of some that are."""
    tried = {str(one[1]).lower() for one in CHANGED}
    made = {"z2", "recognised", "example", "finer", "leverage", "sentence_shares"}
    named = {
        "r": "reliability",
        "r_one": "reliability_one_item",
        "r_index": "reliability_index",
        "difference_r": "difference_reliability",
        "unlocks": "unlocks_counted",
        "many_unknown": "many_dont_know",
        "months": "memory_months",
        "evidence_months": "most_months",
    }
    fields = {named.get(name, name) for name in thresholds().__slots__}
    shares = {one[1].lower() for one in CHANGED if one[0] is chance}
    assert fields - made == tried - shares


def test_it_says_what_holds_over_time_in_both_settings_and_what_strict_costs(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert "rounded to a multiple of 5" in text
    assert "about 42 % of the shown teams show a band only in the second wave, and 48 % later on" in text


def test_it_says_what_it_is_not_and_what_is_not_piloted(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert "No compliance, data or security assessment." in text
    assert "has not led organizations with thousands of people" in text
    assert "not yet tried with people" in text
    assert "interviews" in text
    assert "a first hundred answers" in text
    assert "the same people asked twice" in text


def test_its_list_of_contents_names_each_section_once(client: CheckingClient) -> None:
    page = client.page("/method")
    sections = [one.get("id") for one in page.all("section")]
    links = [str(one.get("href")) for one in page.all("a")]
    wanted = [re.sub("^#", "", link) for link in links if re.fullmatch("#[a-z]+", link) and link != "#main"]
    assert wanted == sections


def test_no_paragraph_is_a_wall_of_text(client: CheckingClient) -> None:
    page = client.page("/method")
    for one in page.all("p", "li"):
        assert len(words(one).split()) <= 110, words(one)
