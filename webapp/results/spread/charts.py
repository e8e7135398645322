"""The Lorenz curve as a plain Plotly figure, in the light colours; the page's script swaps them for the theme."""

from typing import Any

from flask_babel import gettext as _

from webapp.charting import INK, PAPER, RULE, SHALLOWS, SOFT, TICKS, VEIL, Figure, axis, layout, note


def figure(points: list[tuple[int, int]]) -> Figure:
    """The share of all practice held by the people who practise least, against the line on which all practise alike."""
    x, y = [people for people, _share in points], [share for _people, share in points]
    words = [
        _(
            "The %(people)s\u00a0%% who practise least hold %(share)s\u00a0%% of all practice",
            people=one,
            share=other,
        )
        for one, other in points
    ]
    return {
        "data": [_alike(), _curve(x, y, words)],
        "layout": layout(
            margin={"l": 44, "r": 16, "t": 32, "b": 52},
            xaxis=_axis(_("Share of people, least practice first, %")),
            yaxis=_axis(tickvals=TICKS[1:]),
            annotations=[
                _label(0, 100, _("Share of all practice, %"), xanchor="left", yshift=22),
                _label(40, 40, _("if all practised alike"), xanchor="right", xshift=-8, yshift=8),
            ],
        ),
    }


def _axis(title: str = "", **more: Any) -> Figure:
    return axis(title, **{"range": [0, 101], "tickvals": TICKS, "showgrid": True, "gridcolor": RULE} | more)


def _alike() -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 100],
        "y": [0, 100],
        "hoverinfo": "skip",
        "line": {"color": SOFT, "width": 1, "dash": "dot"},
    }


def _curve(x: list[int], y: list[int], words: list[str]) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "customdata": words,
        "hovertemplate": "%{customdata}<extra></extra>",
        "fill": "tonexty",
        "fillcolor": VEIL,
        "line": {"color": SHALLOWS, "width": 2.5},
        "marker": {"size": 6, "color": SHALLOWS, "line": {"color": INK, "width": 1}},
    }


def _label(x: int, y: int, text: str, **more: Any) -> Figure:
    return note(x, y, text, bgcolor=PAPER, **more)
