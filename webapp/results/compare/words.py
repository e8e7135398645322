"""Verdicts in words: of the pairs of a few units in one practice, and of the whole page."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.results import wording
from webapp.results.compare.boards import Pair, Standing
from webapp.results.sentences import listed, signed

MOST_SENTENCES = 3
TWO = 2


def verdict(names: Sequence[str], pairs: Sequence[Pair], compared: Sequence[int]) -> str:
    """What may be said of one variable; `compared` are the chosen units that have a number in it."""
    if not pairs:
        return _not_compared(len(compared))
    if len(names) == TWO:
        return _of_two(names, pairs[0])
    called = [pair for pair in pairs if pair.called]
    if not called:
        return _("No clear difference.") if len(pairs) == 1 else _("No clear differences.")
    if len(called) == len(pairs) and _all_pairs(compared) == len(pairs) and len(compared) > TWO:
        return _all(names, compared)
    return _one_apart(names, pairs, compared) or _grouped(names, pairs, called, len(compared))


def _not_compared(numbers: int) -> str:
    if numbers < TWO:
        return _("Not compared: fewer than two scores are shown here.")
    return _("Not compared: they share people.")


def _of_two(names: Sequence[str], pair: Pair) -> str:
    low, high = round(pair.low), round(pair.high)
    if pair.called:
        ends = (low, high) if pair.points > 0 else (-high, -low)
        return _(
            "%(name)s is higher, by %(points)s (likely %(low)s to %(high)s).",
            name=names[pair.upper],
            points=abs(pair.points),
            low=ends[0],
            high=ends[1],
        )
    ends = (low, high) if pair.points >= 0 else (-high, -low)
    span = _("%(low)s to %(high)s", low=signed(ends[0]), high=signed(ends[1]))
    if low > 0 or high < 0:
        return _("Too close to call, %(span)s.", span=span)
    return _("No clear difference, %(span)s.", span=span)


def _all_pairs(compared: Sequence[int]) -> int:
    return len(compared) * (len(compared) - 1) // 2


def _all(names: Sequence[str], compared: Sequence[int]) -> str:
    if len(compared) < len(names):
        return _("%(names)s all differ.", names=listed([names[place] for place in compared], len(compared)))
    numbers = {
        3: _("All three differ."),
        4: _("All four differ."),
        5: _("All five differ."),
        6: _("All six differ."),
        7: _("All seven differ."),
        8: _("All eight differ."),
    }
    return numbers[len(compared)]


def _one_apart(names: Sequence[str], pairs: Sequence[Pair], compared: Sequence[int]) -> str:
    """One unit that differs from all the others, which do not differ among themselves; empty where it is not so."""
    for place in compared:
        own = [pair for pair in pairs if place in {pair.one, pair.other}]
        rest = [pair for pair in pairs if pair not in own]
        same_side = len({pair.lower == place for pair in own}) == 1
        if (
            not own
            or not same_side
            or not all(pair.called for pair in own)
            or any(one.called for one in rest)
        ):
            continue
        if len(own) < len(compared) - 1:
            continue
        lower = own[0].lower == place
        first = (
            _("%(name)s is lower.", name=names[place])
            if lower
            else _("%(name)s is higher.", name=names[place])
        )
        if not rest:
            return first
        others = sorted({one for pair in rest for one in (pair.one, pair.other)})
        names_of_others = listed([names[one] for one in others], len(others))
        return first + " " + _("%(names)s: no clear difference.", names=names_of_others)
    return ""


def _grouped(names: Sequence[str], pairs: Sequence[Pair], called: Sequence[Pair], compared: int) -> str:
    """Who is higher than whom, those together that are higher than the same ones."""
    below: dict[int, set[int]] = {}
    for pair in called:
        below.setdefault(pair.upper, set()).add(pair.lower)
    groups: dict[frozenset[int], list[int]] = {}
    for upper in sorted(below):
        groups.setdefault(frozenset(below[upper]), []).append(upper)
    ordered = sorted(groups.items(), key=lambda one: -len(one[0]))
    told = [
        ngettext(
            "%(names)s is higher than %(others)s.",
            "%(names)s are higher than %(others)s.",
            len(uppers),
            names=listed([names[one] for one in uppers], len(uppers)),
            others=_("all the others")
            if len(uppers) == 1 and len(lowers) == compared - 1
            else listed([names[one] for one in sorted(lowers)], len(lowers)),
        )
        for lowers, uppers in ordered[:MOST_SENTENCES]
    ]
    left = sum(len(lowers) * len(uppers) for lowers, uppers in ordered[MOST_SENTENCES:])
    if left:
        told.append(ngettext("%(num)s further pair differs.", "%(num)s further pairs differ.", left))
    if len(called) < len(pairs):
        told.append(_("Otherwise no clear difference."))
    return " ".join(told)


def beside_rest(stands: Standing) -> str:
    """The verdict of one unit against the rest, and its most likely quarter."""
    told = wording.standing_sentences(stands.tier, stands.quarter)
    return " ".join(told if stands.tier else [_("Not compared with the rest."), *told])
