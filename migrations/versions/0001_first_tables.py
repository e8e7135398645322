"""First tables: organizations, members, units, waves, ballots, responses, publications, the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column("time_guard", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("time_guard IN ('standard', 'strict')", name=op.f("ck_organization_time_guard")),
        sa.CheckConstraint("smallest_group >= 3", name=op.f("ck_organization_smallest_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_organization_slug")),
    )
    op.create_table(
        "audit_event",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_audit_event_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "sequence", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "browser_session",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_browser_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_browser_session")),
    )
    op.create_index(op.f("ix_browser_session_account_id"), "browser_session", ["account_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_member_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_member_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint(
            "organization_id", "account_id", name=op.f("uq_member_organization_id_account_id")
        ),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_member_organization_id_id")),
    )
    op.create_index(op.f("ix_member_account_id"), "member", ["account_id"], unique=False)
    op.create_table(
        "questionnaire_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_questionnaire_copy_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_copy")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_questionnaire_copy_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id",
            "key",
            "version",
            name=op.f("uq_questionnaire_copy_organization_id_key_version"),
        ),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sign_in_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_account_id"), "sign_in_link", ["account_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_unit_headcount")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_unit_parent")),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["unit.organization_id", "unit.id"],
            name=op.f("fk_unit_organization_id_parent_id_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_unit_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_unit_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_unit_organization_id_name_key")),
    )
    op.create_table(
        "member_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role <> 'owner' OR unit_id IS NULL", name=op.f("ck_member_role_owner_of_all")),
        sa.CheckConstraint(
            "role IN ('owner', 'leader', 'viewer', 'auditor')", name=op.f("ck_member_role_role")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "member_id"],
            ["member.organization_id", "member.id"],
            name=op.f("fk_member_role_organization_id_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "unit_id"],
            ["unit.organization_id", "unit.id"],
            name=op.f("fk_member_role_organization_id_unit_id_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_role")),
        sa.UniqueConstraint(
            "member_id", "role", "unit_id", name=op.f("uq_member_role_member_id_role_unit_id")
        ),
    )
    op.create_index(op.f("ix_member_role_member_id"), "member_role", ["member_id"], unique=False)
    op.create_index(op.f("ix_member_role_unit_id"), "member_role", ["unit_id"], unique=False)
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_copy_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_key", sa.String(length=60), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("leader_form", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column("time_guard", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'published')", name=op.f("ck_wave_status")
        ),
        sa.CheckConstraint("time_guard IN ('standard', 'strict')", name=op.f("ck_wave_time_guard")),
        sa.CheckConstraint("smallest_group >= 3", name=op.f("ck_wave_smallest_group")),
        sa.ForeignKeyConstraint(
            ["organization_id", "questionnaire_copy_id"],
            ["questionnaire_copy.organization_id", "questionnaire_copy.id"],
            name=op.f("fk_wave_organization_id_questionnaire_copy_id_questionnaire_copy"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_wave_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_wave_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_wave_organization_id_name")),
    )
    op.create_index(
        "uq_wave_open_form",
        "wave",
        ["organization_id", "questionnaire_key", "form"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_publication_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint(
            "organization_id", "wave_id", name=op.f("uq_publication_organization_id_wave_id")
        ),
    )
    op.create_table(
        "wave_unit",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("leaders", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=6), nullable=True),
        sa.CheckConstraint("link IS NULL OR link IN ('single', 'open')", name=op.f("ck_wave_unit_link")),
        sa.CheckConstraint("parent < position", name=op.f("ck_wave_unit_tree_order")),
        sa.CheckConstraint("spent >= 0 AND spent <= headcount", name=op.f("ck_wave_unit_spent")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_wave_unit_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "position", name=op.f("pk_wave_unit")),
        sa.UniqueConstraint(
            "organization_id",
            "wave_id",
            "position",
            name=op.f("uq_wave_unit_organization_id_wave_id_position"),
        ),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("shown_by_name", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "member_id"],
            ["member.organization_id", "member.id"],
            name=op.f("fk_assessment_organization_id_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            name=op.f("fk_assessment_organization_id_wave_id_position_wave_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "wave_id", "position", "member_id", name=op.f("uq_assessment_wave_id_position_member_id")
        ),
    )
    op.create_index(op.f("ix_assessment_member_id"), "assessment", ["member_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            name=op.f("fk_ballot_organization_id_wave_id_position_wave_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publication_row",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_publication_row_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_row_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("publication_id", "position", name=op.f("pk_publication_row")),
    )
    op.create_table(
        "response",
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            name=op.f("fk_response_organization_id_wave_id_position_wave_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("response")
    op.drop_table("publication_row")
    op.drop_table("ballot")
    op.drop_index(op.f("ix_assessment_member_id"), table_name="assessment")
    op.drop_table("assessment")
    op.drop_table("wave_unit")
    op.drop_table("publication")
    op.drop_index(
        "uq_wave_open_form",
        table_name="wave",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("wave")
    op.drop_index(op.f("ix_member_role_unit_id"), table_name="member_role")
    op.drop_index(op.f("ix_member_role_member_id"), table_name="member_role")
    op.drop_table("member_role")
    op.drop_table("unit")
    op.drop_index(op.f("ix_sign_in_link_account_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_table("questionnaire_copy")
    op.drop_index(op.f("ix_member_account_id"), table_name="member")
    op.drop_table("member")
    op.drop_index(op.f("ix_browser_session_account_id"), table_name="browser_session")
    op.drop_table("browser_session")
    op.drop_table("audit_event")
    op.drop_table("organization")
    op.drop_table("account")
