"""How many answered, as far as it may be said: four words for a unit, steps of 5 % for the whole."""

from webapp.domain.publication import Share

STEPS_FROM = 50  # people; below, the whole organization gets a word as a unit does


def in_words(answered: int, invited: int, smallest_group: int) -> Share | None:
    """The share of a unit in four words; None for units under 2k people, where a word could be one person."""
    if invited < 2 * smallest_group:
        return None
    share = answered / invited
    if share < 0.25:  # noqa: PLR2004 - the words name the cuts
        return "under a quarter"
    if share < 0.5:  # noqa: PLR2004 - likewise
        return "under half"
    return "over half" if share < 0.75 else "nearly all"  # noqa: PLR2004 - likewise


def in_steps(answered: int, invited: int) -> int | None:
    """The share of the whole organization in percent, rounded to a multiple of 5; None under 50 people."""
    if invited < STEPS_FROM:
        return None
    return 5 * int(20 * answered / invited + 0.5)
