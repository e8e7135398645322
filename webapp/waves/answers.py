"""The answers of a wave as packed arrays, for publication alone."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select

from webapp.domain.answers import join, to_levels, to_opt_outs
from webapp.domain.measures import Answers
from webapp.domain.publish import LeaderAnswers
from webapp.domain.questionnaire import Questionnaire
from webapp.extensions import db
from webapp.models import Assessment, Response, Wave


def responses(wave: Wave, questionnaire: Questionnaire) -> Answers:
    """All responses of a wave. Packed piece by piece, so that a million rows stay small."""
    J = len(questionnaire.items(wave.form))
    rows = db.session.connection().execute(
        select(Response.position, Response.answers).where(Response.wave_id == wave.id),
        execution_options={"yield_per": 50_000},
    )
    parts = [_answers([], [], J)]
    for chunk in rows.partitions():
        places, packed = zip(*chunk, strict=True)
        parts.append(_answers(packed, places, J))
    return Answers(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def assessments(wave: Wave, questionnaire: Questionnaire) -> LeaderAnswers | None:
    """The leaders' assessments, those for the average apart from those shown by name; None without a leaders' form."""
    if wave.leader_form is None:
        return None
    J = len(questionnaire.items(wave.leader_form))
    rows = db.session.scalars(
        select(Assessment).where(Assessment.wave_id == wave.id).order_by(Assessment.id)
    ).all()
    named = [row for row in rows if row.shown_by_name]
    average = _one_each(rows, but={row.member_id for row in named})
    return LeaderAnswers(
        average=_of(average, J), named=_of(named, J), named_members=tuple(row.member_id for row in named)
    )


def _one_each(rows: Sequence[Assessment], *, but: set[int]) -> list[Assessment]:
    """One assessment a leader, the highest in the tree: one who leads five units would be an average of five alone.

    Nobody who stands by name anywhere is in the average.
    """
    found: dict[int, Assessment] = {}
    for row in sorted(rows, key=lambda row: row.position):
        if row.member_id not in but:
            found.setdefault(row.member_id, row)
    return list(found.values())


def _of(rows: list[Assessment], J: int) -> Answers:
    return _answers([row.answers for row in rows], [row.position for row in rows], J)


def _answers(packed: Sequence[str], places: Sequence[int], J: int) -> Answers:
    together = join(packed, J)
    return Answers(to_levels(together, J), to_opt_outs(together, J), np.array(places, dtype=np.int64))
