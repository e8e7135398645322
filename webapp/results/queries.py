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


@dataclass(frozen=True, slots=True)
class PublishedWave:
    """A wave that has results."""

    id: int
    name: str
    questionnaire: str
    form: str


def waves(organization_id: int) -> list[PublishedWave]:
    """The published waves, the oldest first."""
    return [PublishedWave(*row) for row in publications.waves(organization_id)]


def latest(organization_id: int) -> int | None:
    """The wave that was published last, None while there is none."""
    found = publications.waves(organization_id)
    return found[-1][0] if found else None


def questionnaire(organization_id: int, publication: Publication) -> Questionnaire:
    """The questionnaire as the wave froze it."""
    key, _, version = publication.questionnaire.partition("@")
    copy = db.session.execute(
        select(QuestionnaireCopy.text, QuestionnaireCopy.digest).where(
            QuestionnaireCopy.organization_id == organization_id,
            QuestionnaireCopy.key == key,
            QuestionnaireCopy.version == int(version),
        )
    ).one()
    return catalog.parse(copy.text, copy.digest)


def in_readers_language(found: Questionnaire) -> Questionnaire:
    return questionnaires.available().in_language(found, language.select())


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
        asked = questionnaire(actor.organization.id, publication)
        earlier = Reading(last.slug, publication, asked, last.span)
        if shares_questions(earlier, last):
            found.append(earlier)
    return found


def shares_questions(one: Reading, other: Reading) -> bool:
    """Whether two waves belong to one series; a pulse has questions of its own and so a series of its own."""
    asked = {item.identity for variable in one.variables for item in variable.items}
    return any(item.identity in asked for variable in other.variables for item in variable.items)
