"""The words of the page on spread: the verdict, its rule, and the sentence under each figure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import format_decimal
from flask_babel import gettext as _

from webapp.domain.publication import Publication, SpreadFigures
from webapp.domain.questionnaire import Questionnaire, Source

if TYPE_CHECKING:
    from webapp.domain.spread import Silo

LEAST, MOST = 5, 95  # percent that stand for "or fewer" and "or more"
PEOPLE_PER_K = 10  # a tenth of the people must be k people
FEWEST_FOR_SILO = 30
SIX = "six special people"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the four with its rule; `here` where it is the organization's own."""

    name: str
    reach: str
    silo: str
    here: bool


@dataclass(frozen=True, slots=True)
class BigFigure:
    """A figure with its words; without `value` the sentence says what it takes to tell it."""

    value: str
    words: str
    sentence: str


def headline(verdict: str) -> str:
    found = {
        "few": _("A few people: the practice of a handful, not yet of the organization"),
        "islands": _("Islands: practice lives in a few teams"),
        "spreading": _("Spreading: practice is on its way, and not yet everywhere"),
        "broad": _("Broad: practice lives in all teams alike"),
    }
    return found.get(verdict, _("How widely practice is spread cannot be told yet"))


def verdicts(verdict: str) -> list[Verdict]:
    """The four with their thresholds, as `domain.spread.verdict` decides."""
    from webapp.domain import spread  # noqa: PLC0415 - NumPy stays out of start-up

    few, many = (
        _("%(percent)s\u00a0%% or more", percent=cut) for cut in (spread.FEW_REACHED, spread.MANY_REACHED)
    )
    cut = fraction(spread.ISLANDS_ABOVE)
    rules = (
        ("few", _("A few people"), _("under %(percent)s\u00a0%%", percent=spread.FEW_REACHED), _("any")),
        ("islands", _("Islands"), few, _("surely above %(cut)s", cut=cut)),
        ("spreading", _("Spreading"), few, _("none of the others holds")),
        ("broad", _("Broad"), many, _("surely below %(cut)s", cut=cut)),
    )
    return [Verdict(name, reach, silo, here=key == verdict) for key, name, reach, silo in rules]


def lede(known: SpreadFigures, found: "Silo | None") -> str:
    told = []
    if known.reach is not None:
        told.append(_reached(known.reach))
    if found is not None:
        told.append(
            _(
                "Which team people are in explains %(share)s\u00a0%% of how they differ (likely %(low)s to %(high)s).",
                share=_percent(found.silo),
                low=_percent(found.low),
                high=_percent(found.high),
            )
        )
    return " ".join(told)


def doubt(verdict: str, found: "Silo | None") -> str:
    """What stands between “spreading” and a clearer word, where the range of the silo index lies across the threshold."""
    from webapp.domain import spread  # noqa: PLC0415 - NumPy stays out of start-up

    if verdict != "spreading" or found is None or not found.low <= spread.ISLANDS_ABOVE <= found.high:
        return ""
    return _(
        "Whether these are islands is not clear: the silo index is likely %(low)s to %(high)s, on both sides of %(cut)s.",
        low=fraction(found.low),
        high=fraction(found.high),
        cut=fraction(spread.ISLANDS_ABOVE),
    )


def _reached(reach: int) -> str:
    if reach <= LEAST:
        return _("Of 100 people, %(count)s or fewer score 60 or more.", count=reach)
    if reach >= MOST:
        return _("Of 100 people, %(count)s or more score 60 or more.", count=reach)
    return _("Of 100 people, %(count)s score 60 or more.", count=reach)


def big(publication: Publication, known: SpreadFigures, found: "Silo | None") -> list[BigFigure]:
    return [_reach(publication, known), _silo(found), _top(publication, known)]


def _reach(publication: Publication, known: SpreadFigures) -> BigFigure:
    if known.reach is None:
        return BigFigure("", _("Reach"), untold(publication))
    value = _("%(percent)s\u00a0%%", percent=known.reach)
    if known.reach <= LEAST:
        value = f"≤ {value}"
    elif known.reach >= MOST:
        value = f"≥ {value}"
    return BigFigure(
        value,
        _("reach"),
        _(
            "is the share of people who score 60 or more. Under 10\u00a0% we say “a few people”; from 40\u00a0% on it can be “broad”."
        ),
    )


def _silo(found: "Silo | None") -> BigFigure:
    if found is None:
        return BigFigure(
            "",
            _("Silo index"),
            _(
                "How much lies between teams is told from %(people)s answers on, in two teams or more that are shown.",
                people=FEWEST_FOR_SILO,
            ),
        )
    return BigFigure(
        fraction(found.silo),
        _("silo index, likely %(low)s to %(high)s", low=fraction(found.low), high=fraction(found.high)),
        _(
            "is the share of all differences between people that lies between teams. Surely above %(cut)s: islands."
            " 0 means that all teams are alike.",
            cut=fraction(0.15),
        ),
    )


def _top(publication: Publication, known: SpreadFigures) -> BigFigure:
    if known.top_share is None:
        return BigFigure("", _("The tenth that practises most"), untold(publication))
    return BigFigure(
        _("%(percent)s\u00a0%%", percent=known.top_share),
        _("of all practice"),
        _("is held by the tenth of people who practise most. If all practised alike, it would be 10\u00a0%."),
    )


def passage(asked: Questionnaire) -> Source | None:
    """The words of the talk that this page answers, where the questionnaire quotes them."""
    sources = (item.source for practice in asked.practices for item in practice.items)
    return next((one for one in sources if one is not None and SIX in one.quote), None)


def untold(publication: Publication) -> str:
    """What it takes; the same words whether few answered or the organization's own score is rounded."""
    return _(
        "Told from %(people)s answers on, where a tenth of the people are at least %(least)s, and where the"
        " organization’s own score is shown without rounding. To protect anonymity.",
        people=PEOPLE_PER_K * publication.smallest_group,
        least=publication.smallest_group,
    )


def fraction(value: float) -> str:
    """.23, in the reader's language."""
    return str(format_decimal(round(value, 2), _(".00")))


def _percent(value: float) -> int:
    return round(100 * value)
