"""Whether a wave takes anything: one rule for forms, letters, links and imports, and one sentence where it does not."""

from webapp import clock
from webapp.domain.refusal import Refused
from webapp.models import Wave


def runs(wave: Wave) -> bool:
    """Whether it is open and its last day is not over; the worker closes it within a minute after that."""
    return wave.asks(clock.now())


def refuse_unless_it_runs(wave: Wave) -> None:
    if runs(wave):
        return
    if wave.status == "open":
        raise Refused(
            "The last day of {name} is over, so nothing more is taken. Its results are on their way.",
            name=f"“{wave.name}”",
        )
    raise Refused("The wave {name} is not open.", name=f"“{wave.name}”")
