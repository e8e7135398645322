"""Whoever reads how a score was made can work it out again: these tests read the page, and calculate with what it prints."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from flask import current_app, render_template
from markupsafe import Markup

from tests.fixtures.pages import Page, words
from webapp.domain.intervals import interval
from webapp.domain.publication import INDEX, Cell
from webapp.results.making import made
from webapp.results.reading import Reading
from webapp.results.unit import figures

Changed = Callable[..., Reading]
MACRO = '{% from "components/making.html" import making %}{{ making(made, "made") }}'


def printed(details: Element) -> dict[str, tuple[str, str]]:
    """The lines of the arithmetic as they are printed: how each is worked out, and what came out."""
    names = [words(one) for one in details.iter("dt")]
    lines = [words(one).rpartition(" = ") for one in details.iter("dd")]
    return {name: (how, result) for name, (how, _is, result) in zip(names, lines, strict=True)}


def worked_out(how: str) -> float:
    """A printed line as a pocket calculator would do it."""
    plain = how.replace("×", "*").replace("−", "-").replace("²", "**2").replace("√", "root")
    assert re.fullmatch(r"[\d\s.*+/()e-]+|.*root.*", plain), how
    return float(eval(plain, {"__builtins__": {}, "root": lambda x: x**0.5}))  # noqa: S307 - our own page's sums


def by_the_method_page(s: int, n: int, invited: int, phi: float, r: float, step: int) -> tuple[float, float]:
    """The formula of the method page in plain numbers, from nothing but what the page of results prints."""
    c = (1 - r * n / invited) / n
    a = 2.7055 * (phi * c + step**2 / (12 * s * (100 - s)))
    u = s / 100
    half = (a * u * (1 - u) + a**2 / 4) ** 0.5
    return 100 * (u + a / 2 - half) / (1 + a), 100 * (u + a / 2 + half) / (1 + a)


def check_range(details: Element) -> None:
    """The range that the summary line tells follows from the score, the counts and the two constants beside it."""
    text = words(details)
    told = re.search(
        r"Likely range (\d+) to (\d+): 90 % Wilson interval for (\d+) of (\d+) people, dispersion ([\d.]+),"
        r" reliability ([\d.]+)\.",
        text,
    )
    score = re.search(r"How the (\d+) for", text)
    assert told, text
    assert score, text
    s, low, high, n, invited = (int(one) for one in (score[1], *told.groups()[:4]))
    step = 5 if "Rounded to a multiple of 5" in text else 1
    least, most = by_the_method_page(s, n, invited, float(told[5]), float(told[6]), step)
    assert low == (0 if s == 5 else min(s, int(least + 0.5)))
    assert high == (100 if s == 95 else max(s, int(most + 0.5)))

    lines = printed(details)
    assert worked_out(lines["c"][0]) == pytest.approx(float(lines["c"][1]), rel=1e-4)
    assert worked_out(lines["a"][0]) == pytest.approx(float(lines["a"][1]), rel=1e-4)
    how, result = lines["Range"]
    shown = re.fullmatch(r"([\d.]+) and ([\d.]+); shown: (\d+) to (\d+)", result)
    assert shown, result
    assert (int(shown[3]), int(shown[4])) == (low, high)
    assert worked_out(how.replace("±", "-")) == pytest.approx(float(shown[1]), abs=0.01)
    assert worked_out(how.replace("±", "+")) == pytest.approx(float(shown[2]), abs=0.01)


def check_score(details: Element) -> None:
    """The score follows from the inputs in the table above it, where there are any."""
    score = int(re.search(r"How the (\d+) for", words(details))[1])  # type: ignore[index]
    rows = [[words(cell) for cell in row] for row in next(details.iter("table")).iter("tr")][1:]
    lines = printed(details)
    name = next((one for one in ("Index", "Score") if one in lines), None)
    if name is None:
        assert {row[1] for row in rows} == {"–"}, "Where inputs are told, so is the sum."
        return
    inputs = [(int(row[1]), float(row[2]) if name == "Index" else 1.0) for row in rows if row[1] != "–"]
    mean = sum(value * weight for value, weight in inputs) / sum(weight for _value, weight in inputs)
    assert worked_out(lines[name][0]) == pytest.approx(mean)
    assert lines[name][1] == f"{mean:.2f}".rstrip("0").rstrip(".") + f"; shown: {score}"
    assert abs(score - mean) <= (0.5 if name == "Index" else 1.0)


def details_of(page: Page) -> Iterator[Element]:
    for one in page.all("details"):
        if words(one).startswith("How the "):
            yield one


def test_every_range_on_a_units_page_can_be_worked_out_again(kestrel: SimpleNamespace) -> None:
    seen = 0
    for place in (0, 1, 2, 11, 16):
        for details in details_of(
            kestrel.owner.page(
                f"/o/kestrel/results/{kestrel.waves[-1]}/units/{kestrel.last.units[place].key}"
            )
        ):
            check_range(details)
            seen += 1
    assert seen == 50


def test_every_score_on_a_units_page_follows_from_its_inputs(kestrel: SimpleNamespace) -> None:
    for place in (2, 16):
        page = kestrel.owner.page(
            f"/o/kestrel/results/{kestrel.waves[-1]}/units/{kestrel.last.units[place].key}"
        )
        for details in details_of(page):
            check_score(details)


def test_the_page_of_a_practice_opens_to_the_same(kestrel: SimpleNamespace) -> None:
    unit = kestrel.last.units[16]
    page = kestrel.owner.page(f"/o/kestrel/results/{kestrel.waves[-1]}/practices/simplify?unit={unit.key}")
    details = list(details_of(page))
    assert [part.get("id") for one in details for part in one][1:] == ["made"]
    check_range(details[0])
    check_score(details[0])


@pytest.mark.parametrize(
    ("score", "guarded"),
    [(5, False), (6, False), (50, False), (94, False), (95, False), (5, True), (35, True), (95, True)],
)
@pytest.mark.parametrize(("n", "invited"), [(5, 5), (7, 30), (120, 171)])
def test_rounded_scores_and_the_ends_of_the_scale_too(
    reading: Reading, changed: Changed, score: int, guarded: bool, n: int, invited: int
) -> None:
    known = reading.publication.constants["simplify"]
    low, high = interval(score, n, invited, known.phi, known.r, step=5 if guarded else 1)
    cell = {
        "score": score,
        "low": int(low),
        "high": int(high),
        "n": n,
        "invited": invited,
        "guarded": guarded,
    }
    other = changed(reading, 16, "simplify", item_means=None, **cell)
    check_range(opened(other, "simplify"))


def test_the_weights_of_practices_stand_in_the_sum(reading: Reading) -> None:
    practices = tuple(
        one.model_copy(update={"weight": 2.0 if one.key == "simplify" else 0.5}) for one in reading.practices
    )
    asked = reading.questionnaire.model_copy(update={"practices": practices})
    parts = [reading.unit(16).teams[one.key].score or 0 for one in practices]
    mean = sum(score * one.weight for score, one in zip(parts, practices, strict=True)) / 6
    units = list(reading.publication.units)
    whole = replace(units[16].teams[INDEX], score=int(mean + 0.5))
    units[16] = replace(units[16], teams=dict(units[16].teams) | {INDEX: whole})
    publication = replace(reading.publication, units=tuple(units))
    check_score(opened(Reading("kestrel", publication, asked), INDEX))


def test_without_the_wave_s_constants_there_is_no_range_to_work_out(reading: Reading) -> None:
    publication = replace(reading.publication, constants={})
    other = Reading("kestrel", publication, reading.questionnaire)
    shown = made(other, other.unit(2).teams, "simplify")
    assert shown.sums == ()


def test_a_band_alone_has_nothing_to_work_out(reading: Reading, changed: Changed) -> None:
    bands = changed(reading, 16, "simplify", score=None, low=None, high=None)
    assert "simplify" not in [one.key for one in figures.of(bands, 16, None).making]


def opened(reading: Reading, variable: str) -> Element:
    cell: Cell = reading.unit(16).teams[variable]
    assert cell.score is not None
    body = current_app.jinja_env.from_string(MACRO).render(
        made=made(reading, reading.unit(16).teams, variable)
    )
    page = Page(
        render_template("results/page.html", title="One", active="", body=Markup(body), charts=False)  # noqa: S704 - a rendered template
    )
    return next(iter(details_of(page)))
