"""The two forms that write actions: a new one (of one's own, or an advice that is adopted), and an earlier one changed."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, clock, mail
from webapp.access import Permission
from webapp.actions import commands, measured, queries
from webapp.actions.forms import ActionForm, proposed, stored
from webapp.domain.refusal import Refused
from webapp.models import Action


@access.requires(Permission.ACTION_CHANGE)
def new(slug: str) -> ResponseReturnValue:
    """An action of one's own; with a wave, a unit and a practice in the address, the advice that they name."""
    advice = _advice() if "practice" in request.args else None
    form = _adopting(advice) if advice else _own()
    if form.validate_on_submit():
        try:
            made = _made(form, advice)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("It stands on the board."))
            return redirect(url_for("actions.action", slug=slug, action_id=made.id), 303)
    return _page(slug, form, advice=advice), 422 if form.errors else 200


def _page(
    slug: str,
    form: ActionForm,
    *,
    advice: measured.Advice | None = None,
    shown: queries.Shown | None = None,
    theirs: queries.Shown | None = None,
) -> str:
    return render_template(
        "actions/write.html",
        active="actions",
        slug=slug,
        form=form,
        advice=advice,
        shown=shown,
        theirs=theirs,
        mailing=mail.configured(),
    )


def _advice() -> measured.Advice:
    """The advice that the address names, for a unit in which the actor decides; else the usual 404."""
    asked = request.args
    found = measured.advice(
        g.actor,
        asked.get("wave", 0, type=int),
        asked.get("unit", ""),
        asked.get("practice", ""),
        asked.get("item", ""),
    )
    if found is None or not may_change(found.unit_id):
        abort(404)
    return found


def may_change(unit_id: int | None) -> bool:
    """Whether the actor decides in a unit, or in the whole organization where there is none."""
    span = g.actor.span(Permission.ACTION_CHANGE)
    return span is None or unit_id in span


def _adopting(advice: measured.Advice) -> ActionForm:
    people = queries.people(g.actor, advice.unit_id)
    place = queries.Place(advice.unit_id, advice.unit)
    return ActionForm.adopting(advice, place, people, **_proposed(people))


def _own() -> ActionForm:
    """For words of one's own; who may look after it depends on the unit, which is not chosen yet."""
    places = queries.units(g.actor, Permission.ACTION_CHANGE)
    found = measured.latest(g.actor)
    people = queries.people(g.actor, places[0].id if len(places) == 1 else queries.ANYWHERE)
    return ActionForm(
        places=places, measures=found.measures if found else (), people=people, **_proposed(people)
    )


def _proposed(people: list[tuple[int, str]]) -> dict[str, Any]:
    return proposed(g.actor.member_id, people, clock.today(g.actor.organization.timezone))


def _made(form: ActionForm, advice: measured.Advice | None) -> Action:
    found = measured.latest(g.actor) if advice is None else None
    return commands.adopt(
        organization=g.actor.organization,
        unit_id=advice.unit_id if advice else form.unit_id,
        wave_id=advice.wave_id if advice else found.wave_id if found else None,
        advice=advice.do if advice else "",
        first_step=advice.first_step if advice else "",
        by=g.account,
        **form.values(),
    )


@access.requires(Permission.ACTION_CHANGE)
def edit(slug: str, action_id: int) -> ResponseReturnValue:
    """Change what was written; who was overtaken by somebody else sees both and decides."""
    shown = changeable(action_id)
    form, theirs = _form_of(shown), None
    if form.validate_on_submit():
        try:
            commands.change(action=shown.action, version=form.seen, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        except commands.Outdated:
            theirs = changeable(action_id)
            form.version.data = theirs.action.version
        else:
            flash(_("Saved."))
            return redirect(url_for("actions.action", slug=slug, action_id=action_id), 303)
    return _page(slug, form, shown=shown, theirs=theirs), 409 if theirs else 422 if form.errors else 200


def changeable(action_id: int) -> queries.Shown:
    """An action that the actor may change; 404 where it is not theirs to read, 403 where it is theirs to read alone."""
    shown = queries.one(g.actor, action_id) or abort(404)
    return shown if shown.may_change else abort(403)


def _form_of(shown: queries.Shown) -> ActionForm:
    action = shown.action
    found = measured.of_wave(g.actor, action.wave_id) if action.wave_id else None
    measures = [
        one
        for one in (found.measures if found else ())
        if not action.advice or one.practice == action.practice
    ]
    people = dict(queries.people(g.actor, action.unit_id))
    if shown.member_id is not None:
        people[shown.member_id] = shown.who  # whoever looks after it now may stay, whoever chose them
    place = queries.Place(action.unit_id, shown.unit or g.actor.organization.name)
    return ActionForm(
        places=[place],
        measures=measures,
        people=list(people.items()),
        none=not action.advice,
        **stored(shown),
    )
