"""`organization` and `member` on the command line."""

from pathlib import Path

import click
from flask import current_app

from webapp.access import directory
from webapp.language import ENGLISH, LANGUAGES
from webapp.organizations import commands, erasing


def register(group: click.Group) -> None:
    group.add_command(organization)
    group.add_command(member)


def link(secret: str) -> str:
    return f"{current_app.extensions['groundswell'].settings.url}/sign-in/{secret}"


@click.group()
def organization() -> None:
    """Organizations."""


@organization.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="As people know it.")
@click.option(
    "--owner", required=True, metavar="EMAIL", help="The first owner; gets the sign-in link that is printed."
)
@click.option(
    "--smallest-group",
    type=int,
    default=5,
    show_default=True,
    metavar="K",
    help="No figure for fewer people; 3 or more.",
)
@click.option("--timezone", default="UTC", show_default=True, metavar="TZ")
@click.option(
    "--time-guard", type=click.Choice(["standard", "strict"]), default="standard", show_default=True
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    help="Of letters; each wave can have another.",
)
def create(
    slug: str, name: str, owner: str, smallest_group: int, timezone: str, time_guard: str, language: str
) -> None:
    """Create an organization; prints a one-time sign-in link for its owner."""
    made = commands.create_organization(
        slug=slug,
        name=name,
        owner=owner,
        smallest_group=smallest_group,
        timezone=timezone,
        time_guard=time_guard,
        language=language,
        by=None,
    )
    click.echo(link(commands.sign_in_secret(organization=made, email=owner, by=None)))


@organization.command("export")
@click.argument("slug")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
def export(slug: str, file: Path) -> None:
    """Write all published results to a new file, each as JSON and as CSV."""
    found = directory.organization(slug)
    with file.open("xb") as out:
        file.chmod(0o600)
        try:
            out.write(erasing.take_along(organization=found, by=None))
        except BaseException:
            file.unlink()  # half a file would look like all of it
            raise


@organization.command("delete")
@click.argument("slug")
@click.option(
    "--confirm",
    metavar="SLUG",
    required=True,
    help="The word in the organization's address once more, so that nothing is deleted by a slip.",
)
def delete(slug: str, confirm: str) -> None:
    """Erase all of an organization at once, with the accounts that belong to no other. Backups still hold it."""
    erasing.delete_organization(organization=directory.organization(slug), word=confirm, by=None)


@click.group()
def member() -> None:
    """Members: who may sign in, and as what."""


@member.command("add")
@click.argument("slug")
@click.argument("email")
@click.option("--role", required=True, help="owner, leader, viewer or auditor.")
@click.option("--unit", help="The unit (and all below it) where the role holds; without it, everywhere.")
def add(slug: str, email: str, role: str, unit: str | None) -> None:
    """Give somebody a role; prints a one-time sign-in link."""
    organization = directory.organization(slug)
    unit_id = directory.unit(organization, unit).id if unit else None
    secret = commands.add_member(organization=organization, email=email, role=role, unit_id=unit_id, by=None)
    click.echo(link(secret or ""))


@member.command("remove")
@click.argument("slug")
@click.argument("email")
def remove(slug: str, email: str) -> None:
    """Erase a member at once; the last owner stays."""
    commands.remove_member(organization=directory.organization(slug), email=email, by=None)


@member.command("link")
@click.argument("slug")
@click.argument("email")
def sign_in_link(slug: str, email: str) -> None:
    """Print a new one-time sign-in link for a member."""
    click.echo(link(commands.sign_in_secret(organization=directory.organization(slug), email=email, by=None)))
