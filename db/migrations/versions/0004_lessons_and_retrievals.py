"""How often a lesson was learned and a memory retrieved; both under row-level security."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APP_ROLE = "maang_app"
THIS_LEARNER = "nullif(current_setting('maang.learner_id', true), '')::uuid"
PRIVATE = ("lesson_occurrence", "memory_retrieval")


def upgrade() -> None:
    op.create_table(
        "lesson_occurrence",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column(
            "wording", sa.Text(), nullable=True, comment="Null: word for word as the lesson itself."
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempt.learner_id", "attempt.id"],
            name="fk_lesson_occurrence_attempt",
            ondelete="SET NULL (attempt_id)",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "lesson_id"],
            ["memory.learner_id", "memory.id"],
            name="fk_lesson_occurrence_lesson",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_lesson_occurrence_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_lesson_occurrence"),
    )
    op.create_index(
        "ix_lesson_occurrence_learner_id_lesson_id",
        "lesson_occurrence",
        ["learner_id", "lesson_id"],
        unique=False,
    )
    op.create_index(
        "ix_lesson_occurrence_learner_id_attempt_id",
        "lesson_occurrence",
        ["learner_id", "attempt_id"],
        unique=False,
        postgresql_where=sa.text("attempt_id IS NOT NULL"),
    )
    op.create_table(
        "memory_retrieval",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "memory_id"],
            ["memory.learner_id", "memory.id"],
            name="fk_memory_retrieval_memory",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_memory_retrieval_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "memory_id", name="pk_memory_retrieval"),
    )
    op.create_index(
        "ix_memory_learner_id_conversation_position",
        "memory",
        ["learner_id", "conversation", "position"],
        unique=False,
        postgresql_where=sa.text("conversation IS NOT NULL"),
    )
    for table in PRIVATE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} USING (learner_id = {THIS_LEARNER}) "
            f"WITH CHECK (learner_id = {THIS_LEARNER})"
        )
        # The role may be missing where the account was not allowed to make it.
        op.execute(
            f"DO $$ BEGIN GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}; "
            "EXCEPTION WHEN undefined_object THEN NULL; END $$"
        )


def downgrade() -> None:
    op.drop_index(
        "ix_memory_learner_id_conversation_position",
        table_name="memory",
        postgresql_where=sa.text("conversation IS NOT NULL"),
    )
    op.drop_table("memory_retrieval")
    op.drop_index(
        "ix_lesson_occurrence_learner_id_attempt_id",
        table_name="lesson_occurrence",
        postgresql_where=sa.text("attempt_id IS NOT NULL"),
    )
    op.drop_index("ix_lesson_occurrence_learner_id_lesson_id", table_name="lesson_occurrence")
    op.drop_table("lesson_occurrence")
