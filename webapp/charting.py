"""What all charts have in common: plain Plotly figures in the light colours, which the page's script swaps for the theme's."""

from typing import Any

Figure = dict[str, Any]

INK, SOFT, RULE, EDGE = "#12212b", "#4d5d67", "#d4dcda", "#74838b"
PAPER, SHEET, MARK, LINK = "#fbfcfa", "#ffffff", "#b01278", "#0a5a8c"
BANDS = ("#ecd293", "#a7bd70", "#37a185", "#006c94", "#213476")
SHALLOWS = BANDS[3]
CLEAR, VEIL = "rgba(0,0,0,0)", "rgba(55,161,133,0.18)"  # the same in both themes

TICKS = list(range(0, 101, 20))  # of an axis of scores or percent


def layout(**more: Any) -> Figure:
    """The layout of a chart that is read, not edited: no legend, no dragging, the page's own ground and letters."""
    return {
        "font": {"size": 13, "color": SOFT},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": SHEET, "bordercolor": EDGE, "font": {"color": INK}},
    } | more


def axis(title: str = "", **more: Any) -> Figure:
    """An axis without a line of its own, and with no grid unless one is asked for."""
    named = {"title": {"text": title, "font": {"size": 13}}} if title else {}
    plain = {
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "showgrid": False,
        "ticks": "",
        "color": SOFT,
    }
    return plain | named | more


def note(x: float, y: float, text: str, **more: Any) -> Figure:
    """Words at a place of a chart."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"color": SOFT}} | more


def safe(text: str) -> str:
    """Text that Plotly takes as text: it reads a little HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
