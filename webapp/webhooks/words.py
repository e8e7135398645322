"""The kinds, events and faults of webhooks in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

KINDS = {
    "slack": _l("Slack, or a chat that takes its messages, such as Mattermost"),
    "teams": _l("Microsoft Teams, by a workflow"),
    "plain": _l("A program of your own: signed JSON"),
}
SHORT = {"slack": _l("Slack"), "teams": _l("Teams"), "plain": _l("signed JSON")}
EVENTS = {
    "wave.opened": _l("a wave has opened"),
    "wave.closing": _l("a wave ends soon: a day before its last day is over"),
    "wave.published": _l("a wave is published: its results are there"),
}
NEWS = {
    "wave.opened": _l("has opened"),
    "wave.closing": _l("ends soon"),
    "wave.published": _l("is published"),
    "test": _l("a test"),
}
FAULTS = {
    "name": _l("Its name was not found."),
    "private": _l(
        "It leads into a network that is not called, or to a port that is not. Whoever runs this machine can allow it."
    ),
    "connect": _l("It could not be reached."),
    "certificate": _l("Its certificate is not valid for its name, or not known here."),
    "broken": _l("The connection broke off before it had answered."),
    "slow": _l("It did not answer in time: connecting may take 5 seconds, all of it 10."),
    "key": _l("Its address was sealed with another key than this machine has: remove it, and add it again."),
    "ours": _l("The message could not be made; the fault is on this side."),
}


def kind(name: str) -> str:
    return str(SHORT[name])


def events(joined: str) -> str:
    """The events that a webhook is told of, in short."""
    return ", ".join(str(NEWS[name]) for name in joined.split(","))


def event(name: str) -> str:
    return str(NEWS.get(name, name))


def fault(kept: str) -> str:
    """Why a call did not arrive: one of `outgoing.FAULTS`, a status with its number."""
    name, _space, number = kept.partition(" ")
    if name == "status":
        if number.startswith("3"):
            return _("It answered %(number)s, which leads elsewhere; that is not followed.", number=number)
        return _("It answered %(number)s instead of taking the message.", number=number)
    return str(FAULTS.get(name, kept))
