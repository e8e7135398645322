"""`plan` on the command line."""

import datetime as dt

import click
from flask_babel import force_locale

from webapp.access import directory
from webapp.domain.recurring import MONTHS, Rhythm, typed_days
from webapp.domain.refusal import Refused
from webapp.language import LANGUAGES
from webapp.waves import plans


@click.group()
def plan() -> None:
    """Plans: waves that open by themselves."""


@plan.command("add")
@click.argument("slug")
@click.option(
    "--questionnaire", "key", required=True, metavar="KEY", help="Its newest version is asked each time."
)
@click.option("--form", required=True)
@click.option("--every", type=click.Choice(list(MONTHS)), required=True)
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="As YYYY-MM-DD.")
@click.option("--days-open", type=int, required=True, metavar="N")
@click.option("--name", required=True, help="Of each wave, with {month}, {year} or {number} in it.")
@click.option("--remind", metavar="DAYS", default="", help="Days after the opening, such as 5,10.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of names and letters; without it, the organization's."
)
def add(
    slug: str,
    key: str,
    form: str,
    every: str,
    first_day: dt.datetime,
    days_open: int,
    name: str,
    remind: str,
    language: str | None,
) -> None:
    """Let waves open by themselves, at the head counts of their day; prints the plan's id."""
    made = plans.add(
        organization=directory.organization(slug),
        questionnaire=key,
        form=form,
        rhythm=Rhythm(every, first_day.date(), days_open),
        reminders=typed_days(remind),
        name=name,
        language=language,
        by=None,
    )
    click.echo(made.id)


@plan.command("list")
@click.argument("slug")
def list_(slug: str) -> None:
    """A line a plan; why a wave that is due has not opened goes to stderr."""
    for one in plans.of(directory.organization(slug).id):
        opens = plans.rhythm(one).day(one.number)
        facts = (
            *(one.id, one.questionnaire_key, one.form, one.every, opens, one.days_open),
            *(one.reminders.replace(" ", "") or "-", one.language, one.name),
        )
        click.echo("\t".join(map(str, facts)))
        with force_locale("en"):
            fault = plans.fault(one)
        if fault:
            click.echo(f"plan {one.id} could not open: {fault}", err=True)


@plan.command("stop")
@click.argument("slug")
@click.argument("plan_id", metavar="PLAN", type=int)
def stop(slug: str, plan_id: int) -> None:
    """End a plan; waves that it opened go on as they are."""
    found = plans.one(directory.organization(slug).id, plan_id)
    if found is None:
        raise Refused("There is no plan {plan} in {slug}.", place="PLAN", plan=plan_id, slug=slug)
    plans.stop(plan=found, by=None)
