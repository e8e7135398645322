"""A row of the report: what was measured, what was meant, what was seen, and what that says."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`met` is None where nothing could be measured; `note` says how it was measured, or why a goal is missed."""

    what: str
    goal: str
    seen: str
    met: bool | None
    note: str = ""

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**missed**", None: "not measured"}[self.met]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratios of interleaved rounds: their median stands for them, their range says how much to trust it."""

    rounds: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Ratio":
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.rounds):.2f} to {max(self.rounds):.2f})"
