"""How many answered, as far as it may be said: four words for a unit, steps of 5 % for the whole."""

from typing import TYPE_CHECKING

from webapp.domain.publication import Share

if TYPE_CHECKING:
    import numpy.typing as npt

    from webapp.domain.tree import Tree

STEPS_FROM = 50  # people; below, the whole organization gets a word as a unit does


def words(
    tree: "Tree", answered: "npt.ArrayLike", headcounts: "npt.ArrayLike", smallest_group: int
) -> list[Share | None]:
    """The share of each node's subtree in words, from (V,) values of the very nodes.

    None too where the words of a unit and of its parts together would tell whether fewer than k people answered:
    “over half” of ten and “under half” of the same ten and one more is a statement about one person.
    """
    from webapp.domain.disclosure import suppress  # noqa: PLC0415 - NumPy stays out of start-up

    invited = tree.rolled_up(headcounts)
    told = suppress(tree, headcounts, k=smallest_group, eligible=invited >= 2 * smallest_group)
    return [
        in_words(int(some), int(people), smallest_group) if may else None
        for some, people, may in zip(tree.rolled_up(answered), invited, told, strict=True)
    ]


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
