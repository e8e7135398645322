"""`./groundswell test`: every check in turn, the tests last. Arguments go to pytest, and then it runs alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CHECKS = (
    ("ruff check", "."),
    ("ruff format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("djlint", "--lint", "--quiet", "webapp"),
)
# In the order of the folders: by default files of few tests come last, which are the long stories in a browser, and one
# worker would wait for the other.
WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-q")


def main() -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # each test process would start a pool of its own
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    pytest = [sys.executable, "-m", "pytest"]
    if sys.argv[1:]:
        return subprocess.run([*pytest, *sys.argv[1:]], cwd=ROOT, check=False).returncode
    failed = [check[0] for check in CHECKS if not passes(check)]
    code = subprocess.run([*pytest, *WORKERS], cwd=ROOT, check=False).returncode
    if failed:
        say(f"The tests ran, but these checks failed before them: {', '.join(failed)}")
    return code or bool(failed)


def passes(check: tuple[str, ...]) -> bool:
    """Run a check and say how it went; what it prints is shown only when it fails."""
    name, *arguments = check
    tool, *words = name.split()
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / tool), *words, *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    took = time.monotonic() - started
    if done.returncode:
        say(f"FAILED  {name} ({took:.0f} s)\n{done.stdout}{done.stderr}")
    else:
        say(f"ok      {name} ({took:.0f} s)")
    return done.returncode == 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
