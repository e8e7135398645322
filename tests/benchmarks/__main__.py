"""`./groundswell bench`: measure what the design promises, print it, and write it into README.md beside this file."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import computing, pages, publishing, report, scale, starting
from tests.benchmarks.rows import Row

ROUNDS = 5
SECONDS = 1.5


def parts(folder: Path, *, quick: bool) -> dict[str, Callable[[], list[Row]]]:
    """What is measured, by name, in the order of the report."""
    seconds = SECONDS / 3 if quick else SECONDS
    found: dict[str, Callable[[], list[Row]]] = {
        "pages": lambda: pages.rows(folder / "pages", rounds=ROUNDS, seconds=seconds),
        "scale": lambda: scale.rows(folder / "scale", rounds=ROUNDS, seconds=seconds / 3),
        "computing": lambda: computing.rows(rounds=ROUNDS),
        "publishing": lambda: publishing.rows(folder, quick=quick),
        "starting": lambda: starting.rows(folder / "starting", rounds=ROUNDS),
    }
    if quick:
        del found["scale"]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="./groundswell bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="at most two minutes, without a million responses"
    )
    parser.add_argument(
        "--only", metavar="PART", help="pages, scale, computing, publishing or starting; prints only"
    )
    wanted = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        for name, part in parts(Path(folder), quick=wanted.quick).items():
            if wanted.only in {None, name}:
                started = time.monotonic()
                rows += part()
                say(f"{name}: {time.monotonic() - started:.0f} s")
    sys.stdout.write(f"Measured on {report.machine()}.\n\n{report.table(rows)}\n")
    if not wanted.quick and wanted.only is None:
        report.write(rows)
    return 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress of a command


if __name__ == "__main__":
    sys.exit(main())
