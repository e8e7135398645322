"""What the page of a readout shows around its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.domain.publication import INDEX, Cell
from webapp.results import wording
from webapp.results.reading import Reading


@dataclass(frozen=True, slots=True)
class Share:
    """People in one band, and the piece of the bar that draws them, in percent of its width."""

    band: int
    name: str
    people: int
    x: float
    width: float


def shares(reading: Reading, cell: Cell | None, variable: str) -> tuple[Share, ...]:
    """How people spread over the bands, where the publication holds it."""
    people: Sequence[int] = (cell.histogram or ()) if cell and variable != INDEX else ()
    total = sum(people)
    return tuple(
        Share(
            band,
            reading.questionnaire.bands[band].practice_name,
            count,
            round(100 * sum(people[:band]) / total, 2),
            round(100 * count / total, 2),
        )
        for band, count in enumerate(people)
        if count
    )


def hidden_values(reading: Reading, position: int) -> dict[str, object]:
    """What the template of a hidden unit takes: the readout of the next unit above that is shown."""
    above = [place for place in reading.ancestors(position) if reading.unit(place).shown]
    return {
        "unit": reading.unit(position),
        "above": reading.unit(above[-1]) if above else None,
        "href": address(reading, above[-1]) if above else "",
        "facts": facts(reading, position),
    }


def address(reading: Reading, position: int) -> str:
    return url_for(
        "results.readout", slug=reading.slug, wave_id=reading.publication.wave, key=reading.unit(position).key
    )


def facts(reading: Reading, position: int) -> list[str]:
    answering = wording.answering(reading, position) if position else wording.answered(reading)
    return [reading.publication.name, answering]
