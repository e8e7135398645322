"""`experiments` on the command line."""

from pathlib import Path

import click

from webapp.access import directory
from webapp.domain import experiment_list
from webapp.experiments import commands, queries


def register(group: click.Group) -> None:
    group.add_command(experiments)


@click.group()
def experiments() -> None:
    """The register of experiments."""


@experiments.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say what would happen.")
def import_(slug: str, file: Path, *, check: bool) -> None:
    """Read experiments from a CSV: unit,title,idea_on[,…]. All or nothing; known ones are changed."""
    done = commands.import_register(
        organization=directory.organization(slug),
        data=file.read_bytes(),
        file=file.name,
        only_check=check,
        by=None,
    )
    verb = "would be " if check else ""
    click.echo(
        f"{done.added} experiments {verb}added, {done.changed} {verb}changed, {done.same} as they are."
    )


@experiments.command("export")
@click.argument("slug")
def export(slug: str) -> None:
    """Print the register as a CSV, which can be imported again."""
    listed = queries.everything(directory.organization(slug).id, queries.Chosen())
    click.echo(experiment_list.as_csv((one.unit, one.entry) for one in listed), nl=False)
