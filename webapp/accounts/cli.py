"""`account` on the command line."""

import click
from flask import current_app

from webapp.accounts import commands


def register(group: click.Group) -> None:
    group.add_command(account)


@click.group()
def account() -> None:
    """Accounts: what a person signs in with."""


@account.command("recover")
@click.argument("email")
def recover(email: str) -> None:
    """Take password, second step and linked providers away, end all sessions, and print a one-time sign-in link."""
    secret = commands.recover(email=email)
    click.echo(f"{current_app.extensions['groundswell'].settings.url}/sign-in/{secret}")
