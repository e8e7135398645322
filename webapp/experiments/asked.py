"""What a reader asks the register for, by the words behind the question mark of an address, and the links that keep it."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import abort, g, request, url_for

from webapp.access import Permission
from webapp.domain.experiments import Phase, State, Type
from webapp.experiments import queries, words
from webapp.experiments.queries import Chosen, Page

Word = TypeVar("Word", bound=StrEnum)
LONGEST_NUMBER = 9  # digits


def chosen() -> Chosen:
    """The filter, within what the member may read. A unit elsewhere, or none at all, is the usual 404."""
    span = g.actor.span(Permission.EXPERIMENT_READ)
    unit_id = _number("unit")
    units = span
    if request.args.get("unit"):
        units = queries.units_below(g.actor.organization.id, unit_id, span)
        if unit_id not in units:
            abort(404)
    return Chosen(
        units=units,
        unit_id=unit_id or None,
        state=_word("state", State),
        type=_word("type", Type),
        phase=_word("phase", Phase),
    )


def page_number() -> int:
    return _number("page") or 1


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def _word(name: str, known: type[Word]) -> Word | None:
    """One of the known words; anything else asks for all."""
    text = request.args.get(name, "")
    return known(text) if text in set(known) else None


def around(found: Page, chosen: Chosen) -> dict[str, str | None]:
    """Links to the pages before and after one of the list, where there are any."""

    def href(number: int) -> str | None:
        if not 1 <= number <= found.pages:
            return None
        return url_for("experiments.index", slug=g.actor.organization.slug, **chosen.words, page=number)

    return {"previous_href": href(found.number - 1), "next_href": href(found.number + 1)}


def filters(chosen: Chosen) -> dict[str, Any]:
    """The lists of a filter: units in tree order, states, types, phases, each as (value, label) pairs."""
    places = queries.places(g.actor.organization.id, g.actor.span(Permission.EXPERIMENT_READ))
    return {
        "chosen": chosen,
        "places": places,
        "states": words.states(),
        "types": words.types(),
        "phases": words.phases(),
    }
