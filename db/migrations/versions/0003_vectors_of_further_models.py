"""Vectors of further models beside the first one's, and by which text each was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APP_ROLE = "maang_app"
THIS_LEARNER = "nullif(current_setting('maang.learner_id', true), '')::uuid"
TABLE = "memory_vector"


def upgrade() -> None:
    op.add_column(
        "memory_chunk",
        sa.Column(
            "digest",
            sa.Uuid(),
            nullable=True,
            comment="Of the text that was embedded; the same text needs no model.",
        ),
    )
    op.create_index(
        "ix_memory_chunk_learner_id_digest",
        "memory_chunk",
        ["learner_id", "digest"],
        unique=False,
        postgresql_where=sa.text("digest IS NOT NULL"),
    )
    op.create_table(
        TABLE,
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("chunk", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("embedder_id", sa.SmallInteger(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.Column("digest", sa.Uuid(), nullable=False, comment="Of the text that was embedded."),
        sa.ForeignKeyConstraint(
            ["embedder_id"], ["embedder.id"], name="fk_memory_vector_embedder_id"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_memory_vector_learner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "memory_id", "chunk"],
            ["memory_chunk.learner_id", "memory_chunk.memory_id", "memory_chunk.chunk"],
            name="fk_memory_vector_memory_chunk",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "memory_id", "chunk", "embedder_id", name="pk_memory_vector"
        ),
    )
    op.create_index(
        "ix_memory_vector_learner_id_digest", TABLE, ["learner_id", "digest"], unique=False
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY own_rows ON {TABLE} USING (learner_id = {THIS_LEARNER}) "
        f"WITH CHECK (learner_id = {THIS_LEARNER})"
    )
    # The role may be missing where the account was not allowed to make it.
    op.execute(
        f"DO $$ BEGIN GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO {APP_ROLE}; "
        "EXCEPTION WHEN undefined_object THEN NULL; END $$"
    )


def downgrade() -> None:
    op.drop_index("ix_memory_vector_learner_id_digest", table_name=TABLE)
    op.drop_table(TABLE)
    op.drop_index(
        "ix_memory_chunk_learner_id_digest",
        table_name="memory_chunk",
        postgresql_where=sa.text("digest IS NOT NULL"),
    )
    op.drop_column("memory_chunk", "digest")
