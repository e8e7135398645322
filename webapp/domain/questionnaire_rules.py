"""What a file of the right shape may still get wrong: names that lead nowhere, twins, and scales that do not compare."""

from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise

from webapp.domain.questionnaire import Item, Practice, Questionnaire
from webapp.domain.questionnaire_forms import Form
from webapp.domain.refusal import Refused
from webapp.domain.written_yaml import Path

Fault = tuple[Path, Refused]

# Names that exports and the API use beside the keys of practices and items.
TAKEN_BY_THE_INDEX = "index"
TAKEN_BY_IMPORTS = "unit"
TAKEN_BY_PAGES = {"csrf_token", "main"}  # an item's key names its field and its place on the page
MOST_ITEMS = 400  # of a form: an answer sheet is stored as so many characters


def faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Every broken rule, as (path of the value in the file, refusal without a place)."""
    yield from _head(questionnaire)
    yield from _keys(questionnaire)
    yield from _forms(questionnaire)
    for place, practice in enumerate(questionnaire.practices):
        yield from _practice(("practices", place), practice, questionnaire)
        for position, item in enumerate(practice.items):
            path: Path = ("practices", place, "items", position)
            yield from _item(path, item, questionnaire)
            if item.mirrors is not None:
                yield from _mirror(path, item, practice, questionnaire)


def _twins(values: Iterable[Hashable]) -> Iterator[int]:
    """Positions of values that stood earlier already."""
    seen: set[Hashable] = set()
    for position, value in enumerate(values):
        if value in seen:
            yield position
        seen.add(value)


def _head(questionnaire: Questionnaire) -> Iterator[Fault]:
    for position in _twins(term.term for term in questionnaire.terms):
        term = questionnaire.terms[position].term
        yield ("terms", position, "term"), Refused("The term “{term}” is explained twice.", term=term)
    starts = [band.start for band in questionnaire.bands]
    if starts[0] != 0:
        yield ("bands", 0, "from"), Refused("The first band must start from 0.")
    for position, (before, start) in enumerate(pairwise(starts), start=1):
        if start <= before:
            yield ("bands", position, "from"), Refused("Bands must stand in ascending order of “from”.")
    audiences = {form.audience for form in questionnaire.forms.values()}
    for name in questionnaire.instructions:
        if name not in questionnaire.forms and name not in audiences:
            yield (
                ("instructions", name),
                Refused("“{name}” is neither a form nor an audience of a form.", name=name),
            )


def _keys(questionnaire: Questionnaire) -> Iterator[Fault]:
    practices = [practice.key for practice in questionnaire.practices]
    for position in _twins(practices):
        key = practices[position]
        yield ("practices", position, "key"), Refused("A second practice has the key “{key}”.", key=key)
    places = [
        (("practices", place, "items", position, "key"), item)
        for place, practice in enumerate(questionnaire.practices)
        for position, item in enumerate(practice.items)
    ]
    for twin in _twins(item.key for _, item in places):
        path, item = places[twin]
        yield path, Refused("A second item has the key “{key}”.", key=item.key)
    for path, item in places:
        if item.key == TAKEN_BY_IMPORTS:
            yield (
                path,
                Refused("An item cannot have the key “{key}”: imports use it for a column.", key=item.key),
            )
        if item.key in TAKEN_BY_PAGES:
            yield path, Refused("An item cannot have the key “{key}”: the page uses it.", key=item.key)
        if not item.scored and item.key in {*practices, TAKEN_BY_THE_INDEX}:
            yield (
                path,
                Refused("An unscored item is shown beside the practices: “{key}” is taken.", key=item.key),
            )


def _forms(questionnaire: Questionnaire) -> Iterator[Fault]:
    named = {name for practice in questionnaire.practices for item in practice.items for name in item.forms}
    for name, form in questionnaire.forms.items():
        if name not in named:
            yield ("forms", name), Refused("No item is asked in the form “{form}”.", form=name)
        if len(questionnaire.items(name)) > MOST_ITEMS:
            yield (
                ("forms", name),
                Refused("The form “{form}” asks more than {most} items.", form=name, most=MOST_ITEMS),
            )
        if form.mirror is not None:
            yield from _form_mirror(form, questionnaire.forms)
        if form.default and form.audience == "leader":
            yield (
                ("forms", name, "default"),
                Refused("A leaders' form is opened with a unit's form, never by default."),
            )
    defaults = [name for name, form in questionnaire.forms.items() if form.default]
    for name in defaults[1:]:
        yield (
            ("forms", name, "default"),
            Refused("Two forms are the default: {first} and {second}.", first=defaults[0], second=name),
        )


def _form_mirror(form: Form, forms: dict[str, Form]) -> Iterator[Fault]:
    path: Path = ("forms", form.name, "mirror")
    mirror = forms.get(form.mirror or "")
    if form.audience == "leader":
        yield path, Refused("A leaders' form has no mirror: name it as the mirror of the unit's form.")
    elif mirror is None:
        yield path, Refused("There is no form “{form}”.", form=form.mirror)
    elif mirror.audience != "leader":
        yield path, Refused("The mirror must be a leaders' form, and “{form}” is none.", form=form.mirror)


def _practice(path: Path, practice: Practice, questionnaire: Questionnaire) -> Iterator[Fault]:
    if practice.key == TAKEN_BY_THE_INDEX:
        yield (*path, "key"), Refused("A practice cannot have the key “index”: it is the score of the whole.")
    known = {one.key for one in questionnaire.practices} - {practice.key}
    for position, key in enumerate(practice.unlocks):
        if key not in known:
            yield (*path, "unlocks", position), Refused("There is no other practice “{key}”.", key=key)
    for position in _twins(practice.unlocks):
        yield (
            (*path, "unlocks", position),
            Refused("“{key}” is listed twice.", key=practice.unlocks[position]),
        )
    for position in _twins(advice.below for advice in practice.advice):
        below = practice.advice[position].below
        yield (
            (*path, "advice", position, "below"),
            Refused("A second advice is for scores below {below}.", below=below),
        )


def _item(path: Path, item: Item, questionnaire: Questionnaire) -> Iterator[Fault]:
    forms = questionnaire.forms
    for position, name in enumerate(item.forms):
        if name not in forms:
            yield (*path, "forms", position), Refused("There is no form “{form}” in “forms”.", form=name)
    for position in _twins(item.forms):
        yield (*path, "forms", position), Refused("“{key}” is listed twice.", key=item.forms[position])
    for position in _twins(item.levels):
        yield (*path, "levels", position), Refused("Two levels read “{level}”.", level=item.levels[position])
    if len({forms[name].audience for name in item.forms if name in forms}) > 1:
        yield (
            (*path, "forms"),
            Refused("An item is for units or for leaders, not for both: give leaders a mirror of it."),
        )
    if item.same_scale and item.mirrors is None:
        yield (*path, "same_scale"), Refused("“same_scale” belongs to an item that mirrors another.")


def _mirror(path: Path, item: Item, practice: Practice, questionnaire: Questionnaire) -> Iterator[Fault]:
    where = (*path, "mirrors")
    found = [
        (owner, other)
        for owner in questionnaire.practices
        for other in owner.items
        if other.key == item.mirrors
    ]
    if not found:
        yield where, Refused("There is no item “{key}” to mirror.", key=item.mirrors)
        return
    owner, other = found[0]
    if other is item:
        yield where, Refused("An item cannot mirror itself.")
        return
    if other.levels != item.levels and not item.same_scale:
        yield (
            (*path, "levels"),
            Refused(
                "The levels differ from those of {key}, which it mirrors: say in “same_scale” why they compare.",
                key=other.key,
            ),
        )
    if "leader" in _audiences(other, questionnaire) or other.mirrors is not None:
        yield (
            where,
            Refused("“{key}” is itself a leaders' item or a mirror: name the unit's item.", key=other.key),
        )
    elif "leader" in _audiences(item, questionnaire):
        yield from _leaders_mirror(path, item, other, (practice, owner), questionnaire)
    elif item.scored:
        yield where, Refused("In a unit's form only an unscored item mirrors another.")
    elif not set(item.forms) & set(other.forms):
        yield where, Refused("No form asks both this item and {key}.", key=other.key)


def _leaders_mirror(
    path: Path, item: Item, other: Item, owners: tuple[Practice, Practice], questionnaire: Questionnaire
) -> Iterator[Fault]:
    where = (*path, "mirrors")
    if item.scored != other.scored:
        yield (
            where,
            Refused("This item and {key}, which it mirrors, must both be scored or both not.", key=other.key),
        )
    if owners[0] is not owners[1]:
        yield where, Refused("“{key}”, which it mirrors, belongs to another practice.", key=other.key)
    for form in questionnaire.forms.values():
        if form.mirror in item.forms and form.name not in other.forms:
            yield (
                where,
                Refused(
                    "The form “{mirror}” asks this, but “{form}”, whose mirror it is, does not ask {key}.",
                    mirror=form.mirror,
                    form=form.name,
                    key=other.key,
                ),
            )


def _audiences(item: Item, questionnaire: Questionnaire) -> set[str]:
    return {questionnaire.forms[name].audience for name in item.forms if name in questionnaire.forms}
