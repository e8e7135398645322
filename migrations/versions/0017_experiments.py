"""Experiments: the register of fire, ready, aim."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experiment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_key", sa.String(length=240), nullable=False),
        sa.Column("type", sa.String(length=6), nullable=False),
        sa.Column("problem_area", sa.String(length=17), nullable=True),
        sa.Column("phase", sa.String(length=3), nullable=True),
        sa.Column("idea_on", sa.Date(), nullable=False),
        sa.Column("first_user_on", sa.Date(), nullable=True),
        sa.Column("live_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=7), nullable=True),
        sa.Column("rule", sa.String(length=400), nullable=False),
        sa.Column("rule_written_on", sa.Date(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("value_unit", sa.String(length=40), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("ready_made_model", sa.Boolean(), nullable=True),
        sa.Column("saved_tests", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(value IS NULL) = (value_unit = '')", name=op.f("ck_experiment_value_unit")),
        sa.CheckConstraint(
            "end_reason IN ('stopped', 'fixed', 'scaled', 'faded')", name=op.f("ck_experiment_end_reason")
        ),
        sa.CheckConstraint("phase IN ('0-1', '1-n')", name=op.f("ck_experiment_phase")),
        sa.CheckConstraint(
            "problem_area IN ('ai_ux', 'tooling_and_evals', 'productivity', 'hosting', 'fine_tuning', 'agents')",
            name=op.f("ck_experiment_problem_area"),
        ),
        sa.CheckConstraint(
            "rule_written_on IS NULL OR rule <> ''", name=op.f("ck_experiment_rule_written_on")
        ),
        sa.CheckConstraint(
            "type IN ('text', 'image', 'coding', 'chat', 'other')", name=op.f("ck_experiment_type")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_experiment_ended_for_a_reason")
        ),
        sa.CheckConstraint(
            "baseline BETWEEN -1000000000000 AND 1000000000000", name=op.f("ck_experiment_baseline")
        ),
        sa.CheckConstraint(
            "baseline IS NULL OR value IS NOT NULL", name=op.f("ck_experiment_baseline_of_a_value")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR (ended_on >= idea_on AND (first_user_on IS NULL OR ended_on >= first_user_on) AND (live_on IS NULL OR ended_on >= live_on))",
            name=op.f("ck_experiment_ended_last"),
        ),
        sa.CheckConstraint("first_user_on >= idea_on", name=op.f("ck_experiment_first_user_after_idea")),
        sa.CheckConstraint(
            "live_on IS NULL OR (first_user_on IS NOT NULL AND live_on >= first_user_on)",
            name=op.f("ck_experiment_live_after_first_user"),
        ),
        sa.CheckConstraint(
            "value BETWEEN -1000000000000 AND 1000000000000", name=op.f("ck_experiment_value")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "unit_id"],
            ["unit.organization_id", "unit.id"],
            name=op.f("fk_experiment_organization_id_unit_id_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_experiment_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_experiment_organization_id_id")),
        sa.UniqueConstraint("organization_id", "nonce", name=op.f("uq_experiment_organization_id_nonce")),
        sa.UniqueConstraint(
            "organization_id",
            "unit_id",
            "title_key",
            name=op.f("uq_experiment_organization_id_unit_id_title_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_experiment_organization_id_idea_on", "experiment", ["organization_id", "idea_on"], unique=False
    )


def downgrade() -> None:
    op.drop_table("experiment")
