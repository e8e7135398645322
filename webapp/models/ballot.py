from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Ballot(Model):
    """The right to answer once for a unit: no person, no time; `shared` is the one open link of a unit.

    No hidden row id, so that the file does not keep an order.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            ondelete="CASCADE",
        ),
        {"sqlite_with_rowid": False},
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    organization_id: Mapped[int]
    wave_id: Mapped[int]
    position: Mapped[int]
    shared: Mapped[bool] = mapped_column(default=False)
    spent: Mapped[bool] = mapped_column(default=False)
