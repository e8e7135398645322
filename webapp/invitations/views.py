"""Inviting people to a wave by mail, and reminding them."""

from typing import TypedDict

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp import access, asking, language, mail
from webapp.access import Actor, Permission
from webapp.domain.letter_text import check, fill
from webapp.domain.refusal import Refused
from webapp.filters import moment
from webapp.forms import ListForm, PressButton, allow_large_lists
from webapp.invitations import commands, letters, queries
from webapp.invitations.forms import DaysForm, LanguageForm, LetterForm
from webapp.models import Organization, Wave

bp = Blueprint("invitations", __name__, template_folder="templates")
allow_large_lists(bp, "invitations.index")

WRITERS = (letters.write_invitation, letters.write_reminder)  # the outbox knows them once they are loaded


class ByMail(TypedDict):
    """The way to this feature from a wave's page."""

    label: str
    href: str
    state: str
    trouble: str


def offered(actor: Actor, wave: Wave) -> ByMail | None:
    if not actor.may_everywhere(Permission.INVITATION_SEND):
        return None
    count = queries.progress(wave.id).invited
    return {
        "label": _("Invite and remind by mail"),
        "href": url_for("invitations.index", slug=actor.organization.slug, wave_id=wave.id),
        "state": ngettext("%(num)s person is invited.", "%(num)s people are invited.", count)
        if count
        else _(
            "From a list of addresses: everybody gets a link of their own, and reminders go by themselves."
        ),
        "trouble": _trouble(actor.organization),
    }


def _trouble(organization: Organization) -> str:
    """What an owner should know of mail, and nothing of the server that does it."""
    since = queries.no_mail_since(organization)
    if since is None:
        return ""
    return _(
        "No letter can be sent at present, since %(time)s. Letters wait, and none is lost; it is tried again all the time.",
        time=moment(since),
    )


@bp.route("/o/<slug>/waves/<int:wave_id>/invitations", methods=["GET", "POST"])
@access.requires(Permission.INVITATION_SEND)
def index(slug: str, wave_id: int) -> ResponseReturnValue:
    wave = queries.wave(g.actor.organization.id, wave_id)
    form = ListForm()
    if form.validate_on_submit():
        file, data = form.chosen()
        try:
            done = commands.invite(wave=wave, data=data, file=file, by=g.account)
        except Refused as refused:
            form.refuse_list(refused)
        else:
            flash(_("%(new)s invited, %(known)s were before.", new=done.invited, known=done.known))
            return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)
    return _page(wave, people=form), 422 if form.errors else 200


def _page(
    wave: Wave,
    people: ListForm | None = None,
    days: DaysForm | None = None,
    speaking: LanguageForm | None = None,
) -> str:
    reminders = queries.reminders(wave)
    typed = ", ".join(str(one.count) for one in reminders if not one.queued)
    return render_template(
        "invitations/index.html",
        active="waves",
        organization=g.actor.organization,
        wave=wave,
        runs=asking.runs(wave),
        progress=queries.progress(wave.id),
        reminders=reminders,
        form=people or ListForm(),
        days=days or DaysForm(data={"days": typed}),
        speaking=speaking or LanguageForm(data={"language": language.spoken(wave.language)}),
        button=PressButton(),
        configured=mail.configured(),
        trouble=_trouble(g.actor.organization),
    )


@bp.post("/o/<slug>/waves/<int:wave_id>/invitations/remind")
@access.requires(Permission.INVITATION_SEND)
def remind(slug: str, wave_id: int) -> ResponseReturnValue:
    wave = queries.wave(g.actor.organization.id, wave_id)
    try:
        commands.remind(wave=wave, by=g.account)
    except Refused as refused:
        flash(language.refusal(refused), "error")
    else:
        flash(_("Reminders go to those who have not answered. Nobody is told who they are, nor how many."))
    return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)


@bp.post("/o/<slug>/waves/<int:wave_id>/invitations/days")
@access.requires(Permission.INVITATION_SEND)
def days(slug: str, wave_id: int) -> ResponseReturnValue:
    wave = queries.wave(g.actor.organization.id, wave_id)
    form = DaysForm()
    if not form.validate():
        return _page(wave, days=form), 422
    try:
        commands.plan_reminders(wave=wave, days=form.chosen(), by=g.account)
    except Refused as refused:
        form.refuse(refused)
        return _page(wave, days=form), 422
    flash(_("Saved."))
    return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)


@bp.post("/o/<slug>/waves/<int:wave_id>/invitations/failed")
@access.requires(Permission.INVITATION_SEND)
def failed(slug: str, wave_id: int) -> ResponseReturnValue:
    count = commands.remove_failed(wave=queries.wave(g.actor.organization.id, wave_id), by=g.account)
    flash(ngettext("%(num)s address removed.", "%(num)s addresses removed.", count))
    return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)


@bp.post("/o/<slug>/waves/<int:wave_id>/invitations/language")
@access.requires(Permission.INVITATION_SEND)
def choose_language(slug: str, wave_id: int) -> ResponseReturnValue:
    wave = queries.wave(g.actor.organization.id, wave_id)
    form = LanguageForm()
    try:
        commands.choose_language(wave=wave, wanted=form.language.data or "", by=g.account)
    except Refused as refused:
        form.refuse(refused)
        return _page(wave, speaking=form), 422
    flash(_("Saved. Letters that are written from now on are in this language."))
    return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)


@bp.route("/o/<slug>/waves/<int:wave_id>/invitations/letters/<kind>", methods=["GET", "POST"])
@access.requires(Permission.INVITATION_SEND)
def letter(slug: str, wave_id: int, kind: str) -> ResponseReturnValue:
    wave = queries.wave(g.actor.organization.id, wave_id)
    if kind not in queries.KINDS:
        abort(404)
    spoken = language.spoken(wave.language)
    form = LetterForm(queries.letter(wave, kind, spoken), spoken)
    preview, spoken = queries.letter(wave, kind, spoken), form.language.data
    if form.validate_on_submit():
        try:
            preview = check(form.subject.data or "", form.text.data or "")
            if request.form.get("step") == "save":
                words = {"subject": preview.subject, "text": preview.text}
                commands.save_letter(wave=wave, kind=kind, spoken=spoken, by=g.account, **words)
                flash(_("Saved. Letters that are sent from now on say it so."))
                return redirect(url_for("invitations.index", slug=slug, wave_id=wave_id), 303)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "invitations/letter.html",
        active="waves",
        organization=g.actor.organization,
        wave=wave,
        runs=asking.runs(wave),
        kind=kind,
        form=form,
        spoken=language.name(spoken),
        preview=fill(preview, queries.example(wave, spoken)),
    )
    return page, 422 if form.errors else 200
