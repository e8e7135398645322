"""The quadrants as a plain Plotly figure, in the light colours; the page's script swaps them for the theme."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from webapp.charting import BANDS, EDGE, INK, PAPER, SOFT, TICKS, Figure, axis, layout, note, safe
from webapp.results.hype import words
from webapp.results.hype.boards import MOST_PERCENT, Against, Boards
from webapp.results.hype.figures import lines

MOST_NAMES = 16  # of more units only those that are clear are written beside their dots


@dataclass(frozen=True, slots=True)
class Dot:
    """A unit: what it says (x) and what it does (y), each with its range."""

    name: str
    x: float
    x_low: float
    x_high: float
    y: float
    y_low: float
    y_high: float
    clear: bool
    words: str


def figure(boards: Boards, against: Against) -> Figure:
    """A dot a unit, and two lines through the whole."""
    dots = _dots(boards, against)
    whole, units = dots[0] if dots and boards.reading.visible else None, dots[1:]
    top = MOST_PERCENT if against != "shipped" else _round_up(max((dot.y_high for dot in dots), default=1.0))
    return {
        "data": [_scatter(units)],
        "layout": layout(
            margin={"l": 40, "r": 16, "t": 40, "b": 52},
            xaxis=_axis(MOST_PERCENT, _("Say: what people expect a year from now")),
            yaxis=_axis(top) | ({} if against == "shipped" else {"tickvals": TICKS[1:]}),
            shapes=_cross(whole, top) if whole else [],
            annotations=[
                _corner(0, top, words.axis(against), "left", "top", yshift=26),
                *(_corners(top) if whole else []),
                *(_name(dot) for dot in units if dot.clear or len(units) <= MOST_NAMES),
            ],
        ),
    }


def _dots(boards: Boards, against: Against) -> list[Dot]:
    """The whole first, as the lines of the table are."""
    found = []
    shown = lines(boards, against)
    if against == "use":
        heights = [(float(gap.use.score), float(gap.use.low), float(gap.use.high)) for gap in boards.gaps]
    else:
        heights = [(one.does.at, one.does.low, one.does.high) for one in boards.of(against)]
    for line, (y, y_low, y_high) in zip(shown, heights, strict=True):
        score, low, high = line.says.score or 0, line.says.low or 0, line.says.high or 0
        does = line.figure or f"{line.does.score if line.does else ''}"
        text = _("%(name)s: say %(say)s, do %(do)s", name=line.name, say=score, do=does)
        if line.verdict:
            text = f"{text}; {line.verdict}"
        found.append(Dot(line.name, score, low, high, y, y_low, y_high, line.clear, safe(text)))
    return found if shown and shown[0].whole else [Dot("", 0, 0, 0, 0, 0, 0, clear=False, words=""), *found]


def _scatter(dots: list[Dot]) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.x for dot in dots],
        "y": [dot.y for dot in dots],
        "customdata": [dot.words for dot in dots],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": [12 if dot.clear else 9 for dot in dots],
            "color": [INK if dot.clear else BANDS[2] for dot in dots],
            "line": {"color": INK, "width": 1},
        },
        "error_x": _bars([dot.x_high - dot.x for dot in dots], [dot.x - dot.x_low for dot in dots]),
        "error_y": _bars([dot.y_high - dot.y for dot in dots], [dot.y - dot.y_low for dot in dots]),
    }


def _bars(up: list[float], down: list[float]) -> Figure:
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": EDGE,
        "thickness": 1,
        "width": 0,
    }


def _axis(most: float, title: str = "") -> Figure:
    return axis(title, range=[0, most * 1.01]) | ({"tickvals": TICKS} if most == MOST_PERCENT else {})


def _cross(whole: Dot, top: float) -> list[Figure]:
    line = {"type": "line", "line": {"color": SOFT, "width": 1.5}, "layer": "below"}
    return [
        {"x0": whole.x, "x1": whole.x, "y0": 0, "y1": top} | line,
        {"x0": 0, "x1": MOST_PERCENT, "y0": whole.y, "y1": whole.y} | line,
    ]


def _corners(top: float) -> list[Figure]:
    return [
        _corner(0, top, _("does, says less"), "left", "top"),
        _corner(MOST_PERCENT, top, _("says and does"), "right", "top"),
        _corner(0, 0, _("neither yet"), "left", "bottom"),
        _corner(MOST_PERCENT, 0, _("says, does less"), "right", "bottom"),
    ]


def _corner(x: float, y: float, text: str, anchor: str, end: str, **more: Any) -> Figure:
    return note(x, y, text, xanchor=anchor, yanchor=end, **more)


def _name(dot: Dot) -> Figure:
    return note(
        dot.x,
        dot.y,
        safe(dot.name),
        yshift=14,
        font={"color": INK},
        bgcolor=PAPER,
        borderpad=1,
        name="major" if dot.clear else "minor",
    )


def _round_up(value: float) -> float:
    """To the next whole number, one at least."""
    return float(max(1, -(-value // 1)))
