from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class StoredPublication(Model):
    """The header of a wave's frozen results, with a hash over everything."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("organization_id", "wave_id"),
        ForeignKeyConstraint(
            ["organization_id", "wave_id"], ["wave.organization_id", "wave.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int]
    wave_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    header: Mapped[str] = mapped_column(Text)


class StoredPublicationRow(Model):
    """One unit of a publication: all its figures as one wide value."""

    __tablename__ = "publication_row"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    figures: Mapped[str] = mapped_column(Text)
