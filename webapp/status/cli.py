"""`status` on the command line."""

import click
from flask_babel import force_locale

from webapp.status import queries


def register(group: click.Group) -> None:
    group.add_command(status)


@click.command()
def status() -> None:
    """Say how the installation is: sizes, versions, worker, outbox, mail, backup; what needs you, on stderr."""
    with force_locale("en"):
        for line in queries.lines():
            click.echo(f"{line.name}: {line.value}")
            if line.attention:
                click.echo(f"{line.name}: {line.attention}", err=True)
