"""What a start may load: a process that serves answer sheets should stay small and come up at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import Settings

ROOT = Path(__file__).parents[2]
HEAVY = (
    "alembic",
    "authlib",
    "gunicorn",
    "joserfc",
    "numpy",
    "plotly.graph_objects",
    "plotly.io",
    "redis",
    "requests",
    "scipy",
    "segno",
    "typst",
    "waitress",
    "xlsxwriter",
)


def loaded_by(code: str, settings: Settings) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after the code."""
    program = (
        "import sys, config\n"
        f"environment = {{'GROUNDSWELL_DATA': {str(settings.data)!r}}}\n"
        f"{code}\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import webapp; webapp.create_app(config.from_environment(environment))",
        "import webapp.cli; webapp.cli.fill(); webapp.create_app(config.from_environment(environment))",
        "import webapp; webapp.prepare_database(webapp.create_app(config.from_environment(environment)))",
    ],
    ids=["application", "command line", "migrated database"],
)
def test_heavy_packages_stay_out_of_start_up(code: str, settings: Settings) -> None:
    heavy = loaded_by(code, settings)
    assert not heavy, (
        f"Starting loads {sorted(heavy)}. Find the import with `python -X importtime -c 'import webapp.cli'` and move "
        "it into the function that needs it."
    )
