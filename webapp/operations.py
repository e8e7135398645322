"""Running the application: `run`, `serve`, `worker`, `demo`, `check`, `backup`, `restore`."""

import threading
from pathlib import Path

import click
from flask import Flask

from webapp import checking, demo, keeping, logs, marks, serving
from webapp import worker as outbox_worker
from webapp.organizations import cli as organizations_cli
from webapp.organizations import commands as organizations


def register(group: click.Group) -> None:
    for command in (run, serve, worker, demo_command, check, backup, restore):
        group.add_command(command)


@click.command()
@click.pass_obj
def run(app: Flask) -> None:
    """Serve with a demo organization when there is none; prints a sign-in link for its owner."""
    organization = demo.find() or demo.make()
    secret = organizations.sign_in_secret(organization=organization, email=demo.OWNER, by=None)
    settings = app.extensions["groundswell"].settings
    click.echo(f"Groundswell: {settings.url}", err=True)
    click.echo(f"Sign in: {organizations_cli.link(secret)}")
    serving.serve(app)


@click.command()
@click.pass_obj
def serve(app: Flask) -> None:
    """The production server, without demo data, with a worker that ends with it."""
    click.echo(f"Groundswell: {app.extensions['groundswell'].settings.url}", err=True)
    serving.serve(app)


@click.command()
@click.pass_obj
def worker(app: Flask) -> None:
    """Send the mail that waits and do what comes with time, until stopped; `serve` and `run` bring one along."""
    logs.init()
    stop = threading.Event()
    outbox_worker.stop_on_signals(stop)
    outbox_worker.run(app, stop)


@click.command("demo")
@click.option("--teams", type=click.IntRange(1, 5000), default=14, show_default=True)
@click.option("--people", type=click.IntRange(1, 1_000_000), show_default="about 11 a team")
@click.option("--waves", type=click.IntRange(1, 12), default=4, show_default=True)
@click.option("--seed", type=int, default=2, show_default=True)
def demo_command(teams: int, people: int | None, waves: int, seed: int) -> None:
    """Add a demo organization of that size, the same each time for a seed; prints its slug."""
    click.echo(demo.make(teams=teams, people=people, waves=waves, seed=seed).slug)


@click.command()
@click.option(
    "--against",
    "earlier",
    type=click.Path(path_type=Path),
    help="An earlier output of this command: also says which audit log was put back or cut since then.",
)
def check(earlier: Path | None) -> None:
    """Check the database, published results and audit logs; prints where each log ends, a line an organization."""
    for warning in checking.warnings():
        click.echo(f"Warning: {warning}", err=True)
    found = [*checking.findings(), *(checking.against(earlier) if earlier else ())]
    for line in found:
        click.echo(line, err=True)
    marks.leave("check", "findings" if found else "sound")
    if found:
        raise click.exceptions.Exit(1)
    for line in checking.ends():
        click.echo(line)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(app: Flask, file: Path) -> None:
    """Write the database to a new file, also while it is served. The keys are not in it: keep them elsewhere."""
    waiting = keeping.backup(app, file)
    marks.leave("backup", str(file.absolute()))
    for name in waiting:
        click.echo(
            f"Warning: the wave “{name}” is open. Two backups of an open wave tell which answers came in between: "
            "keep one, or wait until it has closed.",
            err=True,
        )
    data = app.extensions["groundswell"].settings.data
    keys = " and ".join(str(data / name) for name in keeping.KEYS)
    click.echo(f"Not in it, and needed to restore: {keys}. Keep them apart from it.", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--despite-findings",
    is_flag=True,
    help="Also when `check` finds something in it, such as after the keys were lost.",
)
@click.pass_obj
def restore(app: Flask, file: Path, *, despite_findings: bool) -> None:
    """Put a backup where there is no database yet, once it was checked in a copy."""
    keeping.restore(app.extensions["groundswell"].settings, file, despite_findings=despite_findings)
