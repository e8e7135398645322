"""The language of letters: an organization's, a wave's and a plan's; words of one's own are kept for each language.

Waves and plans that are there keep the language in which their letters were written so far: that of the questionnaire.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SPEAKING = ("organization", "wave", "plan")
TOLD = re.compile(r"""^language:[ \t]*["']?([a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})\b""", re.MULTILINE)
ENGLISH = "en"


def upgrade() -> None:
    for table in SPEAKING:
        op.add_column(
            table, sa.Column("language", sa.String(length=30), nullable=False, server_default=ENGLISH)
        )
    spoken = _languages()
    _keep_spoken(spoken)
    texts = _texts("wave_id", "kind", "organization_id", "subject", "text")
    op.drop_table("invitation_text")
    _make_texts("wave_id", "kind", "language")
    languages = {(wave, organization): language for wave, organization, language in spoken}
    for text in texts:
        text["language"] = languages[text["wave_id"], text["organization_id"]]
    _put_texts(texts)


def downgrade() -> None:
    texts = _texts("wave_id", "kind", "organization_id", "subject", "text", "language")
    op.drop_table("invitation_text")
    _make_texts("wave_id", "kind")
    kept = {}
    for text in texts:  # of several languages one, for there is room for no more
        text.pop("language")
        kept[text["wave_id"], text["kind"]] = text
    _put_texts(list(kept.values()))
    for table in SPEAKING:
        op.drop_column(table, "language")


def _languages() -> list[tuple[int, int, str]]:
    """(wave, organization, language of the questionnaire that it froze)."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT wave.id, wave.organization_id, questionnaire_copy.text FROM wave "
            "JOIN questionnaire_copy ON questionnaire_copy.id = wave.questionnaire_copy_id"
        )
    )
    return [(row[0], row[1], (TOLD.search(row[2]) or ["", ENGLISH])[1]) for row in found]


def _keep_spoken(spoken: list[tuple[int, int, str]]) -> None:
    for wave, _organization, language in spoken:
        if language != ENGLISH:
            op.execute(
                sa.text("UPDATE wave SET language = :language WHERE id = :wave").bindparams(
                    language=language, wave=wave
                )
            )
    # A plan asks what waves of its organization asked before it; where none did, it begins in English.
    op.execute(
        sa.text(
            "UPDATE plan SET language = COALESCE((SELECT wave.language FROM wave "
            "WHERE wave.organization_id = plan.organization_id AND wave.questionnaire_key = plan.questionnaire_key "
            "ORDER BY wave.id DESC LIMIT 1), 'en')"
        )
    )


def _texts(*columns: str) -> list[dict[str, object]]:
    table = sa.table("invitation_text", *map(sa.column, columns))
    return [dict(row) for row in op.get_bind().execute(sa.select(table)).mappings()]


def _put_texts(texts: list[dict[str, object]]) -> None:
    if texts:
        op.bulk_insert(sa.table("invitation_text", *map(sa.column, texts[0])), texts)


def _make_texts(*key: str) -> None:
    language = [sa.Column("language", sa.String(length=30), nullable=False)] if "language" in key else []
    op.create_table(
        "invitation_text",
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        *language,
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_invitation_text_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_invitation_text_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_invitation_text")),
    )
