"""The command line: one group, filled by the features. Results go to stdout, everything else to stderr."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from config import SettingError, from_environment
from webapp import FEATURES, create_app, operations, prepare_database
from webapp.domain.refusal import Refused
from webapp.transaction import Busy


class Application(click.Group):
    """Every command runs inside the application, and says what is wrong in one clear line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            if ctx.invoked_subcommand or ctx.protected_args:
                app = create_app(from_environment())
                ctx.obj = app
                with app.app_context():
                    prepare_database(app)
                    return super().invoke(ctx)
            return super().invoke(ctx)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
        except SettingError as error:
            raise click.ClickException(str(error)) from None
        except Busy:
            raise click.ClickException("The database was busy for too long; nothing was changed. Try again.") from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or ''}: {error.strerror or error}") from None


@click.group(cls=Application, context_settings={"help_option_names": ["-h", "--help"]})
def groundswell() -> None:
    """Is AI adoption really spreading, team by team, and what to do next?"""


def fill() -> click.Group:
    operations.register(groundswell)
    for feature in FEATURES:
        if find_spec(f"webapp.{feature}.cli"):
            import_module(f"webapp.{feature}.cli").register(groundswell)
    return groundswell


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text files here
    fill()(prog_name="groundswell")
