"""The frozen results of a wave: the only thing that a page, chart, export or API reads.

Whole numbers throughout. What the disclosure plan hides is not in here at all: no score, no count, no reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FORMAT = 1
INDEX = "index"  # the name under which the index stands beside the practices

Tier = Literal["above", "within", "below"]
Quarter = Literal["upper", "lower"]
Share = Literal["under a quarter", "under half", "over half", "nearly all"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike the answers of a unit are: a word, and the average deviation in answer levels where that is safe.

    ad: one decimal, .3 stands for "under 0.3"; None outside the detail plan
    """

    word: Literal["close", "mixed", "divided"]
    ad: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One shown figure: a practice, an unscored item or the index, of one unit or residual group and one role.

    n: counted answers; invited: people of that role asked in the subtree (N)
    score, low, high: 0..100, None where the strict time guard leaves only the band
    band: 0..4, the place in the questionnaire's bands
    guarded: the standard time guard rounded the score to a multiple of 5; no change is computed from it
    unknown: share of "don't know" in percent
    histogram: people in the five bands; item_means: of the filled matrix, by item key (both only in the detail plan)
    tier: against the rest of the organization; only leaf units
    quarter: of the shown leaf units, in which this one most likely is (probability .80 and more); only leaf units
    """

    n: int
    invited: int
    score: int | None
    low: int | None
    high: int | None
    band: int
    guarded: bool = False
    unknown: int | None = None
    agreement: Agreement | None = None
    histogram: tuple[int, ...] | None = None
    item_means: Mapping[str, int] | None = None
    tier: Tier | None = None
    quarter: Quarter | None = None


@dataclass(frozen=True, slots=True)
class NamedLeader:
    """A leader who chose to stand beside their own unit: scores of one person, each with its one-measurement interval."""

    member: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One node of the frozen tree with everything that is shown of it.

    teams: cells of the members by practice, unscored item or INDEX; leaders: the leaders' average likewise
    participation: in four words, for units of 2k people or more
    headcount: people asked in the subtree; leaders_asked: leaders of this very node who are not shown by name
    uneven: the response of the parts differs by more than 40 points, so the interval holds for equal response only
    """

    key: str
    name: str
    parent: int | None
    headcount: int
    leaf: bool
    participation: Share | None
    teams: Mapping[str, Cell]
    leaders: Mapping[str, Cell]
    named: tuple[NamedLeader, ...] = ()
    leaders_asked: int = 0
    uneven: bool = False
    low_response: bool = False

    @property
    def shown(self) -> bool:
        return bool(self.teams)


@dataclass(frozen=True, slots=True)
class Residual:
    """What is safe to show instead of hidden units: all people of `below` outside its shown parts.

    below: position of the shown node; units: positions of the topmost hidden nodes that make up the group
    """

    below: int
    units: tuple[int, ...]
    variable: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Constants:
    """Wave-wide figures of one variable and role that intervals and tests are computed from (two digits)."""

    phi: float
    r: float


@dataclass(frozen=True, slots=True)
class SpreadFigures:
    """Wave-wide inputs of one variable for reach, the silo index and inequality; each None where it is not safe.

    residual_cells: (n, N, score) of each non-empty residual group, only for the silo index, never displayed
    """

    mean_square_within: float | None = None
    reach: int | None = None
    top_share: int | None = None
    gini: float | None = None
    lorenz: tuple[int, ...] | None = None
    residual_cells: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence as a code and its values; the words are made when it is read, in the reader's language."""

    code: str
    unit: int
    practice: str | None
    values: Mapping[str, int | str]


@dataclass(frozen=True)
class Publication:
    """Everything that is said about a wave.

    participation: of the whole organization in percent, steps of 5, from 50 people on; else a word in root.participation
    units: in tree order, the root first
    use_sd: spread of the people's use at the first wave, to which belief gaps are compared
    straight_lined: percent who gave one answer to everything, None below 5 % or for few people
    alphas: Cronbach's alpha within teams by practice, from 100 people on; for whoever judges the questionnaire
    """

    wave: int
    name: str
    closed_on: str
    questionnaire: str
    questionnaire_digest: str
    form: str
    leader_form: str | None
    smallest_group: int
    time_guard: Literal["standard", "strict"]
    confidence: float
    invited: int
    participation: int | None
    leaders_answered: int | None
    constants: Mapping[str, Constants]
    leader_constants: Mapping[str, Constants]
    spread: Mapping[str, SpreadFigures]
    units: tuple[UnitResult, ...]
    residuals: tuple[Residual, ...]
    leader_residuals: tuple[Residual, ...]
    findings: tuple[Finding, ...]
    use_sd: int | None = None
    straight_lined: int | None = None
    alphas: Mapping[str, float] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def root(self) -> UnitResult:
        return self.units[0]

    def residuals_below(self, position: int) -> tuple[Residual, ...]:
        return tuple(residual for residual in self.residuals if residual.below == position)

    def position(self, key: str) -> int | None:
        """Where the unit with this key stands, None when it is not in the tree."""
        return next((place for place, unit in enumerate(self.units) if unit.key == key), None)
