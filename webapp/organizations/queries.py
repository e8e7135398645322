from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Member, Organization, Unit, Wave


def of_account(account_id: int) -> list[Organization]:
    """The organizations that an account belongs to, by name."""
    return list(
        db.session.scalars(
            select(Organization)
            .join(Member, Member.organization_id == Organization.id)
            .where(Member.account_id == account_id)
            .order_by(Organization.name)
        )
    )


def members(organization: Organization) -> list[Member]:
    return list(
        db.session.scalars(
            select(Member).where(Member.organization_id == organization.id).order_by(Member.id)
        )
    )


def counts(organization: Organization) -> dict[str, int]:
    """How far the set-up is: units and waves."""
    return {
        "units": db.session.scalar(
            select(func.count()).select_from(Unit).where(Unit.organization_id == organization.id)
        )
        or 0,
        "waves": db.session.scalar(
            select(func.count()).select_from(Wave).where(Wave.organization_id == organization.id)
        )
        or 0,
    }
