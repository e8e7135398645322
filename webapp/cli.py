"""The command line: one group, filled by the features. Results go to stdout, everything else to stderr."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from config import SettingError, from_environment
from webapp import FEATURES, create_app, operations, prepare_database
from webapp.domain.refusal import Refused
from webapp.transaction import Busy

HELP = {"-h", "--help"}


class Application(click.Group):
    """Every command runs inside the application, and says what is wrong in one clear line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["asks for help"] = bool(HELP.intersection(args))
        ctx.meta["makes its database"] = args[:1] == ["restore"]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.meta["asks for help"]:
            return super().invoke(ctx)
        try:
            return self._in_application(ctx)
        except (Refused, SettingError) as refused:
            raise click.ClickException(str(refused)) from None
        except Busy:
            raise click.ClickException(
                "The database was busy for too long; nothing was changed. Try again."
            ) from None
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"The database cannot be used now; nothing was changed: {reason}"
            ) from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or ''}: {error.strerror or error}") from None

    def _in_application(self, ctx: click.Context) -> Any:
        app = create_app(from_environment())
        ctx.obj = app
        with app.app_context():
            if not ctx.meta["makes its database"]:
                prepare_database(app)
            return super().invoke(ctx)


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
    os.umask(0o077)  # the database and its journals are for this account alone
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text files here
    fill()(prog_name="groundswell")
