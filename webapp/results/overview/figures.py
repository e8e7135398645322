"""What the overview shows, made from a publication and the one before it."""

from collections import Counter
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell, Finding
from webapp.domain.questionnaire import Practice
from webapp.results import addresses, changes, sentences, step_words, telling, wording
from webapp.results.changes import Change
from webapp.results.reading import Reading
from webapp.results.sentences import marked
from webapp.results.step_words import StepWords

MOST_OPEN_TEAMS = 8  # names in one sentence about teams that are within the field
LONGEST_QUESTION = 90  # characters under the name of a practice
APART = ("clearly_above", "clearly_below")  # findings that the lede tells
ENDS = ("highest", "lowest", "practices_apart")  # findings that the headline tells
STAND_APART = (*ENDS, "highest_few", "lowest_few")  # that the practices differ at all
EACH_TEAM_UP_TO = 60  # hills on one ground; from there on equal ones are drawn once


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One line of the table of practices."""

    practice: Practice
    question: str
    href: str
    cell: Cell | None
    leaders: Cell | None
    change: tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line of the table of who answered."""

    name: str
    href: str
    answered: str
    cell: Cell | None
    beside: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    words: list[Markup]
    index: Cell | None
    ground: list[Cell]
    shore: list[dict[str, object]]
    clear: list[Markup]
    still_open: list[Markup]
    since: str
    practices: list[PracticeRow]
    parts: list[PartRow]
    steps: list[StepWords]
    to_do: str
    close: list[StepWords]
    answered: str


def of(reading: Reading, before: Reading | None) -> Overview:
    """The overview of a wave; `before` is the wave to tell changes from."""
    since = before.publication.name if before else ""
    moved = changes.between(before, reading, reading.publication.root.key) if before else {}
    whole = moved.get(INDEX)
    found = step_words.to_do(reading, 0)
    first, close = found[: step_words.FIRST], found[step_words.FIRST :]
    return Overview(
        headline=headline(reading, whole, since),
        lede=lede(reading),
        words=index_words(reading, whole, since),
        index=reading.publication.root.teams.get(INDEX),
        ground=ground(reading),
        shore=shore(reading),
        clear=clear(reading, before, moved, since),
        still_open=still_open(reading, moved, since),
        since=since,
        practices=practice_rows(reading, moved),
        parts=part_rows(reading),
        steps=first,
        to_do=step_words.heading(len(first)),
        close=close,
        answered=_as_sentence(wording.answered(reading)),
    )


def team_link(reading: Reading, position: int) -> str:
    return url_for(
        "results.unit",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        key=reading.unit(position).key,
    )


def ground(reading: Reading, position: int = 0) -> list[Cell]:
    """The index of every shown team of a unit, once where very many are the same."""
    cells = [
        reading.unit(place).teams[INDEX]
        for place in reading.shown_teams
        if position in {0, place, *reading.ancestors(place)}
        and INDEX in reading.unit(place).teams
        and reading.unit(place).teams[INDEX].score is not None
    ]
    if len(cells) <= EACH_TEAM_UP_TO:
        return cells
    return list({(cell.low, cell.high): cell for cell in cells}.values())


def shore(reading: Reading) -> list[dict[str, object]]:
    """Name, address and band of every team with an index."""
    return [
        {
            "name": reading.unit(place).name,
            "href": team_link(reading, place),
            "band": reading.unit(place).teams[INDEX].band,
        }
        for place in reading.shown_teams
        if INDEX in reading.unit(place).teams
    ]


def practice_rows(reading: Reading, moved: dict[str, Change]) -> list[PracticeRow]:
    root = reading.publication.root
    return [
        PracticeRow(
            practice,
            _question(practice),
            addresses.of_practice(reading, practice.key),
            root.teams.get(practice.key),
            root.leaders.get(practice.key),
            sentences.change_words(moved.get(practice.key)),
        )
        for practice in reading.practices
    ]


def _question(practice: Practice) -> str:
    """The one question that the practice answers, where its help begins with one."""
    question, mark, _rest = practice.help.partition("?")
    return f"{question}?" if mark and len(question) < LONGEST_QUESTION and "\n" not in question else ""


def part_rows(reading: Reading) -> list[PartRow]:
    """The parts of the organization that the reader sees, with their participation as exactly as it may be said."""
    apart = _apart(reading)
    return [
        PartRow(
            reading.unit(place).name,
            team_link(reading, place),
            wording.answered_by(reading, place),
            reading.unit(place).teams.get(INDEX),
            _beside(apart.get(place, Counter())),
        )
        for place in reading.children.get(0, ())
    ]


def _apart(reading: Reading) -> dict[int, Counter[str]]:
    """For each part of the organization how many of its teams stand in which tier, on the index."""
    found: dict[int, Counter[str]] = {}
    part: dict[int, int] = {}
    tops = set(reading.children.get(0, ()))
    for place in reading.visible[1:]:
        unit = reading.unit(place)
        part[place] = place if place in tops else part.get(unit.parent or 0, place)
        if unit.leaf and INDEX in unit.teams:
            found.setdefault(part[place], Counter())[unit.teams[INDEX].tier or ""] += 1
    return found


def _beside(tiers: Counter[str]) -> str:
    """How many teams of a part stand out from the rest."""
    words = []
    if tiers["above"]:
        words.append(ngettext("▲ %(num)s clearly above", "▲ %(num)s clearly above", tiers["above"]))
    if tiers["below"]:
        words.append(ngettext("▼ %(num)s clearly below", "▼ %(num)s clearly below", tiers["below"]))
    if words:
        return ", ".join(words)
    return _("within the field") if tiers["within"] else ""


def headline(reading: Reading, whole: Change | None, since: str) -> str:
    """A finding that a reader could repeat."""
    root = reading.publication.root
    cells = [(practice, cell) for practice, cell in reading.cells(0) if cell.score is not None]
    if whole and whole.verdict is changes.Verdict.ROSE:
        return _(
            "%(name)s is up %(points)s points since %(wave)s",
            name=root.name,
            points=whole.points,
            wave=since,
        )
    if whole and whole.verdict is changes.Verdict.FELL:
        return _(
            "%(name)s is down %(points)s points since %(wave)s",
            name=root.name,
            points=-whole.points,
            wave=since,
        )
    if not cells and INDEX in root.teams:
        band = reading.band_name(root.teams[INDEX], INDEX)
        return _("%(name)s stands in the band “%(band)s”", name=root.name, band=band)
    if not cells:
        return _("The results of %(name)s are not shown, to protect anonymity", name=root.name)
    return _standing(reading, cells)


def _standing(reading: Reading, cells: list[tuple[Practice, Cell]]) -> str:
    """The island, where there is one; else how far the practices lie apart."""
    if island := _island(reading):
        return _(
            "%(unit)s is an island: %(score)s in %(practice)s, where all together stand at %(whole)s",
            unit=reading.unit(island.unit).name,
            score=island.values["score"],
            practice=reading.title(island.practice or INDEX),
            whole=island.values["whole"],
        )
    return _between(reading, cells)


def _between(reading: Reading, cells: list[tuple[Practice, Cell]]) -> str:
    """From which score to which the practices stand."""
    top, low = _ends(cells)
    if top[1].score == low[1].score:
        return ngettext(
            "%(practice)s stands at %(score)s",
            "All %(num)s practices stand at %(score)s",
            len(cells),
            practice=top[0].title,
            score=top[1].score,
        )
    if not any(one.unit == 0 and one.code in STAND_APART for one in reading.publication.findings):
        return _(
            "The practices stand from %(low)s to %(high)s, and none clearly apart",
            low=low[1].score,
            high=top[1].score,
        )
    return _(
        "%(high_name)s stands at %(high)s, %(low_name)s at %(low)s",
        high_name=top[0].title,
        high=top[1].score,
        low_name=low[0].title,
        low=low[1].score,
    )


def _island(reading: Reading) -> Finding | None:
    """The only island, which is the answer to what the reader came to ask; of several none stands for all."""
    found = _found(reading, "island")
    return found[0] if len(found) == 1 else None


def _ends(cells: list[tuple[Practice, Cell]]) -> tuple[tuple[Practice, Cell], tuple[Practice, Cell]]:
    ordered = sorted(cells, key=lambda one: one[1].score or 0)
    return ordered[-1], ordered[0]


def lede(reading: Reading) -> str:
    """Which teams stand apart from the rest."""
    above, below = (_found(reading, code) for code in APART)
    if len(above) == 1 and len(below) == 1:
        return _(
            "%(above)s is clearly above the rest in %(above_in)s practices, %(below)s clearly below in %(below_in)s.",
            above=reading.unit(above[0].unit).name,
            above_in=_of(above[0]),
            below=reading.unit(below[0].unit).name,
            below_in=_of(below[0]),
        )
    if above and below:
        return _(
            "%(above)s clearly above the rest of the organization, %(below)s clearly below.",
            above=_are(reading, above),
            below=_names(reading, below),
        )
    if above:
        return _("%(above)s clearly above the rest of the organization.", above=_are(reading, above))
    if below:
        return _("%(below)s clearly below the rest of the organization.", below=_are(reading, below))
    if any(cell.tier for place in reading.shown_teams for cell in reading.unit(place).teams.values()):
        return _("No team stands clearly above or below the rest.")
    return _("Which teams differ from the rest cannot be said.")


def _found(reading: Reading, code: str) -> list[Finding]:
    return [one for one in reading.publication.findings if one.code == code and sentences.seen(reading, one)]


def _names(reading: Reading, found: list[Finding]) -> str:
    return sentences.listed([reading.unit(one.unit).name for one in found])


def _are(reading: Reading, found: list[Finding]) -> str:
    return ngettext("%(names)s is", "%(names)s are", len(found), names=_names(reading, found))


def _of(finding: Finding) -> str:
    count, every = finding.values["practices"], finding.values["of"]
    return (
        _("all %(count)s", count=every)
        if count == every
        else _("%(count)s of %(all)s", count=count, all=every)
    )


def _in_tier(reading: Reading, tier: str) -> list[str]:
    return [
        reading.unit(place).name
        for place in reading.shown_teams
        if INDEX in reading.unit(place).teams and reading.unit(place).teams[INDEX].tier == tier
    ]


def index_words(reading: Reading, whole: Change | None, since: str) -> list[Markup]:
    """What stands beside the big figure: the band's gloss and the change since the wave before."""
    cell = reading.publication.root.teams.get(INDEX)
    found = []
    if cell is not None and (gloss := reading.questionnaire.bands[cell.band].gloss):
        found.append(marked(gloss))
    if whole is not None:
        found.append(marked(sentences.whole_moved(whole, since)))
    return found


def clear(reading: Reading, before: Reading | None, moved: dict[str, Change], since: str) -> list[Markup]:
    """What may be said: called changes, those of the reader's own units first, then the findings."""
    changed = [
        (place, between) for place in telling.tops(reading) if (between := _moved(before, reading, place))
    ]
    changed.append((0, moved))
    rising = [
        telling.change(reading, place, key, change, since)
        for place, between in changed
        for key, change in between.items()
        if (place or key != INDEX) and change.verdict.called
    ]
    said = [found for code in APART for found in _found(reading, code)]
    if (
        INDEX not in moved or not moved[INDEX].verdict.called
    ):  # then the headline tells the island or the two ends
        island = _island(reading)
        ends = [one for code in ENDS for one in _found(reading, code) if one.unit == 0]
        said += [island] if island else ends
    return [*rising, *telling.told(reading, without=said)]


def _moved(before: Reading | None, reading: Reading, place: int) -> dict[str, Change]:
    return changes.between(before, reading, reading.unit(place).key) if before else {}


def still_open(reading: Reading, moved: dict[str, Change], since: str) -> list[Markup]:
    """What may not be said: uncalled changes, teams within the field, what is hidden."""
    found = []
    calm = [reading.title(key) for key, change in moved.items() if key != INDEX and not change.verdict.called]
    if calm:
        found.append(sentences.unmoved(calm, since, others=len(calm) < len(moved) - (INDEX in moved)))
    within = _in_tier(reading, "within")
    if within:
        names = sentences.listed(within, MOST_OPEN_TEAMS)
        found.append(_("Whether %(names)s differ from the rest: it may be chance.", names=names))
    cells = [cell for _practice, cell in reading.cells(0)]
    if cells and all(cell.score is None for cell in cells):
        found.append(_("What lies behind the bands: numbers are not shown, to protect anonymity."))
    covered = [reading.unit(place).name for place in reading.teams if not reading.unit(place).shown]
    if covered:
        names = sentences.listed(covered, MOST_OPEN_TEAMS)
        found.append(_("How %(names)s stand: not shown, to protect anonymity.", names=names))
    return [marked(text) for text in found] + telling.told(reading, leave_open=True)


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
