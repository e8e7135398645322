"""The chart of the trend as a plain Plotly figure, in the light colours; the page's script swaps them for the theme."""

from flask_babel import gettext as _

from webapp.charting import BANDS, EDGE, INK, MARK, PAPER, RULE, Figure, axis, layout, note, safe
from webapp.domain.publication import INDEX, Cell
from webapp.results import changes
from webapp.results.reading import Reading
from webapp.results.trend.figures import ticks
from webapp.results.trend.parts import Part

MOST_LINES = 12
LONGEST_NAME = 15
STEP, ROUND = 20, 10  # points between two ticks; to which the ends of the axis are rounded
LABEL_SHARE = 0.055  # of the axis: how far apart two labels must stand


def figure(history: list[Reading], parts: list[Part]) -> Figure:
    """The index of the parts over the waves: dots in the colour of the band, ranges, a line, a name at its end."""
    shown = parts[:MOST_LINES]
    low, high = _limits(
        [cell for part in shown for cell in part.line.cells if cell is not None and cell.score is not None]
    )
    broken = _breaks(history)
    return {
        "data": [_trace(part, history) for part in shown],
        "layout": layout(
            margin={"l": 36, "r": 124, "t": 16, "b": 36},
            xaxis=axis(
                tickvals=list(range(len(history))),
                ticktext=[safe(text) for text in ticks(history)],
                range=[-0.15, len(history) - 1 + 0.05],
            ),
            yaxis=axis(
                range=[low, high],
                tickvals=[tick for tick in range(0, 101, STEP) if low <= tick <= high],
                showgrid=True,
                gridcolor=RULE,
            ),
            annotations=_labels(shown, low, high, len(history)),
            shapes=[_break(spot) for spot in broken],
        ),
    }


def _limits(cells: list[Cell]) -> tuple[int, int]:
    """Multiples of ten that hold every range."""
    least = min((cell.low or 0 for cell in cells), default=0)
    most = max((cell.high or 0 for cell in cells), default=100)
    return least // ROUND * ROUND, -(-most // ROUND) * ROUND


def _breaks(history: list[Reading]) -> list[int]:
    """Waves whose index rests on other questions than that of the wave before."""
    return [
        spot
        for spot in range(1, len(history))
        if not changes.same_questions(history[spot - 1], history[spot], INDEX)
    ]


def _trace(part: Part, history: list[Reading]) -> Figure:
    x: list[float] = []
    y: list[int | None] = []
    up: list[int] = []
    down: list[int] = []
    colours: list[str] = []
    words: list[str] = []
    for spot, (reading, cell) in enumerate(zip(history, part.line.cells, strict=True)):
        # Nothing in between, so that no line crosses new questions, or an index of other practices.
        if spot and not changes.joined(history[spot - 1], reading, INDEX, part.key):
            _add(x, y, up, down, colours, words, None, spot - 0.5, "")
        shown = cell if cell is not None and cell.score is not None else None
        _add(x, y, up, down, colours, words, shown, spot, _sentence(part, reading, shown))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": safe(part.line.name),
        "x": x,
        "y": y,
        "customdata": words,
        "hovertemplate": "%{customdata}<extra></extra>",
        "connectgaps": False,
        "line": {"color": INK, "width": 1.5},
        "marker": {"size": 9, "color": colours, "line": {"color": INK, "width": 1}},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": up,
            "arrayminus": down,
            "color": EDGE,
            "thickness": 3,
            "width": 0,
        },
    }


def _add(
    x: list[float],
    y: list[int | None],
    up: list[int],
    down: list[int],
    colours: list[str],
    words: list[str],
    cell: Cell | None,
    spot: float,
    sentence: str,
) -> None:
    score = None if cell is None else cell.score
    x.append(spot)
    y.append(score)
    up.append((cell.high or 0) - (score or 0) if cell is not None else 0)
    down.append((score or 0) - (cell.low or 0) if cell is not None else 0)
    colours.append(BANDS[cell.band] if cell is not None else BANDS[0])
    words.append(sentence)


def _sentence(part: Part, reading: Reading, cell: Cell | None) -> str:
    if cell is None:
        return ""
    return safe(
        _(
            "%(name)s, %(wave)s: %(score)s, likely %(low)s to %(high)s",
            name=part.line.name,
            wave=reading.publication.name,
            score=cell.score,
            low=cell.low,
            high=cell.high,
        )
    )


def _labels(parts: list[Part], low: int, high: int, waves: int) -> list[Figure]:
    """A name at the end of each line, moved apart where two would lie on each other."""
    ends = []
    for part in parts:
        score = next(
            (cell.score for cell in reversed(part.line.cells) if cell and cell.score is not None), None
        )
        if score is not None:
            ends.append((float(score), score, part))
    ends.sort(key=lambda one: one[0])
    gap = (high - low) * LABEL_SHARE
    free = float(low)
    found = []
    for y, score, part in ends:
        at = max(y, free)
        free = at + gap
        called = part.told.change is not None and part.told.change.verdict.called
        found.append(
            note(
                waves - 1,
                round(at, 1),
                safe(f"{_short(part.line.name)} {score}"),
                xshift=10,
                xanchor="left",
                font={"color": INK},
                bgcolor=PAPER,
                borderpad=1,
                name="major" if called or len(parts) <= MOST_LINES // 2 else "minor",
            )
        )
    return found


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _break(spot: int) -> Figure:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": spot - 0.5,
        "x1": spot - 0.5,
        "y0": 0,
        "y1": 1,
        "line": {"color": MARK, "width": 1.5, "dash": "dot"},
    }
