"""Movement in sentences. A sentence about a change says what the test calls, and no more."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX
from webapp.results import sentences
from webapp.results.changes import Verdict
from webapp.results.movement.moves import Kind, Move, Movement
from webapp.results.sentences import listed

MOST_SENTENCES = 7  # of one kind; the table has all
MOST_NAMED = 2  # teams that a headline names


def kind_words(kind: Kind, since: str) -> tuple[str, str]:
    """The name of a kind, and what it means."""
    words = {
        Kind.CLIMBED: (_("Climbed"), _("The index clearly rose since %(wave)s.", wave=since)),
        Kind.SLIPPED: (_("Slipped"), _("The index clearly fell since %(wave)s.", wave=since)),
        Kind.CROSSED: (
            _("Crossed a line, no clear change"),
            _(
                "Another band than in %(wave)s, which may be chance: a point can carry a score over a line.",
                wave=since,
            ),
        ),
        Kind.HELD: (_("Held"), _("The same band as in %(wave)s, and no clear change.", wave=since)),
        Kind.UNTOLD: (
            _("No change can be told"),
            _(
                "Shown in both waves, but the questions changed, or a figure was rounded or left out to protect anonymity."
            ),
        ),
        Kind.NEW: (_("New"), _("Was no unit in %(wave)s.", wave=since)),
        Kind.BACK: (
            _("Shown now, not in %(wave)s", wave=since),
            _("In %(wave)s not shown, to protect anonymity.", wave=since),
        ),
        Kind.HIDDEN: (_("Not shown"), ""),  # each line says why
    }
    return words[kind]


def headline(movement: Movement) -> str:
    """How many climbed and slipped, a finding that a leader could repeat; less where it may all be chance."""
    up, down = movement.of(Kind.CLIMBED), movement.of(Kind.SLIPPED)
    since = movement.since
    if not movement.comparable or 2 * movement.tested < movement.both or not movement.tested:
        return _unmeasured(movement)
    if movement.may_be_chance:
        return ngettext(
            "%(num)s of %(tested)s teams seems to have moved since %(wave)s, no more than by chance",
            "%(num)s of %(tested)s teams seem to have moved since %(wave)s, no more than by chance",
            len(movement.moved),
            tested=movement.tested,
            wave=since,
        )
    if not up and not down:
        return _("No team clearly moved since %(wave)s", wave=since)
    if not down:
        return _("%(climbed)s since %(wave)s, none slipped", climbed=_climbed(up), wave=since)
    if not up:
        return _("%(slipped)s since %(wave)s, none climbed", slipped=_slipped(down), wave=since)
    return _(
        "%(climbed)s since %(wave)s, %(slipped)s", climbed=_climbed(up), slipped=_slipped(down), wave=since
    )


def _unmeasured(movement: Movement) -> str:
    """Where the change of few teams or of none can be measured, that none moved would be said too easily."""
    if not movement.comparable:
        return _("New questions in %(wave)s: movement starts anew", wave=movement.later.publication.name)
    if not movement.tested:
        return _("No movement can be told since %(wave)s", wave=movement.since)
    return ngettext(
        "Of %(num)s team, the change since %(wave)s can be measured in %(tested)s only",
        "Of %(num)s teams, the change since %(wave)s can be measured in %(tested)s only",
        movement.both,
        tested=movement.tested,
        wave=movement.since,
    )


def _climbed(teams: list[Move]) -> str:
    if len(teams) <= MOST_NAMED:
        return _("%(names)s climbed", names=_names(teams))
    return ngettext("%(num)s team climbed", "%(num)s teams climbed", len(teams))


def _slipped(teams: list[Move]) -> str:
    if len(teams) <= MOST_NAMED:
        return _("%(names)s slipped", names=_names(teams))
    return ngettext("%(num)s team slipped", "%(num)s teams slipped", len(teams))


def lede(movement: Movement) -> str:
    """Of how many teams this is said, and how many would seem to move by chance."""
    if not movement.comparable:
        return _(
            "Too few questions are the same in both waves for a change to be told. The next wave can be compared with this one."
        )
    parts = []
    if movement.later.span is not None:
        parts.append(_("This page is about the teams that you may see."))
    parts.append(
        _("It is one team, and its change can be measured.")
        if len(movement.moves) == movement.both == movement.tested == 1
        else ngettext(
            "%(num)s team has an index in both waves, of %(all)s in all; in %(tested)s the change can be measured.",
            "%(num)s teams have an index in both waves, of %(all)s in all; in %(tested)s the change can be measured.",
            movement.both,
            all=len(movement.moves),
            tested=movement.tested,
        )
    )
    if movement.renewed:
        parts.append(
            _(
                "Some questions changed: a change is measured on those that stayed, where enough people answered them;"
                " a band rests on all questions."
            )
        )
    if movement.by_chance:
        parts.append(
            ngettext(
                "If none had changed, up to %(num)s would still seem to move by chance.",
                "If none had changed, up to %(num)s would still seem to move by chance.",
                movement.by_chance,
            )
        )
    return " ".join(parts)


def clear(movement: Movement) -> list[str]:
    """What is so: who climbed and slipped, the whole, who fell silent, who is new and who is gone."""
    found = []
    whole = movement.whole
    if whole is not None and whole.verdict.called:
        found.append(sentences.moved(_("The organization as a whole"), whole, movement.since))
    if not movement.may_be_chance:
        found += _moves(movement)
    fell = [move for move in movement.moves if move.silent and not move.was_silent]
    still = [move for move in movement.moves if move.silent and move.was_silent]
    found += _said(fell, _("%(names)s **fell silent**: under a quarter answered."))
    found += _said(still, _("%(names)s: under a quarter answered, as in %(wave)s."), movement)
    found += _said(movement.of(Kind.NEW), _("%(names)s: new since %(wave)s."), movement)
    if movement.gone:
        found.append(_("No longer in the list of units: %(names)s.", names=listed(movement.gone)))
    return found


def _moves(movement: Movement) -> list[str]:
    """A sentence a team that moved; from the eighth on only how many more."""
    found = [_moved(movement, move) for move in movement.moved[:MOST_SENTENCES]]
    rest = movement.moved[MOST_SENTENCES:]
    for kind in (Kind.CLIMBED, Kind.SLIPPED):
        count = sum(move.kind is kind for move in rest)
        if count:
            found.append(_more(kind, count))
    return found


def _moved(movement: Movement, move: Move) -> str:
    """A called change, and the bands it lies between."""
    if move.change is None or move.was is None or move.now is None:
        return ""
    was, now = movement.earlier.band_name(move.was, INDEX), movement.later.band_name(move.now, INDEX)
    text = sentences.moved(move.name, move.change, movement.since)
    if move.was.band == move.now.band:
        return _("%(sentence)s It is still in %(band)s.", sentence=text, band=now)
    return _("%(sentence)s From %(was)s to %(now)s.", sentence=text, was=was, now=now)


def _more(kind: Kind, count: int) -> str:
    if kind is Kind.CLIMBED:
        return ngettext("%(num)s more team climbed.", "%(num)s more teams climbed.", count)
    return ngettext("%(num)s more team slipped.", "%(num)s more teams slipped.", count)


def still_open(movement: Movement) -> list[str]:
    """What nobody can say."""
    found = []
    whole = movement.whole
    if whole is None:
        found.append(_("Whether the organization as a whole moved: no change can be told."))
    elif not whole.verdict.called:
        words, span, _called = sentences.change_words(whole)
        found.append(
            _(
                "Whether the organization as a whole moved: %(words)s, %(span)s.",
                words=_lower(words),
                span=span,
            )
        )
    if movement.may_be_chance:
        found += [_("Seen alone: %(sentence)s", sentence=text) for text in _moves(movement)]
    crossed = movement.of(Kind.CROSSED)
    found += [_crossed(movement, move) for move in crossed[:MOST_SENTENCES]]
    if len(crossed) > MOST_SENTENCES:
        found.append(
            ngettext(
                "%(num)s more team crossed a line, no clear change.",
                "%(num)s more teams crossed a line, no clear change.",
                len(crossed) - MOST_SENTENCES,
            )
        )
    held = movement.of(Kind.HELD)
    close = [move for move in held if move.change and move.change.verdict is Verdict.CLOSE]
    found += _said(close, _("%(names)s: the same band, and too close to call."))
    found += _said(
        [move for move in held if move not in close], _("%(names)s held: the same band, no clear change.")
    )
    found += _said(movement.of(Kind.UNTOLD), _("%(names)s: no change can be told."))
    found += _said(
        movement.of(Kind.BACK),
        _("%(names)s: shown now, not shown in %(wave)s, to protect anonymity."),
        movement,
    )
    found += _said(movement.of(Kind.HIDDEN), _("%(names)s: not shown, to protect anonymity."))
    return found


def _crossed(movement: Movement, move: Move) -> str:
    if move.was is None or move.now is None:
        return ""
    values = {
        "team": move.name,
        "was": movement.earlier.band_name(move.was, INDEX),
        "now": movement.later.band_name(move.now, INDEX),
    }
    if move.change is None:
        return _("%(team)s crossed from %(was)s to %(now)s, but no change can be told.", **values)
    words, span, _called = sentences.change_words(move.change)
    return _(
        "%(team)s crossed from %(was)s to %(now)s: %(words)s, %(span)s.",
        words=_lower(words),
        span=span,
        **values,
    )


def _said(moves: Iterable[Move], text: str, movement: Movement | None = None) -> list[str]:
    """A sentence about some teams, none where there are none."""
    names = _names(moves)
    since = movement.since if movement else ""
    return [text % {"names": names, "wave": since}] if names else []


def _names(moves: Iterable[Move]) -> str:
    return listed(move.name for move in moves)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
