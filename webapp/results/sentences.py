"""What is found, in sentences.

A maker gets the values of a finding with the names of its unit and practice, and returns a sentence in which **two
stars** mark what stands out; `plain` takes them away, `marked` makes them bold. A code without a maker is skipped: an older program may read a newer publication.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from webapp.domain.publication import INDEX, Finding
from webapp.results.changes import Change, Verdict
from webapp.results.reading import Reading

Values = Mapping[str, int | str]
Maker = Callable[[Values], str]

UNIT_NAMES = ("upper", "lower")  # values that are names of units
MOST_TITLES = 3  # practices that one sentence names
OPEN = frozenset({"silent", "participation_low"})  # findings that leave something open


def highest(v: Values) -> str:
    return _("%(practice)s is **highest, at %(score)s** (likely %(low)s to %(high)s).", **v)


def lowest(v: Values) -> str:
    return _("%(practice)s is **lowest, at %(score)s** (likely %(low)s to %(high)s).", **v)


def widest(v: Values) -> str:
    return _(
        "Teams **differ most** in %(practice)s: from %(lower_score)s in %(lower)s to %(upper_score)s in %(upper)s.",
        **v,
    )


def leaders_more(v: Values) -> str:
    return _(
        "Leaders **see more than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
        " a gap of %(gap)s (likely %(low)s to %(high)s).",
        **v,
    )


def leaders_less(v: Values) -> str:
    return _(
        "Leaders **see less than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
        " a gap of %(gap)s (likely %(low)s to %(high)s).",
        **v,
    )


def clearly_above(v: Values) -> str:
    if v["practices"] == v["of"]:
        return _("%(unit)s is **clearly above** the rest in all %(of)s practices.", **v)
    return _("%(unit)s is **clearly above** the rest in %(practices)s of %(of)s practices.", **v)


def clearly_below(v: Values) -> str:
    if v["practices"] == v["of"]:
        return _("%(unit)s is **clearly below** the rest in all %(of)s practices.", **v)
    return _("%(unit)s is **clearly below** the rest in %(practices)s of %(of)s practices.", **v)


def participation_low(v: Values) -> str:
    return _(
        "Whether those who answered stand for the rest: about %(percent)s %% took part, and below 60 %% we say “low”.",
        **v,
    )


def silent(v: Values) -> str:
    return _("What %(unit)s thinks: under a quarter answered.", **v)


SENTENCES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        highest,
        lowest,
        widest,
        leaders_more,
        leaders_less,
        clearly_above,
        clearly_below,
        participation_low,
        silent,
    )
}


def sentence(reading: Reading, finding: Finding) -> str:
    """The finding in words with two stars around what stands out; empty for a code that is not known here."""
    maker = SENTENCES.get(finding.code)
    return maker(named(reading, finding)) if maker else ""


def named(reading: Reading, finding: Finding) -> dict[str, int | str]:
    """The values of a finding, with the names of its unit and practice."""
    values = dict(finding.values) | {"unit": reading.unit(finding.unit).name}
    if finding.practice is not None:
        values["practice"] = _("The index") if finding.practice == INDEX else reading.title(finding.practice)
    return values


def seen(reading: Reading, finding: Finding) -> bool:
    """Whether all units that a finding speaks of are the reader's to see."""
    if reading.span is None:
        return True
    others = [finding.values[key] for key in UNIT_NAMES if key in finding.values]
    return reading.sees(finding.unit) and all(name in reading.names for name in others)


def told(reading: Reading, *, leave_open: bool = False, without: Iterable[Finding] = ()) -> list[Markup]:
    """The sentences that the reader may see: those that are clear, or those left open."""
    skipped = list(without)
    texts = (
        sentence(reading, finding)
        for finding in reading.publication.findings
        if (finding.code in OPEN) == leave_open and finding not in skipped and seen(reading, finding)
    )
    return [marked(text) for text in texts if text]


def plain(text: str) -> str:
    return text.replace("**", "")


def marked(text: str) -> Markup:
    """Markup of a sentence: everything escaped, what stood between two stars bold."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(text))))  # noqa: S704 - escaped just before


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
