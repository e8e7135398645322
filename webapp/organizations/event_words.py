"""Audit events in words: what was done, as the log tells it. Every action that a command records stands here."""

import json
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.organizations import words
from webapp.organizations.event_names import Changes, Names, number


def _settings(_names: Names, changes: Changes) -> str:
    labels = {
        "name": _("name"),
        "smallest_group": _("smallest group"),
        "timezone": _("time zone"),
        "time_guard": _("guard over time"),
        "language": _("language of letters"),
        "months_kept": _("months for which answers are kept"),
    }
    told = [f"{labels.get(name, name)} {value}" for name, value in changes.items() if name != "contact"]
    told += [_("whom to ask about privacy")] if "contact" in changes else []
    return _("Changed the settings: %(changes)s", changes=", ".join(told))


def _imported(_names: Names, changes: Changes) -> str:
    return _(
        "Imported units: %(added)s added, %(changed)s changed, %(closed)s closed",
        added=changes.get("added"),
        changed=changes.get("changed"),
        closed=changes.get("closed"),
    )


def _signed_in(_names: Names, changes: Changes) -> str:
    ways = {
        "link": _("Signed in by a link"),
        "password": _("Signed in with a password"),
        "reset": _("Signed in with a new password"),
        "provider": _("Signed in through another service"),
    }
    return ways.get(str(changes.get("how")), _("Signed in"))


def _failed(_names: Names, changes: Changes) -> str:
    ways = {
        "code": _("Somebody typed a wrong code for the second step of this address"),
        "provider": _("What another service answered for this address could not be trusted"),
    }
    return ways.get(str(changes.get("how")), _("Somebody tried a wrong password for this address"))


def _issued(names: Names, changes: Changes) -> str:
    links = number(changes.get("links"))
    if links <= 0:
        return _("Downloaded the links of %(wave)s again", wave=names.wave(changes))
    return ngettext(
        "Made %(num)s single link for %(wave)s",
        "Made %(num)s single links for %(wave)s",
        links,
        wave=names.wave(changes),
    )


def _moved_on(names: Names, changes: Changes) -> str:
    unit = names.unit(changes)
    told = {
        "first_user": _("Noted the first user of an experiment of %(unit)s", unit=unit),
        "live": _("Noted that an experiment of %(unit)s is live", unit=unit),
        "ended": _("Noted the end of an experiment of %(unit)s", unit=unit),
    }
    return told.get(str(changes.get("to")), _("Changed an experiment of %(unit)s", unit=unit))


Sentence = Callable[[Names, Changes], str]


def _to_host(label: object, sentence: object) -> tuple[object, Sentence]:
    """An event about a webhook, which is known by its host."""
    return label, lambda _names, changes: str(sentence) % {"host": changes.get("host")}


# action: its label in the filter, and its sentence
ACTIONS: dict[str, tuple[object, Sentence]] = {
    "organization.created": (
        _l("Organization created"),
        lambda names, _c: _("Created the organization %(name)s", name=names.organization),
    ),
    "organization.changed": (_l("Settings changed"), _settings),
    "organization.second_step_asked": (
        _l("Second step asked of members"),
        lambda _n, _c: _("Asked every member for a second step"),
    ),
    "organization.second_step_left_free": (
        _l("Second step left to members"),
        lambda _n, _c: _("Left a second step to each member again"),
    ),
    "member.role_given": (
        _l("Role given"),
        lambda names, c: _(
            "Gave %(member)s the role %(role)s: %(place)s",
            member=names.member(c),
            role=words.role(str(c.get("role"))),
            place=names.held(c),
        ),
    ),
    "member.role_taken": (
        _l("Role taken away"),
        lambda names, c: _(
            "Took the role %(role)s from %(member)s: %(place)s",
            member=names.member(c),
            role=words.role(str(c.get("role"))),
            place=names.held(c),
        ),
    ),
    "member.link_made": (
        _l("Sign-in link made"),
        lambda names, c: _("Made a sign-in link for %(member)s", member=names.member(c)),
    ),
    "member.invited": (
        _l("Member invited by mail"),
        lambda names, c: _("Had a letter of invitation sent to %(member)s", member=names.member(c)),
    ),
    "account.signed_in": (_l("Signed in"), _signed_in),
    "account.sign_in_failed": (_l("Sign-in failed"), _failed),
    "account.identity_linked": (
        _l("Provider linked"),
        lambda _n, c: _("Let %(provider)s sign them in", provider=c.get("provider")),
    ),
    "account.identity_unlinked": (
        _l("Provider unlinked"),
        lambda _n, c: _("Stopped letting %(provider)s sign them in", provider=c.get("provider")),
    ),
    "account.password_set": (_l("Password set"), lambda _n, _c: _("Set a password")),
    "account.session_ended": (_l("Sessions ended"), lambda _n, _c: _("Ended sessions of their own")),
    "account.second_step_on": (_l("Second step turned on"), lambda _n, _c: _("Turned on a second step")),
    "account.second_step_off": (_l("Second step turned off"), lambda _n, _c: _("Turned off the second step")),
    "account.recovery_codes_made": (
        _l("Recovery codes made"),
        lambda _n, _c: _("Made new recovery codes"),
    ),
    "account.recovery_code_used": (
        _l("Recovery code used"),
        lambda _n, _c: _("Signed in with a recovery code"),
    ),
    "account.recovered": (
        _l("Account recovered"),
        lambda _n, _c: _("Lost password and second step: both were taken away, and all sessions ended"),
    ),
    "member.removed": (
        _l("Member removed"),
        lambda names, c: _("Removed %(member)s", member=names.member(c)),
    ),
    "units.imported": (_l("Units imported"), _imported),
    "unit.added": (_l("Unit added"), lambda _n, _c: _("Added a unit")),
    "unit.changed": (
        _l("Unit changed"),
        lambda names, c: _("Changed the unit %(unit)s", unit=names.unit(c)),
    ),
    "unit.closed": (
        _l("Unit closed"),
        lambda names, c: _("Closed the unit %(unit)s", unit=names.unit(c)),
    ),
    "wave.opened": (
        _l("Wave opened"),
        lambda names, c: _(
            "Opened the wave %(wave)s: %(questionnaire)s, form %(form)s, smallest group %(group)s",
            wave=names.wave(c),
            questionnaire=c.get("questionnaire"),
            form=c.get("form"),
            group=c.get("smallest_group"),
        ),
    ),
    "action.made": (
        _l("Action decided"),
        lambda names, c: _(
            "Decided on action %(number)s: %(place)s", number=c.get("number"), place=names.held(c)
        ),
    ),
    "action.changed": (
        _l("Action changed"),
        lambda names, c: _(
            "Changed action %(number)s: %(place)s", number=c.get("number"), place=names.held(c)
        ),
    ),
    "action.moved": (
        _l("Action moved"),
        lambda names, c: _(
            "Moved action %(number)s to “%(state)s”: %(place)s",
            number=c.get("number"),
            state=words.action_state(str(c.get("state"))),
            place=names.held(c),
        ),
    ),
    "plan.made": (
        _l("Plan made"),
        lambda _n, c: _(
            "Planned waves of %(questionnaire)s, form %(form)s",
            questionnaire=c.get("questionnaire"),
            form=c.get("form"),
        ),
    ),
    "plan.stopped": (
        _l("Plan stopped"),
        lambda _n, c: _("Stopped the plan for form %(form)s", form=c.get("form")),
    ),
    "wave.closed": (
        _l("Wave closed"),
        lambda names, c: _("Ended answering in %(wave)s", wave=names.wave(c)),
    ),
    "wave.published": (
        _l("Wave published"),
        lambda names, c: _("Published the results of %(wave)s", wave=names.wave(c)),
    ),
    "wave.answers_erased": (
        _l("Answers erased"),
        lambda names, c: _(
            "Erased the answers of %(wave)s, %(months)s months after its publication",
            wave=names.wave(c),
            months=c.get("months"),
        ),
    ),
    "webhook.added": _to_host(_l("Webhook added"), _l("Added a webhook to %(host)s")),
    "webhook.changed": _to_host(_l("Webhook changed"), _l("Changed what a webhook to %(host)s is told")),
    "webhook.turned_on": _to_host(_l("Webhook turned on"), _l("Turned on a webhook to %(host)s")),
    "webhook.turned_off": _to_host(_l("Webhook turned off"), _l("Turned off a webhook to %(host)s")),
    "webhook.secret_made": _to_host(
        _l("Secret of a webhook made"), _l("Made a new secret for a webhook to %(host)s")
    ),
    "webhook.tried": _to_host(_l("Webhook tried"), _l("Had a test sent to a webhook to %(host)s")),
    "webhook.removed": _to_host(_l("Webhook removed"), _l("Removed a webhook to %(host)s")),
    "results.archived": (_l("Everything exported"), lambda _n, _c: _("Downloaded all published results")),
    "ballots.issued": (_l("Links made"), _issued),
    "ballots.opened": (
        _l("Open link made"),
        lambda names, c: _(
            "Made an open link for %(unit)s in %(wave)s", unit=names.place(c), wave=names.wave(c)
        ),
    ),
    "invitations.sent": (
        _l("People invited by mail"),
        lambda names, c: _("Invited people by mail to %(wave)s", wave=names.wave(c)),
    ),
    "invitations.removed": (
        _l("Invitations removed"),
        lambda names, c: _("Removed invitations to %(wave)s", wave=names.wave(c)),
    ),
    "invitations.reminded": (
        _l("Reminders sent"),
        lambda names, c: _("Had reminders sent for %(wave)s", wave=names.wave(c)),
    ),
    "invitations.reminders_planned": (
        _l("Reminders planned"),
        lambda names, c: _("Changed the days of reminders for %(wave)s", wave=names.wave(c)),
    ),
    "invitations.letter_changed": (
        _l("Letter changed"),
        lambda names, c: _("Changed the letter to people of %(wave)s", wave=names.wave(c)),
    ),
    "invitations.language_changed": (
        _l("Language of letters changed"),
        lambda names, c: _(
            "Changed the language of the letters to people of %(wave)s: %(language)s",
            wave=names.wave(c),
            language=c.get("language"),
        ),
    ),
    "responses.imported": (
        _l("Responses imported"),
        lambda names, c: ngettext(
            "Imported %(num)s response into %(wave)s",
            "Imported %(num)s responses into %(wave)s",
            number(c.get("responses")),
            wave=names.wave(c),
        ),
    ),
    "experiment.logged": (
        _l("Experiment logged"),
        lambda names, c: _("Logged an experiment of %(unit)s", unit=names.unit(c)),
    ),
    "experiment.moved_on": (_l("Experiment moved on"), _moved_on),
    "experiment.changed": (
        _l("Experiment changed"),
        lambda names, c: _("Changed an experiment of %(unit)s", unit=names.unit(c)),
    ),
    "experiment.removed": (
        _l("Experiment removed"),
        lambda names, c: _("Took an experiment of %(unit)s out of the register", unit=names.unit(c)),
    ),
    "experiments.imported": (
        _l("Experiments imported"),
        lambda _n, c: _(
            "Imported experiments: %(added)s added, %(changed)s changed",
            added=c.get("added"),
            changed=c.get("changed"),
        ),
    ),
    "actions.exported": (
        _l("Actions exported"),
        lambda _n, _c: _("Downloaded the actions"),
    ),
    "experiments.exported": (
        _l("Experiments exported"),
        lambda _n, _c: _("Downloaded the register of experiments"),
    ),
    "assessment.given": (
        _l("Assessment given"),
        lambda names, c: _(
            "Gave or changed their own assessment of %(unit)s in %(wave)s",
            unit=names.place(c),
            wave=names.wave(c),
        ),
    ),
    "results.exported": (
        _l("Results exported"),
        lambda names, c: _(
            "Downloaded the results of %(wave)s as %(format)s",
            wave=names.wave(c),
            format=str(c.get("format")).upper(),
        ),
    ),
    "evidence.imported": (
        _l("Figures from outside taken over"),
        lambda _n, c: _(
            "Took over figures from outside: %(added)s lines added, %(changed)s changed, %(removed)s removed",
            added=c.get("added"),
            changed=c.get("changed"),
            removed=c.get("removed"),
        ),
    ),
    "evidence.exported": (
        _l("Figures from outside exported"),
        lambda _n, _c: _("Downloaded the figures from outside"),
    ),
    "audit.exported": (_l("Audit log exported"), lambda _n, _c: _("Downloaded the audit log")),
    "token.made": (
        _l("API token made"),
        lambda names, c: _(
            "Made the API token %(name)s, good for %(days)s days: %(scopes)s",
            name=names.token(c),
            days=c.get("days"),
            scopes=c.get("scopes"),
        ),
    ),
    "token.revoked": (
        _l("API token revoked"),
        lambda names, c: _("Revoked the API token %(name)s", name=names.token(c)),
    ),
    "access.refused": (
        _l("Refused"),
        lambda _n, c: _("Was refused a page that needs %(permission)s", permission=c.get("permission")),
    ),
}


def label(action: str) -> str:
    return str(ACTIONS[action][0]) if action in ACTIONS else action


def sentence(names: Names, action: str, changes: str) -> str:
    """What an event says; one of an unknown kind shows what it holds."""
    if action not in ACTIONS:
        return f"{action} {changes}"
    plain = json.loads(changes)
    told = ACTIONS[action][1](names, plain)
    token = names.by_token(plain)
    return _("%(what)s, by the API token %(name)s", what=told, name=token) if token else told
