"""Words for shares, agreement and other small things that several pages say."""

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX, Cell
from webapp.domain.questionnaire import Practice
from webapp.filters import decimal
from webapp.results.reading import Reading

SHORT = 20  # characters that fit a narrow column


def short(title: str) -> str:
    """A practice's name for a narrow column: of a long one the part before its comma."""
    return title.partition(",")[0] if len(title) > SHORT else title


def answered(reading: Reading) -> str:
    """Participation of the whole organization, as exactly as it may be said."""
    publication = reading.publication
    if publication.participation is not None:
        return _(
            "about %(percent)s\u00a0%% of %(people)s people answered",
            percent=publication.participation,
            people=publication.invited,
        )
    words = {
        "under a quarter": _("under a quarter of %(people)s people answered", people=publication.invited),
        "under half": _("under half of %(people)s people answered", people=publication.invited),
        "over half": _("over half of %(people)s people answered", people=publication.invited),
        "nearly all": _("nearly all of %(people)s people answered", people=publication.invited),
    }
    asked = ngettext("%(num)s person was asked", "%(num)s people were asked", publication.invited)
    return words.get(publication.root.participation or "", asked)


def share_words(share: str | None) -> str:
    """Participation of a unit in the reader's words."""
    words = {
        "under a quarter": _("under a quarter answered"),
        "under half": _("under half answered"),
        "over half": _("over half answered"),
        "nearly all": _("nearly all answered"),
    }
    return words.get(share or "", "")


def agreement_words(word: str) -> str:
    words = {
        "close": _("answers close"),
        "mixed": _("answers mixed"),
        "divided": _("answers divided"),
    }
    return words.get(word, "")


def tier_words(tier: str | None) -> str:
    """Where a unit stands beside the rest, for a column or a list."""
    told = {"above": _("▲ clearly above"), "below": _("▼ clearly below"), "within": _("within the field")}
    return told.get(tier or "", "")


def standing_out(tier: str | None, quarter: str | None) -> list[str]:
    """What marks a unit among the others; nothing where it may be chance."""
    marks = [tier_words(tier) if tier in {"above", "below"} else ""]
    marks.append({"upper": _("upper quarter"), "lower": _("lower quarter")}.get(quarter or "", ""))
    return [mark for mark in marks if mark]


def standing_sentences(tier: str | None, quarter: str | None) -> list[str]:
    """Where a unit stands beside the rest, and in which quarter of the teams it most likely is; what is not sure is left out.

    A team may most likely be among the highest and yet not surely above the rest: that is one sentence, lest two
    sentences seem to say the opposite of each other.
    """
    if tier == "within" and quarter == "upper":
        return [_("Most likely in the upper quarter of the teams, and yet not clearly above the rest.")]
    if tier == "within" and quarter == "lower":
        return [_("Most likely in the lower quarter of the teams, and yet not clearly below the rest.")]
    tiers = {
        "above": _("Clearly above the rest."),
        "below": _("Clearly below the rest."),
        "within": _("No clear difference from the rest."),
    }
    quarters = {
        "upper": _("Most likely in the upper quarter of the teams."),
        "lower": _("Most likely in the lower quarter of the teams."),
    }
    return [text for text in (tiers.get(tier or "", ""), quarters.get(quarter or "", "")) if text]


def agreement(cell: Cell) -> str:
    """How alike the answers are, as finely as it may be said; empty where nothing may."""
    from webapp.domain.agreement import FLOOR  # noqa: PLC0415 - NumPy stays out of start-up

    if cell.agreement is None:
        return ""
    word = {"close": _("close"), "mixed": _("mixed"), "divided": _("divided")}[cell.agreement.word]
    if cell.agreement.ad is None:
        return _("The answers are %(word)s.", word=word)
    if cell.agreement.ad <= FLOOR:
        return _(
            "Answers lie %(levels)s of a level or less from their mean, on average: %(word)s.",
            levels=decimal(FLOOR),
            word=word,
        )
    return _(
        "Answers lie %(levels)s of a level from their mean, on average: %(word)s.",
        levels=decimal(cell.agreement.ad),
        word=word,
    )


def unknown(cell: Cell) -> str:
    """The share of “I don’t know”, with a call to ask why where it is large; empty where it is not told."""
    if cell.unknown is None:
        return ""
    if many_unknown(cell):
        return _(
            "“I don’t know” took %(share)s\u00a0%% of the answers: find out why first.", share=cell.unknown
        )
    return _("“I don’t know” took %(share)s\u00a0%% of the answers.", share=cell.unknown)


def many_unknown(cell: Cell) -> bool:
    """Whether so many did not know that finding out why comes first."""
    from webapp.domain.advice import MANY_DONT_KNOW  # noqa: PLC0415 - NumPy stays out of start-up

    return cell.unknown is not None and cell.unknown > MANY_DONT_KNOW


def answered_by(reading: Reading, place: int) -> str:
    """Counts (31 of 57, low) where figures are shown, else a share in words."""
    unit = reading.unit(place)
    cell = unit.teams.get(INDEX)
    if cell is None or cell.score is None:
        return share_words(unit.participation)
    words = _("%(n)s of %(invited)s", n=cell.n, invited=cell.invited)
    return _("%(words)s, low", words=words) if unit.low_response else words


def answering(reading: Reading, place: int) -> str:
    """The same as part of a sentence: 31 of 57 answered, low."""
    unit = reading.unit(place)
    cell = unit.teams.get(INDEX)
    if cell is None or cell.score is None:
        return share_words(unit.participation)
    words = _("%(n)s of %(invited)s answered", n=cell.n, invited=cell.invited)
    return _("%(words)s, low", words=words) if unit.low_response else words


def meaning_of_agreement(practice: Practice, cell: Cell | None) -> str:
    """What it means here that people answer apart: about themselves, or about the same team."""
    if cell is None or cell.agreement is None or cell.agreement.word == "close":
        return ""
    if practice.referent == "self":
        return _("The questions are about oneself: answers lie apart because people work differently.")
    if cell.agreement.word == "divided":
        return _(
            "The questions are about the team: people see the same team differently, so talk first."
            " The mean stands for few of them."
        )
    return _(
        "The questions are about the team: answers lie apart because people see the same team differently."
    )
