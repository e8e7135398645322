"""How long a start takes."""

from pathlib import Path

from tests.benchmarks import organizations
from tests.benchmarks.rows import Ratio, Row
from tests.benchmarks.server import serving

MOST = 2.0


def rows(data: Path, *, rounds: int) -> list[Row]:
    """First byte after `serve` starts, on a database that is there already."""
    organizations.application(data)
    seen = []
    for _ in range(rounds):
        with serving(data, ["-m", "webapp", "serve"]) as server:
            seen.append(server.first_byte)
    ratio = Ratio.of(seen)
    return [Row("first byte after `serve` starts", f"< {MOST:.0f} s", f"{ratio} s", ratio.median < MOST)]
