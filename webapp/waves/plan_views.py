"""Plans: the page on which an owner lets waves open by themselves."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import Permission
from webapp.domain.recurring import Rhythm
from webapp.domain.refusal import Refused
from webapp.forms import PressButton
from webapp.models import Plan
from webapp.waves import plans as planning
from webapp.waves import queries
from webapp.waves.forms import PlanForm
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
