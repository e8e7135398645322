"""A leader's own assessment of the unit, while a wave is open."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, asking
from webapp.access import Permission
from webapp.assessments import commands, queries
from webapp.assessments.forms import AssessmentForm
from webapp.domain.refusal import Refused

bp = Blueprint("assessments", __name__, template_folder="templates")

OF_WAVE = "/o/<slug>/waves/<int:wave_id>/assessments/"


@bp.route(OF_WAVE + "organization", methods=["GET", "POST"], defaults={"unit_id": None})
@bp.route(OF_WAVE + "<int:unit_id>", methods=["GET", "POST"])
@access.requires(Permission.ASSESSMENT_GIVE)
def assessment(slug: str, wave_id: int, unit_id: int | None) -> ResponseReturnValue:
    asked = queries.asked(g.actor, wave_id, unit_id) or abort(404)
    given = {"shown": "name" if asked.given.shown_by_name else "average"} if asked.given else {}
    form = AssessmentForm(data=given)
    chosen = asked.chosen()
    if request.method == "POST":
        chosen = form.chosen(asked.items)
        if form.validate() and _given(form, asked):
            flash(_("Thank you. You may change it until the wave closes."))
            return redirect(url_for("waves.wave", slug=slug, wave_id=wave_id), 303)
    page = render_template(
        "assessments/assessment.html",
        active="waves",
        organization=g.actor.organization,
        asked=asked,
        runs=asking.runs(asked.wave),
        form=form,
        chosen=chosen,
    )
    return page, 422 if form.errors else 200


def _given(form: AssessmentForm, asked: queries.Asked) -> bool:
    try:
        commands.give_assessment(
            asked=asked, answers=form.sheet(asked.items), shown_by_name=form.by_name, by=g.actor
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True
