"""`evidence` on the command line."""

from pathlib import Path

import click
from flask_babel import force_locale

from webapp.access import directory
from webapp.evidence import commands, words


def register(group: click.Group) -> None:
    group.add_command(evidence)


@click.group()
def evidence() -> None:
    """Figures from outside, by unit and month."""


@evidence.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would happen.")
@click.option("--currency", default="", metavar="CODE", help="Of the spend, as three letters such as EUR.")
def import_(slug: str, file: Path, *, check: bool, currency: str) -> None:
    """Read unit,month[,active][,seats][,active_days][,spend][,trained] from a CSV. All or nothing."""
    done = commands.import_figures(
        organization=directory.organization(slug),
        data=file.read_bytes(),
        file=file.name,
        currency=currency,
        only_check=check,
        by=None,
    )
    verb = "would be " if check else ""
    click.echo(f"{done.added} lines {verb}added, {done.changed} {verb}changed, {done.removed} {verb}removed.")
    with force_locale("en"):
        for doubt in done.doubts:
            click.echo(f"Odd, please look: {words.doubt(doubt)}", err=True)
