from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Plan(Model):
    """Waves that open by themselves: what is asked, how often, for how long, and when people are reminded.

    language: of the names of its waves, and of their letters
    number: which opening comes next, counted from 0 at the first day
    fault: why the opening that is due has not happened yet, as a sentence and its values (JSON); empty where nothing is wrong
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("every IN ('month', 'quarter', 'half-year', 'year')", name="every"),
        CheckConstraint("days_open >= 1", name="days_open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    questionnaire_key: Mapped[str] = mapped_column(String(60))
    form: Mapped[str] = mapped_column(String(40))
    every: Mapped[str] = mapped_column(String(9))
    first_day: Mapped[date]
    days_open: Mapped[int]
    reminders: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(30), default="en", server_default="en")
    number: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(Text, default="")
