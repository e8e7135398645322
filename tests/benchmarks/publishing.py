"""Publishing waves of 50,000 and 1,000,000 responses, what they weigh in the file, their CSV, and an import."""

import csv
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests.benchmarks import organizations
from tests.benchmarks.load import clients_of, request
from tests.benchmarks.organizations import Asked
from tests.benchmarks.pages import WRAPPED
from tests.benchmarks.rows import Row
from tests.benchmarks.server import ROOT, environment, serving
from webapp.waves import closing, queries

UNITS = 2000
SMALL, LARGE = 50_000, 1_000_000
SECONDS = {SMALL: 1.0, LARGE: 12.0}
GIGABYTE = 1024.0  # MB
BYTES = 150
CSV_SECONDS, IMPORT_SECONDS = 0.3, 5.0
IMPORTED = 50_000


def rows(folder: Path, *, quick: bool) -> list[Row]:
    published: list[Row] = []
    files: list[Row] = []
    stored: dict[int, float] = {}
    for count in [SMALL] if quick else [SMALL, LARGE]:
        data, copy = folder / f"publish-{count}", folder / "published"
        asked, empty, full = _answered(data, count)
        stored[count] = (full - empty) / count
        seen = [_published(data, copy, asked) for _ in range(3 if count == SMALL else 1)]
        weight = ((copy / "groundswell.sqlite").stat().st_size - full) / UNITS
        published.append(_publishing(count, seen, weight))
        if count == SMALL:
            files.append(_csv(copy, asked))
        shutil.rmtree(data)
        shutil.rmtree(copy)
    return [*published, _storing(stored), *files, _import(folder / "import")]


def _storing(stored: dict[int, float]) -> Row:
    seen = "; ".join(f"{weight:.0f} at {count:,}" for count, weight in stored.items())
    note = "a response with its spent ballot, and a quarter more ballots than responses; SQLite, after VACUUM"
    return Row("stored bytes a response", f"≤ {BYTES}", seen, max(stored.values()) <= BYTES, note)


def _answered(data: Path, count: int) -> tuple[Asked, int, int]:
    """A data folder with `count` responses to be published; sizes of its file without them and with them."""
    app = organizations.application(data)
    with app.app_context():
        asked = organizations.ask("publish", units_count=UNITS, people=round(count / organizations.ANSWERED))
        empty = organizations.file_size(data)
        organizations.answer(asked, ballots=True, total=count)
        full = organizations.file_size(data)
        closing.close(wave=queries.one(asked.organization, asked.wave), by=None)
    return asked, empty, full


def _published(data: Path, copy: Path, asked: Asked) -> tuple[float, float]:
    """Publish in a process of its own, on a copy; seconds, and the process's peak memory in MB."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.benchmarks.publishing",
            str(copy),
            str(asked.organization),
            str(asked.wave),
        ],
        cwd=ROOT,
        env=environment(copy),
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = json.loads(done.stdout)
    return float(seconds), float(peak)


def _publishing(count: int, seen: list[tuple[float, float]], weight: float) -> Row:
    seconds = statistics.median(one for one, _peak in seen)
    peak = max(peak for _one, peak in seen)
    goal = f"≤ {SECONDS[count]:.0f} s, peak memory ≤ 1 GB"
    note = f"reading, computing, storing, rewriting the responses and the file; stores {weight / 1000:.1f} kB a unit"
    met = seconds <= SECONDS[count] and peak <= GIGABYTE
    what = f"publish {count:,} responses ({UNITS:,} units, 36 items)"
    return Row(what, goal, f"{seconds:.1f} s, {peak:.0f} MB", met, note)


def _csv(data: Path, asked: Asked) -> Row:
    app = organizations.application(data)
    with app.app_context():
        session = organizations.signed_in(asked.slug)
    with serving(data, WRAPPED) as server, clients_of(server.port, 1) as clients:
        wanted = request(f"/o/{asked.slug}/results/{asked.wave}/scores.csv", cookies=session)
        times = []
        for _ in range(12):
            started = time.perf_counter()
            answer = clients.ask(wanted)
            times.append(time.perf_counter() - started)
            if answer.status != 200:
                raise RuntimeError(f"the CSV answers {answer.status}")
    median = statistics.median(times)
    note = f"median of {len(times)} downloads; the slowest, of a worker that first reads the publication, {max(times):.2f} s"
    what = f"CSV of a publication, {UNITS:,} units × 9 practices"
    return Row(what, f"≤ {CSV_SECONDS} s", f"{median:.2f} s", median <= CSV_SECONDS, note)


def _import(data: Path) -> Row:
    app = organizations.application(data)
    with app.app_context():
        people = round(IMPORTED / organizations.ANSWERED)
        asked = organizations.ask("import", units_count=UNITS, people=people)
        file = data / "responses.csv"
        file.write_text(_responses_csv(asked), encoding="utf-8")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "webapp", "responses", "import", asked.slug, str(asked.wave), str(file)],
        cwd=ROOT,
        env=environment(data),
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    if int(done.stdout) != IMPORTED:
        raise RuntimeError(f"{done.stdout} instead of {IMPORTED} responses")
    shutil.rmtree(data)
    note = "the whole command `responses import`, with the start of Python"
    return Row(
        f"import of {IMPORTED:,} responses",
        f"≤ {IMPORT_SECONDS:.0f} s",
        f"{seconds:.1f} s",
        seconds <= IMPORT_SECONDS,
        note,
    )


def _responses_csv(asked: Asked) -> str:
    wave = queries.one(asked.organization, asked.wave)
    leaves = [unit for unit in queries.units(wave) if unit.headcount]
    items = queries.questionnaire(wave).items(organizations.FORM)
    rows = np.repeat(range(len(leaves)), [unit.headcount for unit in leaves])[:IMPORTED]
    levels = np.array(["", "1", "2", "3", "4", "5", ""])[organizations.levels(len(rows), len(items), rows)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["unit", *(item.key for item in items)])
    writer.writerows(
        [leaves[row].name, *line] for row, line in zip(rows.tolist(), levels.tolist(), strict=True)
    )
    return out.getvalue()


def publish(data: Path, organization: int, wave: int) -> tuple[float, float]:
    app = organizations.application(data)
    with app.app_context():
        started = time.perf_counter()
        closing.publish(wave=queries.one(organization, wave), by=None)
        seconds = time.perf_counter() - started
    return seconds, _peak()


def _peak() -> float:
    """Largest memory of this process in MB. Linux's `ru_maxrss` would begin with that of the process which started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    sys.stdout.write(json.dumps(publish(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
