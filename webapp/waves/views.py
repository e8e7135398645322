"""Waves: opening one, handing out its links, watching how many take part, closing it."""

from babel.lists import format_list
from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from webapp import access, clock, language, questionnaires, slots
from webapp.access import Permission
from webapp.attachments import CSV, attachment
from webapp.domain.qr_code import qr_code
from webapp.domain.refusal import Refused
from webapp.forms import PressButton
from webapp.models import Wave
from webapp.waves import ballots, erasing, exports, opening, plans, queries
from webapp.waves.forms import CloseForm, OpenLinkForm, OpenWaveForm

bp = Blueprint("waves", __name__, template_folder="templates")


@bp.get("/o/<slug>/waves")
@access.requires(Permission.WAVE_READ)
def index(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    return render_template(
        "waves/index.html",
        active="waves",
        organization=g.actor.organization,
        waves=queries.all_of(g.actor.organization.id),
        may_change=g.actor.may_everywhere(Permission.WAVE_CHANGE),
        coming=plans.coming(g.actor.organization),
        assessments=slots.ask("own_assessments", g.actor),
    )


@bp.route("/o/<slug>/waves/new", methods=["GET", "POST"])
@access.requires(Permission.WAVE_CHANGE)
def new(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    today = clock.today(organization.timezone)
    form = OpenWaveForm(
        askable=queries.askable(), name=format_date(today, "LLLL y"), language=organization.language
    )
    if form.validate_on_submit():
        try:
            opened = _opened(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("“%(name)s” is open. Now hand out the links.", name=opened.name))
            return redirect(url_for("waves.wave", slug=slug, wave_id=opened.id), 303)
    page = render_template(
        "waves/new.html",
        active="waves",
        form=form,
        organization=organization,
        asked=queries.about_to_ask(organization.id),
    )
    return page, 422 if form.errors else 200


def _opened(form: OpenWaveForm) -> Wave:
    questionnaire, asked = form.chosen()
    published = questionnaires.available().find(questionnaire)
    return opening.open_wave(
        organization=g.actor.organization,
        questionnaire=published.questionnaire,
        text=published.text,
        form=asked,
        name=form.name.data or "",
        closes_on=form.closes.data,
        language=form.language.data,
        by=g.account,
    )


@bp.get("/o/<slug>/waves/<int:wave_id>")
@access.requires(Permission.WAVE_READ)
def wave(slug: str, wave_id: int) -> ResponseReturnValue:
    del slug
    return _page(queries.one(g.actor.organization.id, wave_id))


def _page(found: Wave, closing: CloseForm | None = None) -> str:
    rows, percent = queries.participation(found)
    rows = queries.readable(rows, g.actor.span(Permission.WAVE_READ))
    over = queries.is_over(found)
    quiet = queries.quiet(rows) if found.status == "open" and not over else []
    questionnaire = queries.questionnaire(found)
    return render_template(
        "waves/wave.html",
        active="waves",
        organization=g.actor.organization,
        wave=found,
        questionnaire=questionnaire,
        form=questionnaire.form(found.form),
        items=len(questionnaire.items(found.form)),
        rows=rows,
        quiet=quiet,
        quiet_names=format_list(quiet, locale=get_locale()),
        percent=percent,
        over=over,
        tried=queries.tried(found),
        answers_erased=erasing.answers_erased(found),
        closing=closing or CloseForm(),
        link_form=OpenLinkForm(rows),
        button=PressButton(),
        may_change=g.actor.may_everywhere(Permission.WAVE_CHANGE),
        may_link=g.actor.may_everywhere(Permission.LINK_ISSUE),
        may_read=g.actor.may(Permission.RESULT_READ),
        remarks=queries.remarks(found) if g.actor.may_everywhere(Permission.RESULT_READ) else [],
        judges=found.status == "published" and g.actor.may_everywhere(Permission.RESULT_READ),
        assessments=slots.ask("own_assessments", g.actor, found.id),
        by_mail=slots.ask("by_mail", g.actor, found),
    )


@bp.post("/o/<slug>/waves/<int:wave_id>/links")
@access.requires(Permission.LINK_ISSUE)
def links(slug: str, wave_id: int) -> ResponseReturnValue:
    found = queries.one(g.actor.organization.id, wave_id)
    try:
        issued = ballots.issue(wave=found, by=g.account)
    except Refused as refused:
        return _not_done(refused, slug, wave_id)
    return attachment(exports.links_csv(issued), f"links-{slug}-{wave_id}.csv", CSV)


@bp.post("/o/<slug>/waves/<int:wave_id>/open-link")
@access.requires(Permission.LINK_ISSUE)
def open_link(slug: str, wave_id: int) -> ResponseReturnValue:
    found = queries.one(g.actor.organization.id, wave_id)
    form = OpenLinkForm(queries.participation(found)[0])
    if not form.validate_on_submit():
        return _not_done(Refused("Choose one of the teams that have no single links."), slug, wave_id)
    try:
        ballots.open_link(wave=found, position=form.position.data, by=g.account)
    except Refused as refused:
        return _not_done(refused, slug, wave_id)
    return redirect(url_for("waves.poster", slug=slug, wave_id=wave_id, position=form.position.data), 303)


@bp.get("/o/<slug>/waves/<int:wave_id>/posters/<int(max=999999):position>")
@access.requires(Permission.LINK_ISSUE)
def poster(slug: str, wave_id: int, position: int) -> ResponseReturnValue:
    del slug
    found = queries.one(g.actor.organization.id, wave_id)
    unit, link = ballots.open_link_of(wave=found, position=position) or abort(404)
    return render_template(
        "waves/poster.html",
        active="waves",
        organization=g.actor.organization,
        wave=found,
        unit=unit,
        link=link,
        qr=qr_code(link),
    )


@bp.post("/o/<slug>/waves/<int:wave_id>/close")
@access.requires(Permission.WAVE_CHANGE)
def close(slug: str, wave_id: int) -> ResponseReturnValue:
    from webapp.waves import closing  # noqa: PLC0415 - NumPy stays out of start-up

    found = queries.one(g.actor.organization.id, wave_id)
    form = CloseForm()
    if not form.validate_on_submit():
        return _page(found, closing=form), 422
    try:
        closing.close_and_publish(wave=found, by=g.account)
    except Refused as refused:
        return _not_done(refused, slug, wave_id)
    flash(_("“%(name)s” is closed, and its results are there.", name=found.name))
    return redirect(url_for("waves.wave", slug=slug, wave_id=wave_id), 303)


def _not_done(refused: Refused, slug: str, wave_id: int) -> ResponseReturnValue:
    flash(language.refusal(refused), "error")
    return redirect(url_for("waves.wave", slug=slug, wave_id=wave_id), 303)
