from sqlalchemy import ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Response(Model):
    """One anonymous set of answers: a random id, the wave, the unit, a character an item. No person, clock or sequence.

    The key begins with the wave, so that a wave is read in one stretch without a second index; no hidden row id.
    """

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            ondelete="CASCADE",
        ),
        {"sqlite_with_rowid": False},
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    organization_id: Mapped[int]
    position: Mapped[int]
    answers: Mapped[str] = mapped_column(String(400))
