"""One page about a unit: where it stands, what is clear and what is not, its practices, three things to do."""

from flask_babel import gettext as _

from webapp.domain.publication import INDEX
from webapp.results import sentences
from webapp.results.documents import pieces
from webapp.results.documents.pieces import Plain
from webapp.results.reading import Reading

MOST_SENTENCES = 4  # clear, and not clear
MOST_PRACTICES = 14  # on a page of A4
MOST_HIDDEN = 6


def content(reading: Reading, position: int, before: Reading | None) -> Plain:
    """All that the template sets."""
    told = pieces.told(reading, position, before)
    steps = told.steps
    table = pieces.practices(reading, told)
    rows = table["rows"]
    return pieces.about(reading, position) | {
        "title": _(
            "%(unit)s on one page, %(wave)s", unit=reading.unit(position).name, wave=reading.publication.name
        ),
        "headline": told.headline,
        "lede": told.lede,
        "index": pieces.figure(reading, reading.unit(position).teams.get(INDEX), INDEX),
        "picture": pieces.picture(reading, position),
        "scale": pieces.scale(reading, INDEX),
        **pieces.clear_and_open(told, MOST_SENTENCES),
        "practices": table | {"rows": rows[:MOST_PRACTICES], "more": _more(len(rows))},
        "steps": {"title": told.to_do, "all": [pieces.step(one) for one in steps]} if steps else None,
        "foot": " ".join(_foot(reading, position, told)),
    }


def _more(count: int) -> str:
    return _("All %(count)s practices stand in the report.", count=count) if count > MOST_PRACTICES else ""


def _foot(reading: Reading, position: int, told: pieces.Told) -> list[str]:
    """How to read it, what is not shown, and what it does not say."""
    found = [
        _(
            "The dot is the score, the bar the range that would hold the true score in nine surveys out of ten; the swell is narrower and taller the surer it is."
        )
    ]
    if any(row.leaders for row in told.rows):
        found.append(_("The diamond is what leaders answer."))
    hidden = [
        reading.unit(place).name for place in pieces.below(reading, position) if not reading.unit(place).shown
    ]
    if hidden:
        names = sentences.listed(hidden, MOST_HIDDEN)
        found.append(_("%(names)s: not shown, to protect anonymity.", names=names))
    return [*found, pieces.limits(reading)]
