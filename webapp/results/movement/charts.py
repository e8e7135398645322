"""The flow between bands as a plain Plotly figure, in the light colours; the page's script swaps them for the theme."""

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.charting import BANDS, EDGE, INK, LINK, RULE, Figure, layout, note, safe
from webapp.domain.publication import INDEX, Cell
from webapp.results import sentences
from webapp.results.movement.moves import Kind, Move, Movement

# In the order in which they are drawn: what is clear lies above what is not.
COLOURS = {Kind.HELD: RULE, Kind.CROSSED: EDGE, Kind.SLIPPED: INK, Kind.CLIMBED: LINK}
PAD = 16  # pixels between two bands
HEIGHT = 356  # pixels of the picture without its margins; on a very large screen the gaps close a little
ENDS = (0.001, 0.999)  # Plotly takes 0 for "anywhere"


def figure(movement: Movement) -> Figure:
    """Ribbons from the bands of the wave before to those of this one; a called change has a ribbon of its own."""
    sides = [
        sorted({pair[side] for pair in movement.flows}, reverse=True)  # the highest band on top
        for side in (0, 1)
    ]
    nodes = [(side, band) for side in (0, 1) for band in sides[side]]
    place = {node: spot for spot, node in enumerate(nodes)}
    sizes = {
        (side, band): sum(len(teams) for pair, teams in movement.flows.items() if pair[side] == band)
        for side, band in nodes
    }
    most = max(map(len, sides))
    ribbons = _ribbons(movement)
    return {
        "data": [
            {
                "type": "sankey",
                "arrangement": "fixed",
                "valueformat": "d",
                "textfont": {"color": INK, "size": 13},
                "node": {
                    "label": [
                        safe(f"{_band(movement, side, band)} {sizes[side, band]}") for side, band in nodes
                    ],
                    "color": [BANDS[band] for _side, band in nodes],
                    "line": {"color": INK, "width": 1},
                    "x": [ENDS[side] for side, _band in nodes],
                    "y": [
                        y
                        for side in (0, 1)
                        for y in _heights([sizes[side, band] for band in sides[side]], most)
                    ],
                    "pad": PAD,
                    "thickness": 18,
                    "customdata": [_of_band(movement, side, band, sizes[side, band]) for side, band in nodes],
                    "hovertemplate": "%{customdata}<extra></extra>",
                },
                "link": {
                    "source": [place[0, was] for was, _now, _kind, _teams in ribbons],
                    "target": [place[1, now] for _was, now, _kind, _teams in ribbons],
                    "value": [len(teams) for _was, _now, _kind, teams in ribbons],
                    "color": [COLOURS[kind] for _was, _now, kind, _teams in ribbons],
                    "customdata": [_of_ribbon(movement, *ribbon) for ribbon in ribbons],
                    "hovertemplate": "%{customdata}<extra></extra>",
                },
            }
        ],
        "layout": layout(
            margin={"l": 8, "r": 8, "t": 44, "b": 16},
            annotations=[
                _head(movement.since, 0, "left"),
                _head(movement.later.publication.name, 1, "right"),
            ],
        ),
    }


def _ribbons(movement: Movement) -> list[tuple[int, int, Kind, list[Move]]]:
    found = []
    for kind in COLOURS:
        for (was, now), teams in movement.flows.items():
            some = [team for team in teams if _drawn_as(team) is kind]
            if some:
                found.append((was, now, kind, some))
    return found


def _drawn_as(move: Move) -> Kind:
    """A team whose change cannot be told is drawn as one that held: its band is the same."""
    return move.kind if move.kind in COLOURS else Kind.HELD


def _heights(sizes: list[int], most: int) -> list[float]:
    """The middles of the bands of one side, one below the other, in shares of the height; `most` bands on a side."""
    pad = PAD / HEIGHT
    share = (1 - pad * (most - 1)) / max(sum(sizes), 1)
    top, found = 0.0, []
    for size in sizes:
        found.append(round(min(max(top + size * share / 2, ENDS[0]), ENDS[1]), 4))
        top += size * share + pad
    return found


def _head(text: str, x: int, anchor: str) -> Figure:
    return note(x, 1, safe(text), xref="paper", xanchor=anchor, yref="paper", yanchor="bottom", yshift=18)


def _band(movement: Movement, side: int, band: int) -> str:
    reading = (movement.earlier, movement.later)[side]
    return reading.band_name(Cell(0, 0, None, None, None, band), INDEX)


def _of_band(movement: Movement, side: int, band: int, teams: int) -> str:
    reading = (movement.earlier, movement.later)[side]
    return safe(
        ngettext(
            "%(wave)s: %(num)s team in %(band)s",
            "%(wave)s: %(num)s teams in %(band)s",
            teams,
            wave=reading.publication.name,
            band=_band(movement, side, band),
        )
    )


def _of_ribbon(movement: Movement, was: int, now: int, kind: Kind, teams: list[Move]) -> str:
    names = sentences.listed(team.name for team in teams)
    bands = {"names": names, "was": _band(movement, 0, was), "now": _band(movement, 1, now)}
    match kind:
        case Kind.CLIMBED:
            text = _("Climbed, %(was)s to %(now)s: %(names)s", **bands)
        case Kind.SLIPPED:
            text = _("Slipped, %(was)s to %(now)s: %(names)s", **bands)
        case Kind.CROSSED:
            text = _("Crossed a line, no clear change, %(was)s to %(now)s: %(names)s", **bands)
        case _:
            text = _("Same band, %(now)s, no clear change: %(names)s", **bands)
    return safe(text)
