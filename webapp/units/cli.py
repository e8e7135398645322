"""`units` on the command line."""

from pathlib import Path

import click

from webapp.access import directory
from webapp.units import commands


def register(group: click.Group) -> None:
    group.add_command(units)


@click.group()
def units() -> None:
    """The organization's tree of units."""


@units.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would happen.")
@click.option("--close-missing", is_flag=True, help="Close the units that the file lacks.")
def import_(slug: str, file: Path, *, check: bool, close_missing: bool) -> None:
    """Read units from a CSV: unit,parent,headcount[,leader_email][,renamed_from]. All or nothing."""
    done = commands.import_units(
        organization=directory.organization(slug),
        data=file.read_bytes(),
        file=file.name,
        only_check=check,
        close_missing=close_missing,
        by=None,
    )
    verb = "would be " if check else ""
    click.echo(f"{done.added} units {verb}added, {done.changed} {verb}changed; {done.people} people in all.")
    if done.missing:
        fate = f"{verb}closed" if done.closed else "left as they are"
        click.echo(f"Not in the file, {fate}: {', '.join(done.missing)}", err=True)
