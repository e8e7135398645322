"""Where the pages about one publication stand, for the pages that link to them."""

from collections.abc import Sequence

from flask import url_for

from webapp.results.reading import Reading


def of_practice(reading: Reading, practice: str, position: int = 0) -> str:
    """The page of a practice: of the whole, or of one unit."""
    return url_for(
        "results.practice",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        practice=practice,
        unit=reading.unit(position).key if position else None,
    )


def of_comparison(reading: Reading, places: Sequence[int]) -> str:
    """Where these units stand beside each other; one alone beside the rest."""
    return url_for(
        "results.compare",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        unit=[reading.unit(place).key for place in places],
    )
