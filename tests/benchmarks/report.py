"""The report in README.md: goals, what was seen, verdicts, and the machine by its cores and memory."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.rows import Row

README = Path(__file__).with_name("README.md")
INTRODUCTION = """# Benchmarks

Written by `make bench`, never asserted by a test. Ratios are against an empty view that `tests/benchmarks/empty.py`
adds to the same application on the same server: the real one, as `serve` starts it. A small client of our own with
keep-alive connections asks for both by turns on the same connections; a ratio is the median of at least five such
rounds, with their range. Client and server share the machine, so rates are lower than a server of its own would have.
Organizations are made by the product's own commands; only their answers are written in bulk.

`make bench` takes some minutes; `./groundswell bench --quick` leaves out what needs a million responses, and prints only.
"""

REASONS = """
## Where a goal is missed, and why

- **The answer page**: what is left beside the empty view is one look at the ballot (a connection, a transaction, a
  statement) and a body of 7 kB; the page itself is drawn once and only filled in.
- **Submitting** is one writer at a time: each answer is a commit of its own with `synchronous=FULL`. Where the clients'
  connections fall to one worker, which is chance, the ratio is about 0.25; where they fall to both, the empty view is
  twice as fast and submitting is not, so it is about 0.12, at more answers a second.
- **Memory under load**: NumPy, which a worker imports with the first page of results that computes, takes about 17 MB in
  each; the rest is what both have read for themselves.
- **Publishing** 50,000 responses spends most of its time on what does not grow with them: for 2,000 units the plans, two
  audits of each plan, some 20,000 figures as objects, and the rewriting of the file.
"""


def machine() -> str:
    """The machine by cores and memory, and what runs on it."""
    parts = [f"{os.cpu_count()} cores"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
        parts.append(f"{memory:.0f} GB of memory")
    parts.append(f"{platform.system()}, Python {platform.python_version()}, SQLite")
    return ", ".join(parts)


def table(rows: Sequence[Row]) -> str:
    lines = ["| what | goal | seen | verdict | how |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.goal} | {row.seen} | {row.verdict} | {row.note} |" for row in rows]
    return "\n".join(lines)


def write(rows: Sequence[Row]) -> None:
    README.write_text(
        f"{INTRODUCTION}\nMeasured on {machine()}.\n\n{table(rows)}\n{REASONS}", encoding="utf-8"
    )
