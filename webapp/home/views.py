"""The front, the quick check, and the pages that say how it works; open to everybody."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, language
from webapp import talk as pieces
from webapp.extensions import csrf
from webapp.home import charts, queries, thresholds

bp = Blueprint("home", __name__, template_folder="templates")


@bp.app_context_processor
def footer() -> dict[str, object]:
    """The links at the foot of every page."""
    links = (
        (url_for("home.method"), _("How scores are made")),
        (url_for("home.privacy"), _("Privacy")),
        (_talk(), _("The talk")),
    )
    return {"footer_links": [{"href": href, "label": label} for href, label in links]}


def _talk() -> str:
    """The talk: with the organization's own numbers for those who may read them."""
    actor = g.get("actor")
    if actor is not None and actor.may(access.Permission.RESULT_READ):
        return url_for("results.talk", slug=actor.organization.slug)
    return url_for("home.talk")


@bp.get("/")
@access.anyone
def index() -> ResponseReturnValue:
    asked = queries.quick_check()
    return render_template(
        "home/index.html",
        asked=asked,
        bands=asked.questionnaire.bands,
        island=charts.island(),
        groundswell=charts.groundswell(),
        average=charts.AVERAGE,
    )


@bp.route("/quick-check", methods=["GET", "POST"])
@access.anyone
def quick_check() -> ResponseReturnValue:
    asked = queries.quick_check()
    answers = asked.answers(request.form)
    finished = request.method == "POST" and request.form.get("step") != "start"
    profile = queries.profile(asked, answers) if finished else None
    if profile is not None and profile.answered:
        return render_template(
            "home/profile.html", asked=asked, profile=profile, bands=asked.questionnaire.bands
        )
    return render_template(
        "home/quick_check.html",
        active="quick-check",
        asked=asked,
        chosen={key: 0 if answer == "?" else int(answer) for key, answer in answers.items()},
        nothing_chosen=finished,
    )


# Without a CSRF token: nothing is stored, so nothing can be forged, and the front page needs no cookie.
csrf.exempt(quick_check)


@bp.get("/method")
@access.anyone
def method() -> ResponseReturnValue:
    return render_template(
        "home/method.html",
        active="method",
        asked=queries.quick_check(),
        t=thresholds.thresholds(),
        talk=url_for("home.talk"),
    )


@bp.get("/privacy")
@access.anyone
def privacy() -> ResponseReturnValue:
    return render_template("home/privacy.html", active="privacy")


@bp.get("/talk")
@access.anyone
def talk() -> ResponseReturnValue:
    questionnaire = queries.quick_check().questionnaire
    return render_template(
        "home/talk.html",
        active="talk",
        questionnaire=questionnaire,
        pieces=list(pieces.told(questionnaire)),
        pages=pieces.PAGES,
    )


@bp.post("/language")
@access.anyone
def choose_language() -> ResponseReturnValue:
    """Keep the reader's choice in a cookie, and go back to where they were."""
    chosen = request.form.get("language", "")
    if chosen not in language.LANGUAGES:
        abort(400)
    reply = make_response(redirect(language.page(request.form.get("here", "")), 303))
    language.keep(reply, chosen)
    return reply


# Without a CSRF token: it stands on pages that need no cookie, and other sites' pages are refused by `headers`.
csrf.exempt(choose_language)


@bp.get("/healthz")
@access.anyone
def healthz() -> ResponseReturnValue:
    """For whatever watches the server: answers once the database does."""
    queries.database_answers()
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
