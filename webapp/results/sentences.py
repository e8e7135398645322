"""What is found, in sentences: findings with their names filled in, and changes.

Two stars mark what stands out; `plain` takes them away, `marked` makes them bold, `linked` leads from there to the
numbers. A code without a maker is skipped: an older program may read a newer publication.
"""

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from webapp.domain.publication import INDEX, Finding
from webapp.results.changes import Change, Verdict
from webapp.results.finding_words import SENTENCES
from webapp.results.reading import Reading

UNIT_NAMES = ("upper", "lower")  # values that are names of units
MOST_TITLES = 3  # practices that one sentence names


def sentence(reading: Reading, finding: Finding) -> str:
    """The finding in words with two stars around what stands out; empty for a code that is not known here."""
    maker = SENTENCES.get(finding.code)
    return maker(named(reading, finding)) if maker else ""


def named(reading: Reading, finding: Finding) -> dict[str, int | str]:
    """The values of a finding, with the names of its unit and practices."""
    values = dict(finding.values) | {"unit": reading.unit(finding.unit).name}
    keys = practices_of(finding)
    values["names"] = listed([reading.title(key) for key in keys], MOST_TITLES)
    if finding.code == "island":
        others = [reading.title(key) for key in keys if key != finding.practice]
        values |= {"whole_score": values["whole"], "other_names": listed(others, MOST_TITLES)}
    values["whole"] = int(finding.unit == 0)
    if finding.practice is not None:
        values["practice"] = _("The index") if finding.practice == INDEX else reading.title(finding.practice)
    return values


def practices_of(finding: Finding) -> list[str]:
    """The keys of the practices that a finding lists."""
    keys = finding.values.get("practices", "")
    return keys.split(",") if isinstance(keys, str) and keys else []


def seen(reading: Reading, finding: Finding) -> bool:
    """Whether all units that a finding speaks of are the reader's to see."""
    if reading.span is None:
        return True
    others = [finding.values[key] for key in UNIT_NAMES if key in finding.values]
    return reading.sees(finding.unit) and all(name in reading.names for name in others)


def plain(text: str) -> str:
    return text.replace("**", "")


def marked(text: str) -> Markup:
    """Markup of a sentence: everything escaped, what stood between two stars bold."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(text))))  # noqa: S704 - escaped just before


def linked(text: str, href: str) -> Markup:
    """The same, with what stands out first as a link to the numbers behind it."""
    head, bold, tail = marked(text).partition("<b>")
    inner, _end, rest = tail.partition("</b>")
    return Markup('%s<b><a href="%s">%s</a></b>%s') % (head, href, inner, rest) if bold else head


def change_words(change: Change | None) -> tuple[str, str, bool]:
    """What a table says of a change: words, range, and whether it is called. Without a change, nothing."""
    if change is None:
        return "", "", False
    span = _("%(low)s to %(high)s", low=signed(change.low), high=signed(change.high))
    match change.verdict:
        case Verdict.ROSE:
            return _("Rose %(points)s", points=change.points), _("likely %(span)s", span=_span(change)), True
        case Verdict.FELL:
            return _("Fell %(points)s", points=-change.points), _("likely %(span)s", span=_span(change)), True
        case Verdict.CLOSE:
            return _("Too close to call"), span, False
    return _("No clear change"), span, False


def moved_in(unit: str, title: str, change: Change, since: str) -> str:
    """A called change of a practice of one unit beside others."""
    return _("In %(unit)s, %(sentence)s", unit=unit, sentence=moved(title, change, since))


def moved(title: str, change: Change, since: str) -> str:
    """A called change of a practice as a sentence."""
    span = _span(change)
    if change.verdict is Verdict.ROSE:
        return _(
            "%(practice)s **rose %(points)s points** since %(wave)s (likely %(span)s).",
            practice=title,
            points=change.points,
            wave=since,
            span=span,
        )
    return _(
        "%(practice)s **fell %(points)s points** since %(wave)s (likely %(span)s).",
        practice=title,
        points=-change.points,
        wave=since,
        span=span,
    )


def whole_moved(change: Change, since: str) -> str:
    """The change of an index as a sentence, called or not."""
    words, span, called = change_words(change)
    if called:
        return _("**%(words)s** since %(wave)s (%(span)s).", words=words, wave=since, span=span)
    return _(
        "Since %(wave)s: **%(words)s** (%(span)s).",
        words=words[:1].lower() + words[1:],
        wave=since,
        span=span,
    )


def unmoved(titles: list[str], since: str, *, others: bool) -> str:
    """The practices of which nobody can say whether they moved; `others`: some did."""
    if len(titles) <= MOST_TITLES:
        return _("Whether %(names)s moved since %(wave)s.", names=listed(titles), wave=since)
    if others:
        return _("Whether the other %(count)s practices moved since %(wave)s.", count=len(titles), wave=since)
    return _("Whether any of the %(count)s practices moved since %(wave)s.", count=len(titles), wave=since)


def _span(change: Change) -> str:
    """The range of a called change, in points up or down as the sentence says."""
    ends = (change.low, change.high) if change.verdict is Verdict.ROSE else (-change.high, -change.low)
    return _("%(low)s to %(high)s", low=ends[0], high=ends[1])


def signed(value: int) -> str:
    """+4, −2, 0, with a real minus."""
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


def listed(names: Iterable[str], limit: int = 6) -> str:
    """Names in a sentence: A, B and C; from the seventh on “and 4 more”."""
    given = list(names)
    rest = len(given) - limit
    if rest > 1:
        given = [*given[:limit], ngettext("%(num)s more", "%(num)s more", rest)]
    if len(given) <= 1:
        return "".join(given)
    between = "; " if any("," in name for name in given) else ", "
    return _("%(names)s and %(last)s", names=between.join(given[:-1]), last=given[-1])
