"""`wave`, `ballots`, `responses` and `questionnaire` on the command line; `plan` stands in `plan_cli`."""

import csv
import datetime as dt
import sys
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import select

from webapp import catalog, questionnaires
from webapp.access import directory
from webapp.domain.csv_table import safe
from webapp.domain.questionnaire_file import compare_revisions, parse
from webapp.domain.refusal import Refused, RefusedMany
from webapp.extensions import db
from webapp.language import LANGUAGES
from webapp.models import QuestionnaireCopy
from webapp.waves import ballots, closing, imports, opening, plan_cli


def register(group: click.Group) -> None:
    for command in (wave, plan_cli.plan, ballots_group, responses, questionnaire):
        group.add_command(command)


@click.group()
def wave() -> None:
    """Waves: rounds of asking."""


@wave.command("open")
@click.argument("slug")
@click.option("--questionnaire", "key", required=True, metavar="KEY[@VERSION]")
@click.option("--form", required=True)
@click.option("--name", required=True, help="As people know it, such as “November 2026”.")
@click.option("--closes", type=click.DateTime(["%Y-%m-%d"]), help="The last day, as YYYY-MM-DD.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of its letters; without it, the organization's."
)
def open_(
    slug: str, key: str, form: str, name: str, closes: dt.datetime | None, language: str | None
) -> None:
    """Open a wave: freezes the tree and the questionnaire; prints the wave's id."""
    published = questionnaires.available().find(key)
    opened = opening.open_wave(
        organization=directory.organization(slug),
        questionnaire=published.questionnaire,
        text=published.text,
        form=form,
        name=name,
        closes_on=closes.date() if closes else None,
        language=language,
        by=None,
    )
    click.echo(opened.id)


@wave.command("close")
@click.argument("slug")
@click.argument("wave_id", metavar="WAVE", type=int)
def close(slug: str, wave_id: int) -> None:
    """End answering and publish; prints how many units are shown and hidden."""
    found = directory.wave(directory.organization(slug), wave_id)
    publication = closing.close_and_publish(wave=found, by=None)
    shown = sum(unit.shown for unit in publication.units[1:])
    click.echo(f"{shown} units shown, {len(publication.units) - 1 - shown} hidden")


@click.group("ballots")
def ballots_group() -> None:
    """Links to answer by."""


@ballots_group.command("issue")
@click.argument("slug")
@click.argument("wave_id", metavar="WAVE", type=int)
@click.option(
    "--csv", "file", type=click.Path(path_type=Path), help="Write there instead of to standard output."
)
def issue(slug: str, wave_id: int, file: Path | None) -> None:
    """Print `unit,link` with one single-use link for each person of each unit, shuffled."""
    links = ballots.issue(wave=directory.wave(directory.organization(slug), wave_id), by=None)
    if file is None:
        _write(sys.stdout, links)
        return
    with file.open("x", encoding="utf-8", newline="") as out:
        file.chmod(0o600)
        _write(out, links)
    click.echo(f"{len(links)} links", err=True)


def _write(out: TextIO, links: list[tuple[str, str]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "link"])
    writer.writerows((safe(unit), link) for unit, link in links)


@click.group()
def responses() -> None:
    """Responses from other tools."""


@responses.command("import")
@click.argument("slug")
@click.argument("wave_id", metavar="WAVE", type=int)
@click.argument("file", type=click.Path(path_type=Path))
def import_(slug: str, wave_id: int, file: Path) -> None:
    """Read `unit,<item key>…` with levels 1 to 5, blank for not answered. All or nothing; prints how many."""
    found = directory.wave(directory.organization(slug), wave_id)
    click.echo(imports.import_responses(wave=found, data=file.read_bytes(), file=file.name, by=None))


@click.group()
def questionnaire() -> None:
    """Questionnaires: YAML files, one a version."""


@questionnaire.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check questionnaire files, also against the copies that waves have used."""
    used = [
        catalog.parse(copy.text, copy.digest)
        for copy in db.session.scalars(select(QuestionnaireCopy).order_by(QuestionnaireCopy.id))
    ]
    faults: list[Refused] = []
    for file in files:
        try:
            parsed = parse(file.read_bytes(), file.name)
            faults += [fault for copy in used for fault in compare_revisions(copy, parsed)]
        except RefusedMany as many:
            faults += many.refusals
        except Refused as refused:
            faults.append(refused)
    if faults:
        raise RefusedMany(faults)
    click.echo(f"{len(files)} without a fault")


@questionnaire.command("list")
def list_() -> None:
    """The questionnaires that can be asked, with their forms."""
    found = questionnaires.available()
    for one in found.all():
        entry = one.questionnaire
        click.echo(f"{entry.identity}\t{entry.title}\t{', '.join(entry.forms)}")
    for error in found.errors:
        click.echo(str(error), err=True)
