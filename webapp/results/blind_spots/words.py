"""The words of the page on blind spots. Leaders see more or less; nobody is wrong, and nobody is named."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import Publication
from webapp.results import finding_words, sentences
from webapp.results.blind_spots.people import View
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap

LEAST_GAP = 10


def who(reading: Reading, view: View) -> str:
    """Whose view it is, to stand alone."""
    unit = reading.unit(view.position).name
    if view.by_name > 1:
        return _("One of the leaders of %(unit)s", unit=unit)
    if view.by_name:
        return _("The leader of %(unit)s", unit=unit)
    if view.position == 0:
        return _("All leaders, on average")
    return _("Leaders of %(unit)s, on average", unit=unit)


def clear(reading: Reading, view: View, called: "list[Gap]") -> str:
    """The called gaps of a view in one direction: the widest, which comes first, in full, the others by name."""
    gap, *others = called
    least, most = sorted((abs(gap.low), abs(gap.high)))
    values: dict[str, int | str] = {
        "who": who(reading, view),
        "unit": reading.unit(view.position).name,
        "practice": reading.title(gap.practice),
        "leaders": gap.leaders,
        "teams": gap.teams,
        "gap": abs(gap.points),
        "low": least,
        "high": most,
    }
    text = _clear_ones(values)[_kind(view), gap.points > 0]
    if not others:
        return text
    names = sentences.listed([reading.title(one.practice) for one in others])
    return _("%(sentence)s The same, smaller, in %(names)s.", sentence=text, names=names)


def _clear_ones(values: dict[str, int | str]) -> dict[tuple[str, bool], str]:
    return {
        ("whole", True): finding_words.leaders_more(values),
        ("whole", False): finding_words.leaders_less(values),
        ("named", True): _(
            "%(who)s **sees more than the people there** in %(practice)s: %(leaders)s against %(teams)s,"
            " a gap of %(gap)s (likely %(low)s to %(high)s).",
            **values,
        ),
        ("named", False): _(
            "%(who)s **sees less than the people there** in %(practice)s: %(leaders)s against %(teams)s,"
            " a gap of %(gap)s (likely %(low)s to %(high)s).",
            **values,
        ),
        ("unit", True): _(
            "Leaders of %(unit)s **see more than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
            " a gap of %(gap)s (likely %(low)s to %(high)s).",
            **values,
        ),
        ("unit", False): _(
            "Leaders of %(unit)s **see less than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
            " a gap of %(gap)s (likely %(low)s to %(high)s).",
            **values,
        ),
    }


def unclear(reading: Reading, view: View) -> list[str]:
    """The gaps of a view that are not called: too small, or perhaps chance."""
    small = [reading.title(gap.practice) for gap in view.open if abs(gap.points) < LEAST_GAP]
    chance = [reading.title(gap.practice) for gap in view.open if abs(gap.points) >= LEAST_GAP]
    found = []
    if small:
        found.append(
            ngettext(
                "%(who)s, in %(names)s: that gap is too small to call.",
                "%(who)s, in %(names)s: those gaps are too small to call.",
                len(small),
                who=who(reading, view),
                names=sentences.listed(small),
            )
        )
    if chance:
        found.append(
            ngettext(
                "%(who)s, in %(names)s: that gap may be chance.",
                "%(who)s, in %(names)s: those gaps may be chance.",
                len(chance),
                who=who(reading, view),
                names=sentences.listed(chance),
            )
        )
    return found


def cell(gap: "Gap | None") -> tuple[str, str]:
    """What a table says of a gap: words, and its range where there is one to tell."""
    if gap is None:
        return _("not compared"), ""
    span = _("%(low)s to %(high)s", low=sentences.signed(gap.low), high=sentences.signed(gap.high))
    if gap.called:
        ends = sorted((abs(gap.low), abs(gap.high)))
        words = (
            _("%(points)s more", points=gap.points)
            if gap.points > 0
            else _("%(points)s less", points=-gap.points)
        )
        return words, _("likely %(span)s", span=_("%(low)s to %(high)s", low=ends[0], high=ends[1]))
    if abs(gap.points) < LEAST_GAP:
        return _("too small to call"), span
    return _("may be chance"), span


def headline(reading: Reading, views: list[View]) -> str:
    """The widest called gap of the whole, else of any view; a finding that a reader could repeat."""
    if not views:
        return _("Leaders and their teams cannot be compared in this wave")
    called = [(view, gap) for view in views for gap in view.called]
    if not called:
        return _("No gap between leaders and their teams is clear")
    whole = [one for one in called if one[0].position == 0 and not one[0].by_name]
    view, gap = max(whole or called, key=lambda one: abs(one[1].points))
    return _headlines(reading, view, gap)[_kind(view), gap.points > 0]


def _kind(view: View) -> str:
    if view.by_name:
        return "named"
    return "unit" if view.position else "whole"


def _headlines(reading: Reading, view: View, gap: "Gap") -> dict[tuple[str, bool], str]:
    values = {
        "who": who(reading, view),
        "unit": reading.unit(view.position).name,
        "practice": reading.title(gap.practice),
    }
    return {
        ("named", True): _("%(who)s sees more than the people there in %(practice)s", **values),
        ("named", False): _("%(who)s sees less than the people there in %(practice)s", **values),
        ("whole", True): _("Leaders see more than their teams in %(practice)s", **values),
        ("whole", False): _("Leaders see less than their teams in %(practice)s", **values),
        ("unit", True): _("Leaders of %(unit)s see more than their teams in %(practice)s", **values),
        ("unit", False): _("Leaders of %(unit)s see less than their teams in %(practice)s", **values),
    }


def lede(publication: Publication, views: list[View]) -> str:
    """Who is compared, and how much is called."""
    named = sum(bool(view.by_name) for view in views)
    told = []
    if publication.leaders_answered is not None:
        told.append(_("The average is of %(count)s leaders.", count=publication.leaders_answered))
    if named:
        told.append(
            ngettext(
                "%(num)s leader chose to stand beside their unit.",
                "%(num)s leaders chose to stand beside their units.",
                named,
            )
        )
    called, compared = sum(len(view.called) for view in views), sum(len(view.gaps) for view in views)
    if compared:
        told.append(
            ngettext(
                "Of %(compared)s comparisons, %(num)s gap is clear.",
                "Of %(compared)s comparisons, %(num)s gaps are clear.",
                called,
                compared=compared,
            )
        )
    return " ".join(told)


def needed(publication: Publication) -> list[str]:
    """What it takes; the same words whoever did not answer."""
    if publication.leader_form is None:
        return [_("This wave asked no leaders. The short form and the full form ask them by themselves.")]
    return [
        _(
            "Leaders’ own views: their average from %(least)s leaders on, or a leader who chose to stand beside their unit.",
            least=publication.smallest_group,
        ),
        _(
            "Answers of their teams to the same questions: from %(people)s people on who answered all of them.",
            people=2 * publication.smallest_group,
        ),
    ]
