"""Onsite loops, several questions in one interview, checks of solutions, real interviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APP_ROLE = "maang_app"
THIS_LEARNER = "nullif(current_setting('maang.learner_id', true), '')::uuid"
PRIVATE = ("interview_loop", "solution_check", "real_interview")
LEVELS = "level IN ('entry', 'mid', 'senior', 'staff')"
ROUNDS = "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')"


def upgrade() -> None:
    op.create_table(
        "interview_loop",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False, comment="of each round"),
        sa.Column(
            "rounds",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abandoned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "minutes BETWEEN 15 AND 60", name=op.f("ck_interview_loop_minutes_in_range")
        ),
        sa.CheckConstraint(LEVELS, name=op.f("ck_interview_loop_level_known")),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_interview_loop_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_interview_loop"),
    )
    op.create_index(
        "ix_interview_loop_learner_id_started_at",
        "interview_loop",
        ["learner_id", "started_at"],
        unique=False,
    )
    op.add_column(
        "interview",
        sa.Column(
            "further",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
    )
    op.add_column("interview", sa.Column("loop_id", sa.Uuid(), nullable=True))
    op.add_column(
        "interview",
        sa.Column("loop_position", sa.SmallInteger(), nullable=True, comment="from 1"),
    )
    op.create_foreign_key(
        "fk_interview_loop",
        "interview",
        "interview_loop",
        ["learner_id", "loop_id"],
        ["learner_id", "id"],
        ondelete="SET NULL (loop_id)",
    )
    op.create_index(
        "ix_interview_learner_id_loop_id",
        "interview",
        ["learner_id", "loop_id"],
        unique=False,
        postgresql_where=sa.text("loop_id IS NOT NULL"),
    )
    op.create_table(
        "solution_check",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("passed", sa.SmallInteger(), nullable=False),
        sa.Column("failed", sa.SmallInteger(), nullable=False),
        sa.Column(
            "verified", sa.Boolean(), nullable=False, comment="false: the sandbox cannot run it"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "passed >= 0 AND failed >= 0", name=op.f("ck_solution_check_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_solution_check_interview",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_solution_check_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_solution_check"),
    )
    op.create_index(
        "ix_solution_check_learner_id_interview_id",
        "solution_check",
        ["learner_id", "interview_id"],
        unique=False,
        postgresql_where=sa.text("interview_id IS NOT NULL"),
    )
    op.create_table(
        "real_interview",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("round", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column(
            "readiness",
            sa.Double(),
            nullable=True,
            comment="what was estimated when it was told, 0 to 1",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "readiness BETWEEN 0 AND 1", name=op.f("ck_real_interview_readiness_in_range")
        ),
        sa.CheckConstraint(
            "result IN ('passed', 'rejected')", name=op.f("ck_real_interview_result_known")
        ),
        sa.CheckConstraint(ROUNDS, name=op.f("ck_real_interview_round_known")),
        sa.CheckConstraint(LEVELS, name=op.f("ck_real_interview_level_known")),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_real_interview_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_real_interview"),
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
    op.drop_table("real_interview")
    op.drop_table("solution_check")
    op.drop_index(
        "ix_interview_learner_id_loop_id",
        table_name="interview",
        postgresql_where=sa.text("loop_id IS NOT NULL"),
    )
    op.drop_constraint("fk_interview_loop", "interview", type_="foreignkey")
    op.drop_column("interview", "loop_position")
    op.drop_column("interview", "loop_id")
    op.drop_column("interview", "further")
    op.drop_table("interview_loop")
