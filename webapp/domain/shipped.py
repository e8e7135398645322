"""How many use cases of a unit went live for its size, and how sure that is as a pace."""

from dataclasses import dataclass

Z = 1.6449  # 90 %


@dataclass(frozen=True, slots=True)
class PerTen:
    """Use cases that went live per ten people with a 90 % range: few of them may be many or few by chance."""

    count: int
    people: int
    at: float
    low: float
    high: float


def per_ten(count: int, people: int) -> PerTen:
    """The count of a unit of `people` >= 1 as a rate, its range as that of a Poisson mean by Byar's approximation.

    low = x (1 - 1/(9x) - z/(3 sqrt x))^3, high = (x+1) (1 - 1/(9(x+1)) + z/(3 sqrt(x+1)))^3 (Breslow & Day 1987).
    """
    if people < 1:
        raise ValueError("a unit without people has no rate")
    low = count * max(0.0, 1 - 1 / (9 * count) - Z / (3 * count**0.5)) ** 3 if count else 0.0
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * more**0.5)) ** 3
    scale = 10 / people
    return PerTen(count, people, count * scale, low * scale, high * scale)
