"""The days from idea to first user as a plain Plotly figure, in the light colours; the page's script swaps them for the theme."""

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.charting import CLEAR, PAPER, RULE, SHALLOWS, SOFT, TICKS, VEIL, Figure, axis, layout, note
from webapp.domain.register import Curve, Step
from webapp.experiments.telling import percent


def figure(curve: Curve) -> Figure:
    """A staircase that rises as ideas reach a first user, its band, and a dotted line at a half."""
    steps = [Step(0, len(curve.days), 0, 0.0, 0.0, 0.0), *curve.steps]
    end = max(curve.days[-1], 1)
    steps.append(curve.by(end))
    x = [step.day for step in steps]
    return {
        "data": [
            _edge(x, [step.low for step in steps]),
            _edge(x, [step.high for step in steps]) | {"fill": "tonexty", "fillcolor": VEIL},
            _staircase(x, steps),
        ],
        "layout": layout(
            margin={"l": 36, "r": 16, "t": 32, "b": 52},
            xaxis=axis(_("Days since the idea"), range=[0, end]),
            yaxis=axis(range=[0, 101], tickvals=TICKS, gridcolor=RULE, showgrid=True),
            shapes=[_half()],
            annotations=[
                note(0, 100, _("Ideas with a first user, %"), xanchor="left", yshift=22, bgcolor=PAPER)
            ],
        ),
    }


def _edge(x: list[int], y: list[float]) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": [round(100 * share, 1) for share in y],
        "hoverinfo": "skip",
        "line": {"shape": "hv", "width": 0, "color": CLEAR},
    }


def _staircase(x: list[int], steps: list[Step]) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": [round(100 * step.share, 1) for step in steps],
        "customdata": [_sentence(step) for step in steps],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"shape": "hv", "width": 2.5, "color": SHALLOWS},
    }


def _sentence(step: Step) -> str:
    return ngettext(
        "After %(num)s day: %(share)s\u00a0%%, likely %(low)s to %(high)s",
        "After %(num)s days: %(share)s\u00a0%%, likely %(low)s to %(high)s",
        step.day,
        share=percent(step.share),
        low=percent(step.low),
        high=percent(step.high),
    )


def _half() -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": 50,
        "y1": 50,
        "line": {"color": SOFT, "width": 1, "dash": "dot"},
    }
