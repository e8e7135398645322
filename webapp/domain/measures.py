"""From packed answers to what each place of the tree adds up to, one variable at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from webapp.domain import agreement, intervals, scoring
from webapp.domain.quantiles import FloatArray
from webapp.domain.questionnaire import Variable
from webapp.domain.tree import IntArray, Tree


class Answers(NamedTuple):
    """The answers of one role: levels (R, J) 0..5, opt-outs (R, J), and the place in the tree of each person (R,)."""

    levels: npt.NDArray[np.uint8]
    opt_outs: npt.NDArray[np.bool_]
    places: IntArray

    def people(self, V: int) -> IntArray:
        """(V,) people who answered at the very nodes, whatever they answered."""
        return np.bincount(self.places, minlength=V)

    def in_order(self) -> "Answers":
        """The same answers, ordered by what they say: no figure may depend on the order in which they are stored.

        Sums of fractions end in other digits when they are added in another order, and a digit may decide a rounding.
        """
        R, J = self.levels.shape
        place = self.places.astype(">u4").view(np.uint8).reshape(R, 4)
        said = np.concatenate([place, self.levels + np.uint8(8) * self.opt_outs], axis=1, dtype=np.uint8)
        order = np.argsort(np.ascontiguousarray(said).view(f"S{J + 4}").reshape(R), kind="stable")
        return Answers(self.levels[order], self.opt_outs[order], self.places[order])


@dataclass(frozen=True)
class Measured:
    """One variable over all people and places; arrays (V,) of the very nodes unless said otherwise.

    y: (R,) practice scores of the people, NaN where missing, not clipped; own: n, total and ss of y
    complete: people who answered every item; unknown: "don't know" answers; J: number of items
    histogram: (V, 5) people in each band; items: (V, J) sums of the filled item scores
    deviation: (V,) AD* of each node, its whole subtree, in answer levels
    b: (J,) difficulty of the items; columns: where they stand in the answers
    r: reliability; alpha: Cronbach's alpha within teams, NaN where undefined
    """

    key: str
    item_keys: tuple[str, ...]
    y: FloatArray
    own: scoring.Sums
    complete: IntArray
    unknown: IntArray
    J: int
    histogram: IntArray
    items: FloatArray
    deviation: FloatArray
    b: FloatArray
    columns: tuple[int, ...]
    r: float
    alpha: float

    def filled(self, answers: Answers) -> FloatArray:
        """Filled item scores (R, J), made again where they are needed: of a million people they weigh 300 MB."""
        return scoring.fill(scoring.item_scores(answers.levels[:, list(self.columns)]), self.b, self.y)


def measure(
    variable: Variable, answers: Answers, tree: Tree, cuts: Sequence[float], *, finer: bool
) -> Measured:
    """Score a variable; `finer` also computes agreement (leaders show none, so it is spared)."""
    V = len(tree)
    columns = list(variable.columns)
    scores = scoring.item_scores(answers.levels[:, columns])
    b = scoring.difficulty(scores)
    y = scoring.person_scores(scores, b)
    filled, places = scoring.complete_rows(scoring.fill(scores, b, y), answers.places)
    counted = ~np.isnan(y)
    complete = ~np.isnan(scores).any(axis=1)
    asked = np.array([item.opt_out_kind == "unknown" for item in variable.items])
    unknown = (answers.opt_outs[:, columns] & asked).sum(axis=1)
    bands = scoring.band_of(np.clip(np.round(y[counted], 9), 0, 100), cuts)  # 60 is 60, not 59.99…
    deviation = agreement.average_deviation(filled, places, V, tree=tree) if finer else np.full(V, np.nan)
    reflective = variable.practice.measurement == "reflective"
    return Measured(
        key=variable.key,
        item_keys=tuple(item.key for item in variable.items),
        y=y,
        own=scoring.group_sums(y, answers.places, V),
        complete=np.bincount(answers.places[complete], minlength=V),
        unknown=np.bincount(answers.places, weights=unknown, minlength=V).astype(np.int64),
        J=len(columns),
        histogram=np.bincount(places * 5 + bands, minlength=5 * V).reshape(V, 5),
        items=scoring.group_totals(filled, places, V),
        deviation=np.round(deviation, 9),
        b=b,
        columns=variable.columns,
        r=intervals.reliability(filled, places, reflective=reflective),
        alpha=intervals.alpha_within(filled, places),
    )


def combined(measured: Sequence[Measured], weights: Sequence[float], R: int) -> FloatArray:
    """(R,) each person's own weighted mean over practices; NaN under two thirds of the weight."""
    if not measured:
        return np.full(R, np.nan)
    return scoring.index_score(np.stack([one.y for one in measured], axis=1), np.asarray(weights))
