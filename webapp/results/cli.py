"""`results` on the command line."""

import json

import click
from flask_babel import force_locale

from webapp import publications
from webapp.access import directory
from webapp.domain.publication import INDEX, Cell, Publication
from webapp.domain.refusal import Refused
from webapp.results import exports, queries
from webapp.results.reading import Reading


def register(group: click.Group) -> None:
    group.add_command(results)


@click.command()
@click.argument("slug")
@click.argument("wave", type=int)
@click.option("--json", "as_json", is_flag=True, help="The whole publication as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="A line a unit and practice.")
def results(slug: str, wave: int, *, as_json: bool, as_csv: bool) -> None:
    """Print the published results of a wave; without a flag, as a table to read."""
    if as_json and as_csv:
        raise Refused("Choose one of --json and --csv.")
    organization = directory.organization(slug)
    found = directory.wave(organization, wave)
    publication = publications.of_wave(organization.id, found.id)
    if publication is None:
        raise Refused(
            "Wave {wave} of {slug} has no results: it is {status}.", wave=wave, slug=slug, status=found.status
        )
    asked = queries.questionnaire(organization.id, publication)
    with force_locale("en"):  # scripts read these sentences: the same on every machine
        if as_json:
            click.echo(json.dumps(exports.as_json(publication, asked, slug), ensure_ascii=False, indent=1))
        elif as_csv:
            click.echo(exports.as_csv(publication, asked), nl=False)
        else:
            click.echo(as_text(publication, Reading(slug, publication, asked)))


def as_text(publication: Publication, reading: Reading) -> str:
    """A table of units and practices for the terminal: score and likely range, - where nothing is shown."""
    columns = [INDEX, *(practice.key for practice in reading.practices)]
    lines = [["unit", *columns]]
    for place in reading.visible:
        unit = reading.unit(place)
        indent = "  " * len(reading.ancestors(place))
        lines.append(
            [f"{indent}{unit.name}", *(_figure(reading, unit.teams.get(key), key) for key in columns)]
        )
    for below, groups in reading.groups.items():
        name = f"(other teams of {reading.unit(below).name})"
        lines += [
            [name, *(_figure(reading, group.cells.get(key), key) for key in columns)] for group in groups
        ]
    widths = [max(len(line[spot]) for line in lines) for spot in range(len(lines[0]))]
    body = "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
    return f"{publication.name} · {publication.questionnaire}, {publication.form}\n\n{body}"


def _figure(reading: Reading, cell: Cell | None, variable: str) -> str:
    if cell is None:
        return "-"
    if cell.score is None:
        return reading.band_name(cell, variable)
    return f"{'~' if cell.guarded else ''}{cell.score} [{cell.low}-{cell.high}]"
