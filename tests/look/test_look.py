"""The look: pictures are drawn from numbers alone, colours can be read, and pages stay light."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
CSS = (WEBAPP / "static/css/groundswell.css").read_text()
OF_RESULTS = (WEBAPP / "static/css/results.css").read_text()
NUMBERS = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "dx", "width", "height")


@pytest.fixture(scope="module")
def score() -> Any:
    environment = Environment(
        loader=FileSystemLoader(WEBAPP / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # from the extension
    return environment.get_template("components/score.html").module


def cell(score: int | None, low: int | None, high: int | None, band: int, *, guarded: bool = False) -> Any:
    return SimpleNamespace(n=12, score=score, low=low, high=high, band=band, guarded=guarded)


def test_a_swell_stands_over_its_likely_range_with_the_same_area_everywhere(score: Any) -> None:
    drawn = str(score.swell(29, 23, 36, 1, ref=38, leader=58))

    assert '<svg x="17.6%" y="7.1" width="23.7%" height="16.9"' in drawn
    assert '<rect x="23%" y="24" width="13%" height="3"/>' in drawn
    assert '<circle cx="29%"' in drawn
    assert 'class="swell b2"' in drawn
    widths = [
        (float(found[1]), float(found[2]))
        for high in (45, 60)
        for found in [
            re.search(
                r'width="([\d.]+)%" height="([\d.]+)" viewBox',
                str(score.swell(40, 30, high, 2, kind="teams")),
            )
        ]
        if found
    ]
    (narrow, tall), (wide, low) = widths
    assert narrow * tall == pytest.approx(wide * low, rel=0.01)


@pytest.mark.parametrize("kind", ["row", "profile", "teams"])
@pytest.mark.parametrize(
    ("own", "low", "high", "ref"), [(0, 0, 0, 100), (100, 93, 100, 98), (50, 46, 55, 52), (3, 0, 8, 5)]
)
def test_every_attribute_of_a_picture_is_a_number(
    score: Any, kind: str, own: int, low: int, high: int, ref: int
) -> None:
    drawn = str(score.swell(own, low, high, min(4, own // 20), ref=ref, leader=77, kind=kind))

    assert "style" not in drawn
    for name in NUMBERS:
        for value in re.findall(rf'\s{name}="([^"]*)"', drawn):
            assert re.fullmatch(r"-?\d+(\.\d)?%?", value), (name, value)


def test_a_cell_says_no_more_than_it_may(score: Any) -> None:
    assert "Not shown, to protect anonymity" in score.number(None)
    strict = str(score.number(cell(None, None, None, 2), "In part"))
    assert "In part" in strict
    assert not re.search(r">\s*\d", strict)
    assert "about" in score.number(cell(45, 37, 53, 2, guarded=True))
    assert str(score.swell(None, None, None, 2)) == ""


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_and_edges_can_be_told_from_their_ground(theme: int) -> None:
    block = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[theme]
    tokens = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", block))

    for ground in ("paper", "sheet"):
        for name in ("ink", "soft", "link", "mark"):
            assert contrast(tokens[name], tokens[ground]) >= 4.5, (name, ground)
        assert contrast(tokens["edge"], tokens[ground]) >= 3
    for step in range(10):
        assert contrast(tokens["ink"], tokens[f"h{step}"]) >= 4.5


def test_every_class_of_a_component_has_a_rule() -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", CSS + OF_RESULTS))
    used = {
        name
        for template in (WEBAPP / "templates").rglob("*.html")
        for value in re.findall(r'class="([a-z0-9 ]+)"', template.read_text())
        for name in value.split()
    }
    assert used - known == set()


def test_scripts_and_styles_stay_small() -> None:
    scripts = sum(len(path.read_bytes()) for path in (WEBAPP / "static/js").glob("*.js"))

    assert scripts < 10_000
    assert len(CSS.encode()) < 22_000  # 5 kB on the wire, which a respondent loads too
