"""Which one statement, were it true, would lift most units by a band: arithmetic with published figures, no forecast."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import BoolArray, FloatArray
from webapp.domain.scoring import band_of, whole

TRUE_LEVEL = 4  # of the five answers, the one from which a statement counts as true
TRUE_MEAN = 25.0 * (TRUE_LEVEL - 1)  # its score


@dataclass(frozen=True, slots=True)
class Board:
    """Published figures of U units, P practices and I items; NaN where nothing is published.

    scores (U, P); index (U,); weights (P,); means (U, I): item means; practice (I,): the column of each item's
    practice; items (P,): how many items each practice has; cuts: where the five bands start
    """

    scores: FloatArray
    index: FloatArray
    weights: FloatArray
    means: FloatArray
    practice: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    cuts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows for each item and unit (I, U), in published whole numbers; NaN where a unit is left out.

    now, then: scores of the item's practice; index_now, index_then; falls_short: the item's mean is below the level;
    lifted, index_lifted: a higher band follows
    """

    now: FloatArray
    then: FloatArray
    index_now: FloatArray
    index_then: FloatArray
    falls_short: BoolArray
    lifted: BoolArray
    index_lifted: BoolArray

    @property
    def moved(self) -> BoolArray:
        """(I, U): a higher band follows for the practice or for the index."""
        return self.lifted | self.index_lifted


def effects(board: Board) -> Effects:
    """Raise the mean of one item to the fourth of five answers wherever it is below, and leave all others as they are.

    Of the J items of a practice p with score s, the mean m of one that is below 75 adds d = (75 - m) / J:
    s' = whole(s + d), within 5 and 95 as every published score. An index I over the shown practices of a unit, of
    weight W together, becomes I' = whole(I + w_p (s' - s) / W). A unit without a published mean of the item, or without
    a published score of its practice, is left out.
    """
    now = board.scores[:, board.practice].T
    means = board.means.T
    counted = ~np.isnan(now) & ~np.isnan(means)
    falls_short = counted & (means < TRUE_MEAN)
    missing = np.where(
        falls_short, (TRUE_MEAN - np.nan_to_num(means)) / board.items[board.practice][:, None], 0.0
    )
    then = np.where(counted, whole(np.nan_to_num(now) + missing), np.nan)
    # What is not below stays as it is published, also at an end of the scale.
    then = np.where(falls_short, then, np.where(counted, now, np.nan))
    weight = np.where(np.isnan(board.scores), 0.0, board.weights).sum(axis=1)
    share = board.weights[board.practice][:, None] / np.where(weight > 0, weight, np.nan)
    gained = share * (then - now)
    index_now = np.where(counted, board.index, np.nan)
    index_then = np.where(
        falls_short & ~np.isnan(index_now), whole(np.nan_to_num(index_now + gained)), index_now
    )
    return Effects(
        now=now,
        then=then,
        index_now=index_now,
        index_then=index_then,
        falls_short=falls_short,
        lifted=_higher(now, then, falls_short, board.cuts),
        index_lifted=_higher(index_now, index_then, falls_short, board.cuts),
    )


def order(found: Effects) -> tuple[int, ...]:
    """The items that lift a unit, those first that lift most units.

    Among equals: those that lift most units on the index, then by points gained in all, then as asked.
    """
    units, whole = found.moved.sum(axis=1), found.index_lifted.sum(axis=1)
    points = np.where(found.falls_short, found.then - found.now, 0.0).sum(axis=1)
    ranked = sorted(
        range(len(units)), key=lambda item: (-int(units[item]), -int(whole[item]), -float(points[item]), item)
    )
    return tuple(item for item in ranked if units[item])


def _higher(now: FloatArray, then: FloatArray, raised: BoolArray, cuts: tuple[int, ...]) -> BoolArray:
    both = raised & ~np.isnan(now) & ~np.isnan(then)
    return np.asarray(both & (band_of(np.nan_to_num(then), cuts) > band_of(np.nan_to_num(now), cuts)))
