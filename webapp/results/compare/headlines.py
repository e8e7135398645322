"""The finding at the head of the page, and where the difference is widest."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX
from webapp.results.compare.boards import Boards, Pair, Standing
from webapp.results.reading import Reading
from webapp.results.sentences import listed

NAMED = 3  # units that a headline names
TWO = 2


def of_several(reading: Reading, boards: Boards) -> str:
    """In how many practices the units differ, and which one stands apart from all the others."""
    names = [reading.unit(place).name for place in boards.places]
    practices = [boards.pairs.get(practice.key, ()) for practice in reading.practices]
    compared = [pairs for pairs in practices if pairs]
    if not compared:
        return _("%(names)s cannot be compared", names=_names(names))
    called = [[pair for pair in pairs if pair.called] for pairs in compared]
    if not any(called):
        return _of_the_index(names, boards) or _(
            "No clear difference between %(names)s in any practice", names=_names(names)
        )
    if len(names) == TWO:
        return _of_two(names, called, len(compared))
    return (
        _all(names, compared)
        or _one(names, compared)
        or _two(names, called, len(compared))
        or _somewhere(names, called, len(compared))
    )


def _names(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return listed(names)
    return ngettext("%(num)s unit", "%(num)s units", len(names))


def _in(titles: Sequence[str], of: int) -> str:
    """Practices by name where they are few."""
    return listed(titles) if 0 < len(titles) <= TWO < of else _places(len(titles), of)


def _places(count: int, of: int) -> str:
    if count == of:
        return _("every practice")
    return _("%(count)s of %(all)s practices", count=count, all=of)


def _of_the_index(names: Sequence[str], boards: Boards) -> str:
    called = [pair for pair in boards.pairs.get(INDEX, ()) if pair.called]
    if not called:
        return ""
    pair = max(called, key=lambda one: abs(one.points))
    return _(
        "%(upper)s is higher than %(lower)s on the index, in no single practice for sure",
        upper=names[pair.upper],
        lower=names[pair.lower],
    )


def _of_two(names: Sequence[str], called: Sequence[Sequence[Pair]], of: int) -> str:
    higher = [sum(pair.upper == side for pairs in called for pair in pairs) for side in (0, 1)]
    if all(higher):
        return _(
            "%(one)s is higher in %(many)s, %(other)s in %(few)s",
            one=names[0],
            many=_places(higher[0], of),
            other=names[1],
            few=higher[1],
        )
    upper = 0 if higher[0] else 1
    return _higher(names[upper], names[1 - upper], _places(higher[upper], of))


def _all(names: Sequence[str], compared: Sequence[Sequence[Pair]]) -> str:
    """Whether each differs from each in at least half of the practices."""
    pairs_of_all = len(names) * (len(names) - 1) // 2
    most = sum(len(pairs) == pairs_of_all and all(pair.called for pair in pairs) for pairs in compared)
    if 2 * most < len(compared):
        return ""
    return _("%(names)s all differ in %(places)s", names=_names(names), places=_places(most, len(compared)))


def _one(names: Sequence[str], compared: Sequence[Sequence[Pair]]) -> str:
    """The unit that is above or below each of the others in most practices, if it is so in at least half of them."""
    counts = {
        (place, side): sum(_apart(place, side, pairs, len(names) - 1) for pairs in compared)
        for place in range(len(names))
        for side in ("upper", "lower")
    }
    (place, side), most = max(counts.items(), key=lambda one: one[1])
    if 2 * most < len(compared):
        return ""
    values = {"name": names[place], "places": _places(most, len(compared))}
    if side == "upper":
        return _("%(name)s is higher than all the others in %(places)s", **values)
    return _("%(name)s is lower than all the others in %(places)s", **values)


def _apart(place: int, side: str, pairs: Sequence[Pair], others: int) -> bool:
    own = [pair for pair in pairs if place in {pair.one, pair.other}]
    return len(own) == others and all(pair.called and getattr(pair, side) == place for pair in own)


def _two(names: Sequence[str], called: Sequence[Sequence[Pair]], of: int) -> str:
    """The two units that differ in most practices, if they do in at least half, the same one being higher."""
    counts = Counter((pair.upper, pair.lower) for pairs in called for pair in pairs)
    (upper, lower), most = counts.most_common(1)[0]
    if 2 * most < of or (lower, upper) in counts:
        return ""
    return _higher(names[upper], names[lower], _places(most, of))


def _higher(upper: str, lower: str, places: str) -> str:
    return _("%(upper)s is higher than %(lower)s in %(places)s", upper=upper, lower=lower, places=places)


def _somewhere(names: Sequence[str], called: Sequence[Sequence[Pair]], of: int) -> str:
    places = _places(sum(bool(pairs) for pairs in called), of)
    return _("Clear differences between %(names)s in %(places)s", names=_names(names), places=places)


def widest(reading: Reading, boards: Boards) -> str:
    """Where the clear difference is widest, or that there is none."""
    called = [
        (pair, practice)
        for practice in reading.practices
        for pair in boards.pairs.get(practice.key, ())
        if pair.called
    ]
    if not called:
        return _("What differs a little here may be chance.")
    pair, practice = max(called, key=lambda one: abs(one[0].points))
    cells = boards.cells
    return _(
        "Widest is %(practice)s: %(high)s in %(upper)s, %(low)s in %(lower)s.",
        practice=practice.title,
        high=cells[pair.upper][practice.key].score,
        upper=reading.unit(boards.places[pair.upper]).name,
        low=cells[pair.lower][practice.key].score,
        lower=reading.unit(boards.places[pair.lower]).name,
    )


def of_one(reading: Reading, place: int, stands: dict[str, Standing]) -> str:
    """In how many practices the unit is above or below the rest."""
    name = reading.unit(place).name
    told = [(one.title, stands[one.key].tier) for one in reading.practices if one.key in stands]
    compared = [(title, tier) for title, tier in told if tier]
    above, below = ([title for title, tier in compared if tier == word] for word in ("above", "below"))
    if not compared:
        return _("%(name)s cannot be compared with the rest", name=name)
    if not above and not below:
        return _("%(name)s: no clear difference from the rest in any practice", name=name)
    if above and below:
        places = _in(above, len(compared)), _in(below, len(compared))
        return _(
            "%(name)s is clearly above the rest in %(above)s, below in %(below)s",
            name=name,
            above=places[0],
            below=places[1],
        )
    places_of_it = _in(above or below, len(compared))
    if above:
        return _("%(name)s is clearly above the rest in %(places)s", name=name, places=places_of_it)
    return _("%(name)s is clearly below the rest in %(places)s", name=name, places=places_of_it)
