"""Study plans, and where learners were asked which problem, both under row-level security; what
was believed after each attempt, so that a replay may begin in the middle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APP_ROLE = "maang_app"
THIS_LEARNER = "nullif(current_setting('maang.learner_id', true), '')::uuid"
PRIVATE = ("study_plan", "company_tag")


def upgrade() -> None:
    op.create_table(
        "study_plan",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "plan",
            postgresql.JSONB(),
            nullable=False,
            comment="The goal, every week and the verdict.",
        ),
        sa.Column(
            "request",
            sa.Text(),
            nullable=False,
            comment="Digest of what was asked: the same id with another request is a conflict.",
        ),
        sa.Column(
            "answer", postgresql.JSONB(), nullable=False, comment="A retry is answered alike."
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_study_plan_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_study_plan"),
    )
    op.create_index(
        "ix_study_plan_learner_id_made_at", "study_plan", ["learner_id", "made_at"], unique=False
    )
    op.create_table(
        "company_tag",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False, comment="The name as it is compared."),
        sa.Column("name", sa.Text(), nullable=False, comment="The name as it was told."),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_company_tag_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "problem", "company", name="pk_company_tag"),
    )
    op.add_column(
        "attempt_evidence",
        sa.Column(
            "beliefs",
            postgresql.JSONB(),
            nullable=True,
            comment="skill -> [mean, variance, gain, attempts] right after the attempt, and '' -> "
            "the rest of the learner's state: where a replay may begin. Null in rows of older "
            "releases.",
        ),
    )
    op.drop_index("ix_attempt_learner_id_problem", table_name="attempt")
    op.create_index(
        "ix_attempt_learner_id_problem_attempted_at_id",
        "attempt",
        ["learner_id", "problem", "attempted_at", "id"],
        unique=False,
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
    op.drop_index("ix_attempt_learner_id_problem_attempted_at_id", table_name="attempt")
    op.create_index(
        "ix_attempt_learner_id_problem", "attempt", ["learner_id", "problem"], unique=False
    )
    op.drop_column("attempt_evidence", "beliefs")
    op.drop_table("company_tag")
    op.drop_index("ix_study_plan_learner_id_made_at", table_name="study_plan")
    op.drop_table("study_plan")
