"""All actions of an organization as a file: what its owner may take along before it is deleted."""

from collections.abc import Iterator

from webapp.actions import exports, queries
from webapp.models import Organization


def files(organization: Organization) -> Iterator[tuple[str, str]]:
    """(name, text); nothing where nothing was ever decided."""
    lines = [
        {
            "number": action.id,
            "unit": unit or organization.name,
            "action": action.title,
            "state": action.state,
            "reason": action.reason,
            "due": action.due,
            "who": email or "",
            "practice": action.practice,
            "item": action.item,
            "wave": action.wave_id,
            "decided": action.made_at.date(),
            "moved": action.moved_at.date(),
            "note": action.note,
            "advice": action.advice,
            "first_step": action.first_step,
        }
        for action, unit, email in queries.everything(organization.id)
    ]
    if lines:
        yield "actions.csv", exports.as_csv(lines)
