"""Two invented organizations with the same average, for the front page."""

from webapp.domain.publication import Cell

AVERAGE = Cell(n=110, invited=120, score=37, low=35, high=39, band=1)
_ISLAND = (19, 22, 23, 25, 26, 28, 30, 31, 33, 84, 87)
_GROUNDSWELL = (26, 30, 33, 34, 36, 37, 39, 40, 41, 44, 47)
_HALF_WIDTHS = (5, 6, 7)  # of the likely ranges, in turn


def island() -> list[Cell]:
    """Nine teams near the shore and two far out."""
    return _teams(_ISLAND)


def groundswell() -> list[Cell]:
    """Eleven teams that move together."""
    return _teams(_GROUNDSWELL)


def _teams(scores: tuple[int, ...]) -> list[Cell]:
    return [
        Cell(n=10, invited=12, score=score, low=score - half, high=score + half, band=score // 20)
        for place, score in enumerate(scores)
        for half in [_HALF_WIDTHS[place % 3]]
    ]
