"""What to know before relying on a wave, in sentences."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.quality import Remark
from webapp.domain.questionnaire import Questionnaire
from webapp.filters import decimal

Values = Mapping[str, int | str | float]


def _low_units(values: Values) -> str:
    return ngettext(
        "Fewer than 60\u00a0%% answered in %(units)s.",
        "Fewer than 60\u00a0%% answered in each of %(units)s.",
        int(values["count"]),
        **_text(values),
    )


def _silent_units(values: Values) -> str:
    return _("Under a quarter answered in %(units)s: what is thought there is not known.", **_text(values))


def _uneven(values: Values) -> str:
    return _(
        "The parts of %(units)s answered very unequally. The range there holds only if those who answered think like "
        "those who did not.",
        **_text(values),
    )


SENTENCES: dict[str, Callable[[Values], str]] = {
    "nothing_shown": lambda values: _(
        "Too few people answered to show anything safely: no figure may come from fewer than %(smallest)s people.",
        **_text(values),
    ),
    "low_response": lambda values: _(
        "About %(percent)s\u00a0%% answered. Those who did may not stand for those who did not.",
        **_text(values),
    ),
    "low_whole": lambda values: _(
        "Fewer than %(least)s\u00a0%% answered. Those who did may not stand for those who did not.",
        **_text(values),
    ),
    "low_units": _low_units,
    "silent_units": _silent_units,
    "uneven": _uneven,
    "straight_lining": lambda values: _(
        "About %(percent)s\u00a0%% gave one and the same answer to everything. They may not have read the questions.",
        **_text(values),
    ),
    "low_alpha": lambda values: _(
        "The questions of %(practice)s hang together loosely (alpha %(alpha)s): they may measure more than one thing.",
        **_text(values),
    ),
    "many_unknown": lambda values: _(
        "%(percent)s\u00a0%% of the answers to %(practice)s were “I don't know”.",
        **_text(values),
    ),
    "leader_alone": lambda values: _(
        "The leader of %(unit)s puts it at %(score)s, and no answers of its people are shown beside it.",
        **_text(values),
    ),
    "new_version": lambda values: _(
        "The questions changed from %(before)s to %(now)s: changes are measured on the questions that both have.",
        **_text(values),
    ),
    "broken": lambda values: _(
        "Too few questions stayed the same in %(titles)s: no change is told since the wave before.",
        **_text(values),
    ),
    "all_broken": lambda _values: _("No practice has enough questions in common with the wave before."),
    "other_people": lambda values: _(
        "In %(units)s the number of people changed by half or more since the wave before.", **_text(values)
    ),
}


def to_do(remark: Remark) -> str:
    """What helps, in one sentence."""
    found = {
        "nothing_shown": _("Ask larger units together next time, or keep the wave open for longer."),
        "low_response": _(
            "Ask in the teams what kept people from answering, before you act on single scores."
        ),
        "low_whole": _("Ask in the teams what kept people from answering, before you act on single scores."),
        "low_units": _("Read a score there with its people before you draw a conclusion."),
        "silent_units": _("Talk with the people there: silence is no answer either way."),
        "uneven": _("Look at the parts one by one rather than at their sum."),
        "straight_lining": _("Shorten the form or give people time at work to answer it."),
        "low_alpha": _("Look at its single questions, not only at the score."),
        "many_unknown": _("Find out why before you act on its score."),
        "leader_alone": _("Ask its people again before you take this view for theirs."),
        "new_version": _("Read levels as they are now, and changes only where they are told."),
        "broken": _("Take this wave as their new start."),
        "all_broken": _("Take this wave as a new start."),
        "other_people": _("A change there may be one of people, not of practice."),
    }
    return found[remark.code]


def _text(values: Values) -> dict[str, str]:
    found = {name: decimal(value) if name == "alpha" else str(value) for name, value in values.items()}
    if more := int(values.get("more", 0)):
        found["units"] = ngettext(
            "%(units)s and %(num)s more", "%(units)s and %(num)s more", more, units=found["units"]
        )
    return found


def sentence(remark: Remark, questionnaire: Questionnaire) -> str:
    values = dict(remark.values)
    if "practice" in values:
        values["practice"] = questionnaire.practice(str(values["practice"])).title
    if "practices" in values:
        keys = str(values["practices"]).split(",")
        values["titles"] = "; ".join(questionnaire.practice(key).title for key in keys)
    return SENTENCES[remark.code](values)


def grade(remark: Remark) -> str:
    """The kind of a remark, as the heading of all of its kind."""
    return {"error": _("Errors"), "warning": _("Warnings"), "note": _("Notes")}[remark.grade]
