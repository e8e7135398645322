import re

from tests.fixtures.pages import CheckingClient
from webapp.domain import advice, comparison, intervals, scoring, time_guard


def test_it_says_every_threshold_that_the_code_holds(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert f"never below {scoring.LOWEST} or above {scoring.HIGHEST}" in text
    assert f"at least {comparison.LEAST_POINTS} points" in text
    assert f"from {comparison.LEAST_GAP} points on" in text
    assert f"q = {comparison.FALSE_SHARE:.2f}".replace("0.", ".") in text
    assert f"r is {intervals.RELIABILITY:.2f}".replace("0.", ".") in text
    assert f"{intervals.PHI:.2f} as a start".replace("0.", ".") in text
    assert f"The target is {advice.TARGET}, or {advice.HIGHER_TARGET}" in text
    assert f"over {advice.MANY_DONT_KNOW} %" in text
    assert f"last {time_guard.MEMORY_MONTHS} months" in text


def test_it_says_what_holds_over_time_in_both_settings_and_what_strict_costs(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert "rounded to a multiple of 5" in text
    assert "about 42 % of the shown teams show a band only in the second wave, and 48 % later on" in text


def test_it_says_what_it_is_not_and_what_is_not_piloted(client: CheckingClient) -> None:
    text = client.page("/method").text()
    assert "No compliance, data or security assessment." in text
    assert "has not led organizations with thousands of people" in text
    assert "not yet tried with people" in text


def test_its_list_of_contents_names_each_section_once(client: CheckingClient) -> None:
    page = client.page("/method")
    sections = [one.get("id") for one in page.all("section")]
    links = [str(one.get("href")) for one in page.all("a")]
    wanted = [re.sub("^#", "", link) for link in links if re.fullmatch("#[a-z]+", link) and link != "#main"]
    assert wanted == sections
