"""The words of the page on what people say and what they do. To hope is no fault, and nobody is blamed for it."""

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Item
from webapp.filters import decimal
from webapp.results import lamps, sentences
from webapp.results.hype.boards import VIEWS, Against, Boards, Both, Wave

if TYPE_CHECKING:
    from webapp.domain.hype import Beside, Gap, Moved

STEPS = (0, 20, 40, 60, 80)  # bands in which each of five levels has one of its own
MUCH = 3  # the fourth level, counted from 0


def headline(boards: Boards, waves: list[Wave]) -> str:
    """A finding that a reader could repeat, or that there is none."""
    if not boards.views:
        return _("What people say and what they do cannot be held against each other in this wave")
    for direction in ("more", "less"):
        places = [gap.place for gap in boards.gaps if gap.named and gap.beside == direction]
        names = [boards.reading.unit(place).name for place in _deepest(boards, places)]
        if names:
            return _further(names, more=direction == "more")
    outside = [one for view in VIEWS[1:] for one in boards.of(view) if one.apart and one.named]
    for direction in ("more", "less"):
        names = [boards.reading.unit(one.place).name for one in outside if one.says_beside == direction]
        if names:
            return _apart(list(dict.fromkeys(names)), more=direction == "more")
    moved = waves[-1].moved if waves else None
    if moved is not None and moved.called:
        since = waves[-2].reading.publication.name
        if moved.points > 0:
            return ngettext(
                "What people say has gone %(num)s point further ahead of what they do since %(wave)s",
                "What people say has gone %(num)s points further ahead of what they do since %(wave)s",
                moved.points,
                wave=since,
            )
        return ngettext(
            "What people do has come %(num)s point closer to what they say since %(wave)s",
            "What people do has come %(num)s points closer to what they say since %(wave)s",
            -moved.points,
            wave=since,
        )
    return _("Say and do: no unit clearly says more, or less, than it does beside the others")


def _deepest(boards: Boards, places: list[int]) -> list[int]:
    """Without a unit one of whose parts is there too: what is said of the whole may be said because of the part."""
    above = {higher for place in places for higher in boards.reading.ancestors(place)}
    return [place for place in places if place not in above]


def _further(names: list[str], *, more: bool) -> str:
    """By people's own answers."""
    said = {"names": sentences.listed(names, 3)}
    if more:
        return _("In %(names)s what people say is further ahead of what they do than elsewhere", **said)
    return _("In %(names)s what people do is closer to what they say than elsewhere", **said)


def _apart(names: list[str], *, more: bool) -> str:
    """By figures from outside."""
    said = {"names": sentences.listed(names, 3)}
    if more:
        return ngettext(
            "%(names)s says more than the others, and does less",
            "%(names)s say more than the others, and do less",
            len(names),
            **said,
        )
    return ngettext(
        "%(names)s does more than the others, and says less",
        "%(names)s do more than the others, and say less",
        len(names),
        **said,
    )


def lede(boards: Boards) -> str:
    """The whole: what people expect, what they do, and how far the one is ahead."""
    whole = boards.whole
    if whole is None:
        return ""
    values = {
        "say": whole.belief.score,
        "do": whole.use.score,
        "name": boards.reading.publication.root.name,
        "gap": abs(whole.points),
        "low": min(abs(whole.low), abs(whole.high)),
        "high": max(abs(whole.low), abs(whole.high)),
    }
    if whole.low > 0:
        return _(
            "On a scale of 0 to 100, people in all of %(name)s expect %(say)s a year from now and do %(do)s today:"
            " say is ahead by %(gap)s (likely %(low)s to %(high)s).",
            **values,
        )
    if whole.high < 0:
        return _(
            "On a scale of 0 to 100, people in all of %(name)s expect %(say)s a year from now and do %(do)s today:"
            " do is ahead by %(gap)s (likely %(low)s to %(high)s).",
            **values,
        )
    return _(
        "On a scale of 0 to 100, people in all of %(name)s expect %(say)s a year from now and do %(do)s today: no clear gap.",
        **values,
    )


def clear(boards: Boards) -> list[str]:
    """The units that are picked out, with both their figures; those by their own answers first."""
    named = [gap.place for gap in boards.gaps if gap.named]
    kept = _deepest(boards, named)
    found = [_named(boards, gap) for gap in boards.gaps if gap.place in kept]
    for view in VIEWS[1:]:
        found += [_by_figures(boards, view, one) for one in boards.of(view) if one.apart and one.named]
    return found


def _named(boards: Boards, gap: "Gap") -> str:
    values = {
        "unit": boards.reading.unit(gap.place).name,
        "say": gap.belief.score,
        "do": gap.use.score,
        "gap": sentences.signed(gap.points),
        "whole": sentences.signed(boards.whole.points if boards.whole else 0),
    }
    if gap.beside == "more":
        text = _(
            "In %(unit)s what people say is **clearly further ahead** of what they do: %(say)s against %(do)s, so"
            " %(gap)s, where everybody together is at %(whole)s.",
            **values,
        )
    else:
        text = _(
            "In %(unit)s what people do is **clearly closer** to what they say: %(say)s against %(do)s, so %(gap)s,"
            " where everybody together is at %(whole)s.",
            **values,
        )
    counted = in_answers(boards, gap)
    return f"{text} {counted}" if counted else text


def in_answers(boards: Boards, gap: "Gap") -> str:
    """The same in people and answers: counts where the publication has them, and never everybody or nobody."""
    belief, use, pair = boards.belief, boards.use, boards.pair
    if belief is None or use is None or pair is None:
        return ""
    cell = boards.reading.unit(gap.place).teams[pair.belief]
    people = sum(cell.histogram or ())
    values = {"level": belief.levels[MUCH], "today": level(use, gap.use.score), "people": people}
    some = expecting(cell, tuple(band.start for band in boards.reading.questionnaire.bands))
    if some is None:
        return _("Today the answer in the middle is “%(today)s”.", **values)
    if some <= 1:
        return _(
            "Hardly any of %(people)s people expect “%(level)s” or more a year from now; today the answer in the"
            " middle is “%(today)s”.",
            **values,
        )
    if some >= people - 1:
        return _(
            "Nearly all of %(people)s people expect “%(level)s” or more a year from now; today the answer in the"
            " middle is “%(today)s”.",
            **values,
        )
    return _(
        "%(some)s of %(people)s people expect “%(level)s” or more a year from now; today the answer in the middle"
        " is “%(today)s”.",
        some=some,
        **values,
    )


def expecting(cell: Cell, starts: tuple[int, ...]) -> int | None:
    """How many chose one of the two highest levels; None where the publication has no counts of single levels."""
    if cell.histogram is None or starts != STEPS:
        return None
    return sum(cell.histogram[MUCH:])


def level(item: Item, score: int) -> str:
    """The answer that lies closest to a mean."""
    return item.levels[min(len(item.levels) - 1, max(0, round(score / 25)))]


def _by_figures(boards: Boards, view: Against, one: Both) -> str:
    values = {"unit": boards.reading.unit(one.place).name, "figure": figure(boards, view, one.place)}
    if one.says_beside == "more":
        return _("%(unit)s **says more than the others and does less**: %(figure)s.", **values)
    return _("%(unit)s **does more than the others and says less**: %(figure)s.", **values)


def figure(boards: Boards, view: Against, place: int) -> str:
    """What a unit does, from outside."""
    if view == "active":
        return lamps.measured(boards.outside.told(boards.reading, place), "active")
    rate = boards.outside.per_ten(boards.reading, place)
    if rate is None:
        return ""
    return ngettext(
        "%(num)s use case went live, of %(people)s people (for ten, likely %(low)s to %(high)s)",
        "%(num)s use cases went live, of %(people)s people (for ten, likely %(low)s to %(high)s)",
        rate.count,
        people=rate.people,
        low=decimal(f"{rate.low:.1f}"),
        high=decimal(f"{rate.high:.1f}"),
    )


def still_open(boards: Boards, waves: list[Wave]) -> list[str]:
    """What cannot be told: units without a verdict, units without figures, and whether the gap moved."""
    within = [boards.reading.unit(gap.place).name for gap in boards.gaps if gap.beside == "within"]
    found = []
    if within:
        found.append(
            ngettext(
                "%(names)s: no clear difference from the others.",
                "%(names)s: no clear difference from the others.",
                len(within),
                names=sentences.listed(within),
            )
        )
    beside = {gap.place for gap in boards.gaps}
    without = [boards.reading.unit(place).name for place in boards.believes if place not in beside]
    if without and boards.gaps:
        found.append(
            _(
                "%(names)s: what people there do is not told finely enough by their answers, to protect anonymity.",
                names=sentences.listed(without),
            )
        )
    moved = waves[-1].moved if waves else None
    if moved is not None and not moved.called:
        found.append(
            _(
                "Whether the gap of all moved since %(wave)s: %(low)s to %(high)s.",
                wave=waves[-2].reading.publication.name,
                low=sentences.signed(moved.low),
                high=sentences.signed(moved.high),
            )
        )
    return found


def beside_words(word: "Beside") -> str:
    """The verdict on a gap beside everybody else's."""
    return {
        "more": _("▲ say is further ahead"),
        "less": _("▼ say is less far ahead"),
        "within": _("within the field"),
        "": _("not compared"),
    }[word]


def both_words(one: Both) -> str:
    """Where a unit stands in what it says and in what it does, as far as each is clear."""
    says = {"more": _("says more"), "less": _("says less")}.get(one.says_beside, "")
    does = {"more": _("does more"), "less": _("does less")}.get(one.does_beside, "")
    marks = {("more", "less"): "▲ ", ("less", "more"): "▼ "}.get((one.says_beside, one.does_beside), "")
    told = ", ".join(word for word in (says, does) if word)
    if told:
        return f"{marks}{told}"
    return _("within the field") if one.does_beside or one.says_beside else _("not compared")


def gap_words(points: int, low: int, high: int) -> tuple[str, str]:
    """A gap and its range, as a table has them."""
    span = _("%(low)s to %(high)s", low=sentences.signed(low), high=sentences.signed(high))
    return sentences.signed(points), span


def moved_words(moved: "Moved | None") -> tuple[str, str, bool]:
    """How a gap moved, as a table has it."""
    if moved is None:
        return "", "", False
    span = _("%(low)s to %(high)s", low=sentences.signed(moved.low), high=sentences.signed(moved.high))
    if not moved.called:
        return _("No clear change"), span, False
    words = (
        _("Grew %(points)s", points=moved.points)
        if moved.points > 0
        else _("Shrank %(points)s", points=-moved.points)
    )
    return words, span, True


def view(against: Against) -> str:
    return {
        "use": _("Their own answers"),
        "active": _("Use, as the tools count it"),
        "shipped": _("What went live"),
    }[against]


def axis(against: Against) -> str:
    return {
        "use": _("Do: tasks done in a new way today"),
        "active": _("Do: share of people active in a week"),
        "shipped": _("Do: use cases that went live, for ten people"),
    }[against]


def explained(boards: Boards, against: Against) -> str:
    """What a view holds against each other, and where its lines lie."""
    name = boards.reading.publication.root.name
    if against == "use":
        return _(
            "Both come from the same people. The lines are all of %(name)s: above the flat one a unit does more, right of"
            " the upright one it says more.",
            name=name,
        )
    if against == "active":
        month = _month(boards.outside.snapshot.month) if boards.outside.snapshot else ""
        return _(
            "What people say comes from their answers, what they use from the tools’ own figures of %(month)s. The lines"
            " are all of %(name)s.",
            name=name,
            month=month,
        )
    return _(
        "What people say comes from their answers, what went live from the register of experiments, up to the wave’s last day."
        " The lines are all of %(name)s.",
        name=name,
    )


def _month(name: str) -> str:
    """YYYY-MM as people say it."""
    return str(format_date(date.fromisoformat(f"{name}-01"), "LLLL y"))
