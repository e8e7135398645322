from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model

WITHIN = (
    "BETWEEN -1000000000000 AND 1000000000000"  # also no NaN, which PostgreSQL takes for the largest number
)


class Experiment(Model):
    """An entry in the register of fire, ready, aim. It belongs to a unit and names no person.

    title_key: what makes two titles the same in a unit
    version: counts the changes, so that two who edit at once do not undo each other's
    nonce: of the form that made it, so that a form sent twice makes one; None where no form did
    """

    __tablename__ = "experiment"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "unit_id", "title_key"),
        UniqueConstraint("organization_id", "nonce"),
        Index("ix_experiment_organization_id_idea_on", "organization_id", "idea_on"),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["unit.organization_id", "unit.id"]),
        CheckConstraint("type IN ('text', 'image', 'coding', 'chat', 'other')", name="type"),
        CheckConstraint(
            "problem_area IN ('ai_ux', 'tooling_and_evals', 'productivity', 'hosting', 'fine_tuning', 'agents')",
            name="problem_area",
        ),
        CheckConstraint("phase IN ('0-1', '1-n')", name="phase"),
        CheckConstraint("end_reason IN ('stopped', 'fixed', 'scaled', 'faded')", name="end_reason"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("first_user_on >= idea_on", name="first_user_after_idea"),
        CheckConstraint(
            "live_on IS NULL OR (first_user_on IS NOT NULL AND live_on >= first_user_on)",
            name="live_after_first_user",
        ),
        CheckConstraint(
            "ended_on IS NULL OR (ended_on >= idea_on AND (first_user_on IS NULL OR ended_on >= first_user_on)"
            " AND (live_on IS NULL OR ended_on >= live_on))",
            name="ended_last",
        ),
        CheckConstraint("rule_written_on IS NULL OR rule <> ''", name="rule_written_on"),
        CheckConstraint(f"value {WITHIN}", name="value"),
        CheckConstraint(f"baseline {WITHIN}", name="baseline"),
        CheckConstraint("(value IS NULL) = (value_unit = '')", name="value_unit"),
        CheckConstraint("baseline IS NULL OR value IS NOT NULL", name="baseline_of_a_value"),
        {"sqlite_autoincrement": True},  # a form that is open still must not change another one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    unit_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    title_key: Mapped[str] = mapped_column(String(240))
    type: Mapped[str] = mapped_column(String(6))
    problem_area: Mapped[str | None] = mapped_column(String(17))
    phase: Mapped[str | None] = mapped_column(String(3))
    idea_on: Mapped[date]
    first_user_on: Mapped[date | None]
    live_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(7))
    rule: Mapped[str] = mapped_column(String(400), default="")
    rule_written_on: Mapped[date | None]
    value: Mapped[float | None] = mapped_column(Double)
    value_unit: Mapped[str] = mapped_column(String(40), default="")
    baseline: Mapped[float | None] = mapped_column(Double)
    ready_made_model: Mapped[bool | None]
    saved_tests: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    nonce: Mapped[str | None] = mapped_column(String(32))
