"""The arithmetic of a score, with the numbers in it: whoever wants to can work it out again from what is printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.domain.publication import Cell, Constants
from webapp.filters import decimal
from webapp.results.steps import GUARD_STEP

Z2 = "2.7055"  # the square of the normal quantile of 95 %, as printed here and on the method page


@dataclass(frozen=True, slots=True)
class Sum:
    """One step: what is worked out, how, and what comes out."""

    name: str
    how: str
    result: str


def of_questions(cell: Cell, means: Sequence[int]) -> Sum:
    """The score from the published means of its questions."""
    mean = sum(means) / len(means)
    return Sum(
        _("Score"),
        f"({' + '.join(map(str, means))}) / {len(means)}",
        _("%(mean)s; shown: %(score)s", mean=_digits(mean), score=cell.score),
    )


def of_practices(cell: Cell, parts: Sequence[tuple[int, float]]) -> Sum:
    """The index from the published scores of its practices and their weights."""
    weight = sum(weight for _score, weight in parts)
    mean = sum(score * weight for score, weight in parts) / weight
    if all(weight == 1 for _score, weight in parts):
        added = " + ".join(str(score) for score, _weight in parts)
    else:
        added = " + ".join(f"{score} × {weight:g}" for score, weight in parts)
    return Sum(
        _("Index"),
        decimal(f"({added}) / {weight:g}"),
        _("%(mean)s; shown: %(score)s", mean=_digits(mean), score=cell.score),
    )


def of_range(cell: Cell, known: Constants) -> tuple[Sum, ...]:
    """The likely range from the score, the counts and the wave's two constants."""
    from webapp.domain.intervals import CONFIDENCE, sampling_factor, wilson_fp  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.domain.quantiles import normal_quantile  # noqa: PLC0415 - likewise

    s, n, invited, step = cell.score or 0, cell.n, cell.invited, GUARD_STEP if cell.guarded else 1
    c = float(sampling_factor(n, invited, known.r))
    a = float(normal_quantile(0.5 + CONFIDENCE / 2)) ** 2 * (known.phi * c + step**2 / (12 * s * (100 - s)))
    low, high = (float(end) for end in wilson_fp(s, n, invited, known.phi, known.r, step=step))
    return (
        Sum("c", decimal(f"(1 − {known.r:g} × {n} / {invited}) / {n}"), decimal(f"{c:.5g}")),
        Sum(
            "a",
            decimal(f"{Z2} × ({known.phi:g} × {c:.5g} + {step**2} / (12 × {s} × {100 - s}))"),
            decimal(f"{a:.5g}"),
        ),
        Sum(
            _("Range"),
            decimal(
                f"100 × ({s / 100:g} + {a:.5g}/2 ± √({a:.5g} × {s / 100:g} × {1 - s / 100:g} + {a:.5g}²/4)) / (1 + {a:.5g})"
            ),
            _(
                "%(low)s and %(high)s; shown: %(least)s to %(most)s",
                low=decimal(f"{low:.2f}"),
                high=decimal(f"{high:.2f}"),
                least=cell.low,
                most=cell.high,
            ),
        ),
    )


def _digits(value: float) -> str:
    return decimal(f"{value:.2f}".rstrip("0").rstrip("."))
