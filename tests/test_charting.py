"""Colours stand in three places, because no chart can read a style sheet: they say the same."""

import re
from pathlib import Path

import pytest

from webapp import charting

STATIC = Path(charting.__file__).with_name("static")


def swapped() -> dict[str, str]:
    """What the page's script puts in the place of a chart's colour: the name of a token."""
    script = (STATIC / "js/charts.js").read_text().partition("const LIGHT = {")[2].partition("}")[0]
    return dict(re.findall(r'"(#[0-9a-f]{6})": "(--\w+)"', script))


def tokens() -> dict[str, str]:
    """The light theme's colours by their tokens."""
    light = (STATIC / "css/groundswell.css").read_text().partition(":root")[2].partition("}")[0]
    return {
        name: colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
        for name, colour in re.findall(r"(--\w+): (#[0-9a-f]{3,6})", light)
    }


def test_the_script_swaps_each_colour_for_the_token_that_has_it() -> None:
    assert swapped()
    assert {name: tokens()[name] for name in swapped().values()} == {
        name: colour for colour, name in swapped().items()
    }


@pytest.mark.parametrize(
    "colour", [*charting.BANDS, *(value for value in vars(charting).values() if str(value)[:1] == "#")]
)
def test_a_chart_has_no_colour_that_the_theme_cannot_swap(colour: str) -> None:
    assert colour in swapped()


def test_text_is_text_to_the_chart_library() -> None:
    assert charting.safe("<b>R&D</b>") == "&lt;b&gt;R&amp;D&lt;/b&gt;"
