"""Plans: the page on which an owner lets waves open by themselves."""

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, clock
from webapp.access import Permission
from webapp.attachments import attachment
from webapp.domain.recurring import Rhythm
from webapp.domain.refusal import Refused
from webapp.forms import PressButton
from webapp.models import Plan
from webapp.waves import exports, queries
from webapp.waves import plans as planning
from webapp.waves.forms import PlanForm
from webapp.waves.plans import Event
from webapp.waves.views import bp


@bp.route("/o/<slug>/waves/plans", methods=["GET", "POST"])
@access.requires(Permission.WAVE_CHANGE)
def plans(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = PlanForm(askable=queries.askable(), language=organization.language)
    if form.validate_on_submit():
        try:
            _added(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("The plan stands. Its waves open by themselves."))
            return redirect(url_for("waves.plans", slug=slug), 303)
    page = render_template(
        "waves/plans.html",
        active="waves",
        organization=organization,
        form=form,
        plans=[
            (plan, planning.title(plan), planning.rhythm(plan).day(plan.number), planning.fault(plan))
            for plan in planning.of(organization.id)
        ],
        button=PressButton(),
    )
    return page, 422 if form.errors else 200


@bp.get("/o/<slug>/waves/coming.ics")
@access.requires(Permission.WAVE_READ)
def coming_file(slug: str) -> ResponseReturnValue:
    """What is coming as a file for one's own calendar."""
    organization, settings = g.actor.organization, current_app.extensions["groundswell"].settings

    def url(event: Event) -> str:
        if event.wave_id is None:
            return f"{settings.url}{url_for('waves.index', slug=slug)}"
        return f"{settings.url}{url_for('waves.wave', slug=slug, wave_id=event.wave_id)}"

    text = exports.coming_ics(
        planning.coming(organization),
        name=organization.name,
        host=settings.host,
        made=clock.now(),
        url=url,
    )
    return attachment(text, f"waves-{slug}.ics", "text/calendar; charset=utf-8")


def _added(form: PlanForm) -> Plan:
    questionnaire, asked = form.chosen()
    return planning.add(
        organization=g.actor.organization,
        questionnaire=questionnaire,
        form=asked,
        rhythm=Rhythm(form.every.data, form.first_day.data, form.days_open.data),
        reminders=form.reminders(),
        name=form.name.data or "",
        language=form.language.data,
        by=g.account,
    )


@bp.post("/o/<slug>/waves/plans/<int(max=2147483647):plan_id>/stop")
@access.requires(Permission.WAVE_CHANGE)
def stop_plan(slug: str, plan_id: int) -> ResponseReturnValue:
    plan = planning.one(g.actor.organization.id, plan_id) or abort(404)
    planning.stop(plan=plan, by=g.account)
    flash(_("The plan has stopped. Waves that it opened go on as they are."))
    return redirect(url_for("waves.plans", slug=slug), 303)
