"""What is clear and what is not about one unit, in sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell
from webapp.results import sentences, telling
from webapp.results.changes import Change, Verdict
from webapp.results.reading import Reading
from webapp.results.sentences import marked

SAID_HERE = ("clearly_above", "clearly_below")  # told here in words of their own


def headline(reading: Reading, position: int, moved: dict[str, Change], since: str) -> str:
    """A finding about the unit that a reader could repeat."""
    name = reading.unit(position).name
    called = [(key, change) for key, change in moved.items() if key != INDEX and change.verdict.called]
    if called:
        key, change = max(called, key=lambda one: abs(one[1].points))
        values = {"name": name, "practice": reading.title(key), "points": abs(change.points), "wave": since}
        if change.verdict is Verdict.ROSE:
            return _("%(name)s: %(practice)s rose %(points)s points since %(wave)s", **values)
        return _("%(name)s: %(practice)s fell %(points)s points since %(wave)s", **values)
    return _place(reading, position) or _range(reading, position)


def lede(reading: Reading, position: int) -> str:
    """Where a further look pays."""
    cells = _numbers(reading, position)
    if not cells:
        return _("Only bands are shown, to protect anonymity.")
    for practice, cell in reading.cells(position):
        if cell.agreement is not None and cell.agreement.word == "divided" and practice.referent == "team":
            return _("Its people see %(practice)s differently, so talk first.", practice=practice.title)
    ends = telling.lowest(reading, position)
    if ends:
        return _("Lowest: %(names)s.", names=sentences.listed(ends))
    return _("No practice is clearly lowest.")


def clear(reading: Reading, position: int, moved: dict[str, Change], since: str) -> list[Markup]:
    rising = [
        telling.change(reading, position, key, change, since)
        for key, change in moved.items()
        if key != INDEX and change.verdict.called
    ]
    standing = [
        sentences.linked(text, telling.heatmap(reading))
        for text in (_beside(reading, position, tier) for tier in ("above", "below"))
        if text
    ]
    return [*rising, *standing, *telling.of_unit(reading, position, without=SAID_HERE)]


def still_open(reading: Reading, position: int, moved: dict[str, Change], since: str) -> list[Markup]:
    found = []
    calm = [reading.title(key) for key, change in moved.items() if key != INDEX and not change.verdict.called]
    if calm:
        found.append(sentences.unmoved(calm, since, others=len(calm) < len(moved) - (INDEX in moved)))
    if not _numbers(reading, position):
        found.append(_("What lies behind the bands: numbers are not shown, to protect anonymity."))
    unit = reading.unit(position)
    untold = [practice.title for practice in reading.practices if practice.key not in unit.teams]
    if untold:
        found.append(_("%(names)s: not shown, to protect anonymity.", names=sentences.listed(untold, 3)))
    told = telling.of_unit(reading, position, leave_open=True)
    return told + [marked(text) for text in found]


def _numbers(reading: Reading, position: int) -> list[tuple[str, Cell]]:
    return [(practice.title, cell) for practice, cell in reading.cells(position) if cell.score is not None]


def _in_tier(reading: Reading, position: int, tier: str) -> list[str]:
    return [practice.title for practice, cell in reading.cells(position) if cell.tier == tier]


def _place(reading: Reading, position: int) -> str:
    """Above or below the rest in how many practices; empty where nothing stands apart."""
    above, below = (_in_tier(reading, position, tier) for tier in ("above", "below"))
    values = {"name": reading.unit(position).name, "all": len(reading.practices)}
    if not above and not below:
        return ""
    if len(above) >= len(below):
        if len(above) == len(reading.practices):
            return _("%(name)s is clearly above the rest in every practice", name=values["name"])
        return _(
            "%(name)s is clearly above the rest in %(count)s of %(all)s practices", count=len(above), **values
        )
    if len(below) == len(reading.practices):
        return _("%(name)s is clearly below the rest in every practice", name=values["name"])
    return _(
        "%(name)s is clearly below the rest in %(count)s of %(all)s practices", count=len(below), **values
    )


def _range(reading: Reading, position: int) -> str:
    cells = _numbers(reading, position)
    name = reading.unit(position).name
    if not cells:
        return _("%(name)s: bands, without numbers", name=name)
    low, high = (pick(cells, key=lambda one: one[1].score or 0) for pick in (min, max))
    if low[1].score == high[1].score:
        return ngettext(
            "%(name)s stands at %(score)s in %(practice)s",
            "%(name)s stands at %(score)s in each of %(num)s practices",
            len(cells),
            name=name,
            score=low[1].score,
            practice=low[0],
        )
    return _(
        "%(name)s: from %(low)s in %(low_name)s to %(high)s in %(high_name)s",
        name=name,
        low=low[1].score,
        low_name=low[0],
        high=high[1].score,
        high_name=high[0],
    )


def _beside(reading: Reading, position: int, tier: str) -> str:
    found = _in_tier(reading, position, tier)
    if not found:
        return ""
    name = reading.unit(position).name
    if len(found) == len(reading.practices):
        if tier == "above":
            return _(
                "%(name)s is **clearly above** the rest of the organization in all practices.", name=name
            )
        return _("%(name)s is **clearly below** the rest of the organization in all practices.", name=name)
    names = sentences.listed(found, 4)
    if tier == "above":
        return ngettext(
            "%(name)s is **clearly above** the rest of the organization in %(num)s practice: %(names)s.",
            "%(name)s is **clearly above** the rest of the organization in %(num)s practices: %(names)s.",
            len(found),
            name=name,
            names=names,
        )
    return ngettext(
        "%(name)s is **clearly below** the rest of the organization in %(num)s practice: %(names)s.",
        "%(name)s is **clearly below** the rest of the organization in %(num)s practices: %(names)s.",
        len(found),
        name=name,
        names=names,
    )
