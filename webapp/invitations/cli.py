"""`invitations` on the command line."""

from pathlib import Path

import click

from webapp import mail
from webapp.access import directory
from webapp.invitations import commands


def register(group: click.Group) -> None:
    group.add_command(invitations)


@click.group()
def invitations() -> None:
    """Inviting people to a wave by mail."""


@invitations.command("send")
@click.argument("slug")
@click.argument("wave_id", metavar="WAVE", type=int)
@click.argument("file", metavar="PEOPLE", type=click.Path(path_type=Path))
def send(slug: str, wave_id: int, file: Path) -> None:
    """Invite everybody in a CSV: unit,email[,name]. All or nothing; prints how many."""
    wave = directory.wave(directory.organization(slug), wave_id)
    done = commands.invite(wave=wave, data=file.read_bytes(), file=file.name, by=None)
    if done.known:
        click.echo(f"{done.known} were invited before.", err=True)
    _say_that_mail_waits()
    click.echo(done.invited)


@invitations.command("remind")
@click.argument("slug")
@click.argument("wave_id", metavar="WAVE", type=int)
def remind(slug: str, wave_id: int) -> None:
    """Remind those who have not answered, at most once a day; says neither who nor how many."""
    commands.remind(wave=directory.wave(directory.organization(slug), wave_id), by=None)
    _say_that_mail_waits()


def _say_that_mail_waits() -> None:
    if not mail.configured():
        click.echo("No mail server is set up (GROUNDSWELL_SMTP_URL): the letters wait.", err=True)
