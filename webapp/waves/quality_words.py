"""What to know before relying on a wave, in sentences."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.quality import Remark
from webapp.domain.questionnaire import Questionnaire

Values = Mapping[str, int | str | float]


def _low_units(values: Values) -> str:
    return ngettext(
        "Fewer than 60 %% answered in %(units)s.",
        "Fewer than 60 %% answered in each of %(units)s.",
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
        "About %(percent)s %% answered. Those who did may not stand for those who did not.", **_text(values)
    ),
    "low_units": _low_units,
    "silent_units": _silent_units,
    "uneven": _uneven,
    "straight_lining": lambda values: _(
        "About %(percent)s %% gave one and the same answer to everything. They may not have read the questions.",
        **_text(values),
    ),
    "low_alpha": lambda values: _(
        "The questions of %(practice)s hang together loosely (alpha %(alpha)s): they may measure more than one thing.",
        **_text(values),
    ),
    "many_unknown": lambda values: _(
        "%(percent)s %% of the answers to %(practice)s were “I don't know”. Find out why before you act on its score.",
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
}


def _text(values: Values) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def sentence(remark: Remark, questionnaire: Questionnaire) -> str:
    values = dict(remark.values)
    if "practice" in values:
        values["practice"] = questionnaire.practice(str(values["practice"])).title
    return SENTENCES[remark.code](values)


def grade(remark: Remark) -> str:
    return {"error": _("Error"), "warning": _("Warning"), "note": _("Note")}[remark.grade]
