"""Reading questionnaire files: every fault as FILE:LINE:COLUMN and a sentence.

`questionnaires/README.md` describes the format; its shape is `questionnaire.Questionnaire`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_faults import many, shaped
from webapp.domain.questionnaire_rules import faults
from webapp.domain.refusal import Refused
from webapp.domain.written_yaml import Path, Written, load


@dataclass(frozen=True)
class QuestionnaireFile:
    """A questionnaire together with the places where its parts are written."""

    questionnaire: Questionnaire
    written: Written


def parse(source: bytes | str, name: str) -> QuestionnaireFile:
    """Read and check a file; `name` stands in messages. Raises Refused, with several faults RefusedMany."""
    written = load(source, name)
    questionnaire = shaped(Questionnaire, written)
    if found := [(path, False, refusal) for path, refusal in faults(questionnaire)]:
        raise many(found, written)
    return QuestionnaireFile(questionnaire, written)


def read(source: bytes | str, name: str) -> Questionnaire:
    """Read and check a file; `name` stands in messages. Raises Refused, with several faults RefusedMany."""
    return parse(source, name).questionnaire


def compare_revisions(old: Questionnaire, new: QuestionnaireFile) -> list[Refused]:
    """What `new` may not change against `old`, placed in the new file; nothing for different keys.

    The same version must be the same in everything but comments and layout; in another version an item whose text or
    levels changed needs another revision.
    """
    if old.key != new.questionnaire.key or old == new.questionnaire:
        return []
    if old.version == new.questionnaire.version:
        path = _first_difference(old.model_dump(by_alias=True), new.questionnaire.model_dump(by_alias=True))
        refusal = Refused(
            "This differs from the copy of {questionnaire} that is in use: give the file a new version.",
            questionnaire=old.identity,
        )
        return many([(path, False, refusal)], new.written).refusals
    changed = [(path, False, refusal) for path, refusal in _unmarked_changes(old, new.questionnaire)]
    return many(changed, new.written).refusals


def _unmarked_changes(old: Questionnaire, new: Questionnaire) -> Iterator[tuple[Path, Refused]]:
    before = {item.identity: item for practice in old.practices for item in practice.items}
    for place, practice in enumerate(new.practices):
        for position, item in enumerate(practice.items):
            path = ("practices", place, "items", position)
            earlier = before.get(item.identity)
            if earlier is None:
                continue
            for part in ("text", "levels"):
                if getattr(earlier, part) != getattr(item, part):
                    yield (
                        (*path, part),
                        Refused(
                            "{key} reads otherwise in {questionnaire}: raise its revision above {revision}.",
                            key=item.key,
                            questionnaire=old.identity,
                            revision=item.revision,
                        ),
                    )


def _first_difference(old: object, new: object, path: Path = ()) -> Path:
    """The path of the first part in which two dumps differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*new, *old):
            if (key in old, old.get(key)) != (key in new, new.get(key)):
                return _first_difference(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, tuple | list) and isinstance(new, tuple | list) and len(old) == len(new):
        for position, (one, other) in enumerate(zip(old, new, strict=True)):
            if one != other:
                return _first_difference(one, other, (*path, position))
    return path
