"""Publications as a member may read them. All figures come through `publications`, all words from the wave's copy."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp import catalog, language, publications, questionnaires
from webapp.access import Actor, Permission
from webapp.domain.publication import Publication
from webapp.domain.questionnaire import Questionnaire
from webapp.extensions import db
from webapp.models import QuestionnaireCopy
from webapp.results.reading import Reading

_parsed: dict[
    str, Questionnaire
] = {}  # by the digest of its text, so that the text is not read for each page


@dataclass(frozen=True, slots=True)
class PublishedWave:
    """A wave that has results."""

    id: int
    name: str
    questionnaire: str
    form: str


def waves(organization_id: int) -> tuple[PublishedWave, ...]:
    """The published waves, the oldest first."""
    return tuple(PublishedWave(*row) for row in publications.waves(organization_id))


def questionnaire(organization_id: int, publication: Publication) -> Questionnaire:
    """The questionnaire as the wave froze it."""
    digest = publication.questionnaire_digest
    if digest not in _parsed:
        text = db.session.scalars(
            select(QuestionnaireCopy.text).where(
                QuestionnaireCopy.organization_id == organization_id, QuestionnaireCopy.digest == digest
            )
        ).one()
        _parsed[digest] = catalog.parse(text, digest)
    return _parsed[digest]


def in_readers_language(found: Questionnaire) -> Questionnaire:
    spoken = language.select()
    return found if spoken == found.language else questionnaires.available().in_language(found, spoken)


def reading(actor: Actor, wave_id: int) -> Reading | None:
    """A wave's publication as the actor may read it, None while the wave has none."""
    publication = publications.of_wave(actor.organization.id, wave_id)
    if publication is None:
        return None
    return Reading(
        slug=actor.organization.slug,
        publication=publication,
        questionnaire=in_readers_language(questionnaire(actor.organization.id, publication)),
        span=actor.span(Permission.RESULT_READ),
    )


def history(actor: Actor, last: Reading) -> list[Reading]:
    """The same series up to `last`, the oldest first: earlier publications that share questions with it, and itself."""
    found = []
    for publication in publications.history(actor.organization.id, last.publication):
        if publication.wave == last.publication.wave:
            found.append(last)
            continue
        asked = in_readers_language(questionnaire(actor.organization.id, publication))
        earlier = Reading(last.slug, publication, asked, last.span)
        if shares_questions(earlier, last):
            found.append(earlier)
    return found


def before(actor: Actor, last: Reading) -> Reading | None:
    """The wave of the same series before this one."""
    earlier = history(actor, last)[:-1]
    return earlier[-1] if earlier else None


def series(actor: Actor, of: Reading) -> tuple[PublishedWave, ...]:
    """All published waves of the series that a wave belongs to, the oldest first."""
    key = of.publication.questionnaire.partition("@")[0]
    found = []
    for wave in waves(actor.organization.id):
        if wave.questionnaire == key:
            other = reading(actor, wave.id)
            if other is not None and shares_questions(other, of):
                found.append(wave)
    return tuple(found)


def shares_questions(one: Reading, other: Reading) -> bool:
    """Whether two waves belong to one series; a pulse has questions of its own and so a series of its own."""
    asked = {item.identity for variable in one.variables for item in variable.items}
    return any(item.identity in asked for variable in other.variables for item in variable.items)
