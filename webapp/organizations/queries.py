from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Member, Organization, Unit, Wave, WaveUnit


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an organization's set-up is."""

    units: int
    waves: int
    open_wave: int | None
    linked: bool
    published: bool


def progress(organization: Organization) -> Progress:
    """Which of the first steps are done; `open_wave` is the one that was opened last, `linked` whether it has links."""
    waves = db.session.execute(
        select(Wave.id, Wave.status).where(Wave.organization_id == organization.id).order_by(Wave.id.desc())
    ).all()
    still_open = next((wave.id for wave in waves if wave.status == "open"), None)
    linked = (
        select(WaveUnit.position).where(WaveUnit.wave_id == still_open, WaveUnit.link.is_not(None)).limit(1)
    )
    return Progress(
        units=counts(organization)["units"],
        waves=len(waves),
        open_wave=still_open,
        linked=still_open is not None and db.session.execute(linked).first() is not None,
        published=any(wave.status == "published" for wave in waves),
    )
