"""Actions: the board, the list, one action, and the forms that write them."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, language
from webapp.access import Permission
from webapp.actions import commands, measured, queries, words, writing
from webapp.actions.forms import MoveForm
from webapp.domain.action import State
from webapp.domain.refusal import Refused
from webapp.forms import PressButton

bp = Blueprint("actions", __name__, template_folder="templates")
bp.add_url_rule("/o/<slug>/actions/new", "new", writing.new, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/actions/<int:action_id>/edit", "edit", writing.edit, methods=["GET", "POST"])


@bp.get("/o/<slug>/actions")
@access.requires(Permission.ACTION_READ)
def index(slug: str) -> ResponseReturnValue:
    """The board: planned, under way, ended."""
    wanted = queries.Filter.asked(request.args)
    columns = queries.board(g.actor, wanted)
    cards = [shown.action for column in columns for shown in column.cards]
    return render_template(
        "actions/index.html",
        active="actions",
        slug=slug,
        columns=columns,
        since=measured.since(g.actor, cards, latest=True),
        button=PressButton(),
        **_around(wanted),
    )


@bp.get("/o/<slug>/actions/list")
@access.requires(Permission.ACTION_READ)
def listed(slug: str) -> ResponseReturnValue:
    """All of them, a line each."""
    wanted = queries.Filter.asked(request.args)
    found = queries.page(g.actor, wanted, request.args.get("page", 1, type=int))
    return render_template(
        "actions/listed.html",
        active="actions",
        slug=slug,
        found=found,
        around=_neighbours(slug, wanted, found),
        states=[(state, words.state(state)) for state in State],
        **_around(wanted),
    )


def _neighbours(slug: str, wanted: queries.Filter, found: queries.Page) -> dict[str, str]:
    """The addresses of the pages before and after."""
    ends = {"previous_href": found.number - 1, "next_href": found.number + 1}
    return {
        name: url_for("actions.listed", slug=slug, page=number, **wanted.words)
        for name, number in ends.items()
    }


def _around(wanted: queries.Filter) -> dict[str, object]:
    """What the board and the list have in common: the filter and its choices."""
    return {
        "wanted": wanted,
        "units": queries.units(g.actor, Permission.ACTION_READ),
        "may_change": g.actor.may(Permission.ACTION_CHANGE),
        "whole": g.actor.organization.name,
        "words": words,
    }


@bp.get("/o/<slug>/actions/<int:action_id>")
@access.requires(Permission.ACTION_READ)
def action(slug: str, action_id: int) -> ResponseReturnValue:
    shown = queries.one(g.actor, action_id) or abort(404)
    of = measured.of_wave(g.actor, shown.action.wave_id) if shown.action.wave_id else None
    return render_template(
        "actions/action.html",
        active="actions",
        slug=slug,
        shown=shown,
        since=measured.since(g.actor, [shown.action]).get(action_id, []),
        titles=measured.titles(of.measures) if of else {},
        whole=g.actor.organization.name,
        button=PressButton(),
        words=words,
    )


@bp.post("/o/<slug>/actions/<int:action_id>/move")
@access.requires(Permission.ACTION_CHANGE)
def move(slug: str, action_id: int) -> ResponseReturnValue:
    shown = writing.changeable(action_id)
    form = MoveForm()
    seen, to = form.states() or abort(400)
    try:
        commands.move(action=shown.action, seen=seen, to=to, reason=form.reason.data or "", by=g.account)
    except Refused as refused:
        flash(language.refusal(refused), "error")
        return redirect(url_for("actions.action", slug=slug, action_id=action_id), 303)
    flash(_("“%(title)s”: %(state)s.", title=shown.action.title, state=words.state(to)))
    if form.back.data == "board":
        return redirect(url_for("actions.index", slug=slug), 303)
    return redirect(url_for("actions.action", slug=slug, action_id=action_id), 303)
