"""The first tables: learners, curriculum, practice, memory, interviews; row-level security."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC, SPARSEVEC
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APP_ROLE = "maang_app"
THIS_LEARNER = "nullif(current_setting('maang.learner_id', true), '')::uuid"
PRIVATE = (
    ("learner", "id"),
    ("profile", "learner_id"),
    ("audit_event", "learner_id"),
    ("custom_problem", "learner_id"),
    ("attempt", "learner_id"),
    ("attempt_evidence", "learner_id"),
    ("learner_state", "learner_id"),
    ("skill_state", "learner_id"),
    ("review", "learner_id"),
    ("review_log", "learner_id"),
    ("weakness", "learner_id"),
    ("memory", "learner_id"),
    ("memory_chunk", "learner_id"),
    ("document_frequency", "learner_id"),
    ("corpus", "learner_id"),
    ("interview", "learner_id"),
    ("interview_turn", "learner_id"),
    ("interview_step", "learner_id"),
    ("interview_score", "learner_id"),
)
SHARED = ("skill", "skill_edge", "problem", "problem_skill", "store_metadata")


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "embedder",
        sa.Column("id", sa.SmallInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_embedder"),
        sa.UniqueConstraint("identity", name="uq_embedder_identity"),
    )
    op.create_table(
        "learner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "generation",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Counts committed writes; part of every cache key.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.UniqueConstraint("subject", name="uq_learner_subject"),
    )
    op.create_table(
        "problem",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("item_mean", sa.Double(), nullable=False),
        sa.Column("item_variance", sa.Double(), nullable=False),
        sa.Column("item_source", sa.Text(), nullable=False),
        sa.Column(
            "lists",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column(
            "aliases",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "difficulty IN ('easy', 'medium', 'hard')", name=op.f("ck_problem_difficulty_known")
        ),
        sa.CheckConstraint(
            "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')",
            name=op.f("ck_problem_round_known"),
        ),
        sa.PrimaryKeyConstraint("slug", name="pk_problem"),
        sa.UniqueConstraint("number", name="uq_problem_number"),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Double(), nullable=False),
        sa.Column(
            "aliases",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')",
            name=op.f("ck_skill_round_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_skill"),
    )
    op.create_table(
        "store_metadata",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_store_metadata"),
    )
    op.create_table(
        "audit_event",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "detail",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_audit_event_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_audit_event"),
    )
    op.create_table(
        "corpus",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_corpus_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", name="pk_corpus"),
    )
    op.create_table(
        "custom_problem",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("item_mean", sa.Double(), nullable=False),
        sa.Column("item_variance", sa.Double(), nullable=False),
        sa.Column("item_source", sa.Text(), nullable=False),
        sa.Column(
            "skills",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "difficulty IN ('easy', 'medium', 'hard')",
            name=op.f("ck_custom_problem_difficulty_known"),
        ),
        sa.CheckConstraint(
            "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')",
            name=op.f("ck_custom_problem_round_known"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_custom_problem_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "slug", name="pk_custom_problem"),
    )
    op.create_table(
        "document_frequency",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_document_frequency_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "term", name="pk_document_frequency"),
    )
    op.create_table(
        "interview",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("phase_started", sa.Double(), nullable=False, comment="counted seconds"),
        sa.Column("active_seconds", sa.Double(), nullable=False),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hints_given", sa.SmallInteger(), nullable=False),
        sa.Column("hint_pending_use", sa.Boolean(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "request", sa.Text(), nullable=True, comment="digest of the scores it was finished with"
        ),
        sa.Column(
            "verdict",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what was answered when it was finished",
        ),
        sa.CheckConstraint(
            "level IN ('entry', 'mid', 'senior', 'staff')", name=op.f("ck_interview_level_known")
        ),
        sa.CheckConstraint(
            "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')",
            name=op.f("ck_interview_round_known"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'finished', 'abandoned', 'expired')",
            name=op.f("ck_interview_status_known"),
        ),
        sa.CheckConstraint("hints_given BETWEEN 0 AND 4", name=op.f("ck_interview_hints_in_range")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 60", name=op.f("ck_interview_minutes_in_range")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_interview_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_interview"),
    )
    op.create_index(
        "ix_interview_learner_id_started_at",
        "interview",
        ["learner_id", "started_at"],
        unique=False,
    )
    op.create_table(
        "learner_state",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("ability_mean", sa.Double(), nullable=False),
        sa.Column("ability_variance", sa.Double(), nullable=False),
        sa.Column("form_mean", sa.Double(), nullable=False),
        sa.Column("form_variance", sa.Double(), nullable=False),
        sa.Column(
            "step_offsets",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="three [mean, variance] pairs",
        ),
        sa.Column("last_attempt", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ability_variance > 0 AND form_variance > 0",
            name=op.f("ck_learner_state_variances_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_learner_state_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", name="pk_learner_state"),
    )
    op.create_table(
        "problem_skill",
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False, comment="0 is the primary skill"),
        sa.ForeignKeyConstraint(
            ["problem"], ["problem.slug"], name="fk_problem_skill_problem", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["skill"], ["skill.id"], name="fk_problem_skill_skill"),
        sa.PrimaryKeyConstraint("problem", "skill", name="pk_problem_skill"),
    )
    op.create_index("ix_problem_skill_skill", "problem_skill", ["skill"], unique=False)
    op.create_table(
        "profile",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "target_companies",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("target_level", sa.Text(), nullable=True),
        sa.Column("interview_date", sa.Date(), nullable=True),
        sa.Column("hours_per_week", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("coach_style", sa.Text(), nullable=True),
        sa.Column("custom_instructions", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 168", name=op.f("ck_profile_hours_fit_a_week")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_profile_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", name="pk_profile"),
    )
    op.create_table(
        "review",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_review", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_review_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "problem", name="pk_review"),
    )
    op.create_index("ix_review_learner_id_due", "review", ["learner_id", "due"], unique=False)
    op.create_table(
        "skill_edge",
        sa.Column("prerequisite", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.CheckConstraint("prerequisite <> skill", name=op.f("ck_skill_edge_no_self_loop")),
        sa.ForeignKeyConstraint(
            ["prerequisite"], ["skill.id"], name="fk_skill_edge_prerequisite", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["skill"], ["skill.id"], name="fk_skill_edge_skill", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prerequisite", "skill", name="pk_skill_edge"),
    )
    op.create_table(
        "skill_state",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=False),
        sa.Column("practice_gain", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_practised", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("variance > 0", name=op.f("ck_skill_state_variance_positive")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_skill_state_learner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["skill"], ["skill.id"], name="fk_skill_state_skill"),
        sa.PrimaryKeyConstraint("learner_id", "skill", name="pk_skill_state"),
    )
    op.create_table(
        "weakness",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("severity", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('skill', 'pattern', 'mistake', 'dimension', 'pace')",
            name=op.f("ck_weakness_kind_known"),
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_weakness_confidence_in_range")
        ),
        sa.CheckConstraint(
            "resolved_at >= opened_at", name=op.f("ck_weakness_resolved_after_opened")
        ),
        sa.CheckConstraint("severity BETWEEN 0 AND 10", name=op.f("ck_weakness_severity_in_range")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_weakness_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_weakness"),
    )
    op.create_index(
        "uq_weakness_open",
        "weakness",
        ["learner_id", "kind", "name"],
        unique=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "attempt",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("catalogue_problem", sa.Text(), nullable=True),
        sa.Column("custom_problem", sa.Text(), nullable=True),
        sa.Column(
            "problem",
            sa.Text(),
            sa.Computed("coalesce(catalogue_problem, custom_problem)", persisted=True),
            nullable=False,
        ),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("hints", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "mistakes",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("culprit_skill", sa.Text(), nullable=True),
        sa.Column("confidence", sa.SmallInteger(), nullable=True),
        sa.Column("approach", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "request",
            sa.Text(),
            nullable=False,
            comment="Digest of what was reported: the same id with another report is a conflict.",
        ),
        sa.Column(
            "answer",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="A retry is answered alike.",
        ),
        sa.CheckConstraint(
            "outcome IN ('solved', 'solved_with_hints', 'failed', 'gave_up')",
            name=op.f("ck_attempt_outcome_known"),
        ),
        sa.CheckConstraint(
            "round IN ('coding', 'system_design', 'behavioral', 'ai_assisted')",
            name=op.f("ck_attempt_round_known"),
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 1 AND 5", name=op.f("ck_attempt_confidence_in_range")
        ),
        sa.CheckConstraint("hints BETWEEN 0 AND 100", name=op.f("ck_attempt_hints_in_range")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_attempt_minutes_not_negative")),
        sa.CheckConstraint(
            "num_nonnulls(catalogue_problem, custom_problem) = 1",
            name=op.f("ck_attempt_one_problem"),
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_problem"], ["problem.slug"], name="fk_attempt_catalogue_problem"
        ),
        sa.ForeignKeyConstraint(["culprit_skill"], ["skill.id"], name="fk_attempt_culprit_skill"),
        sa.ForeignKeyConstraint(
            ["learner_id", "custom_problem"],
            ["custom_problem.learner_id", "custom_problem.slug"],
            name="fk_attempt_custom_problem",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_attempt_interview",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_attempt_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_attempt"),
    )
    op.create_index(
        "ix_attempt_learner_id_attempted_at",
        "attempt",
        ["learner_id", "attempted_at"],
        unique=False,
    )
    op.create_index(
        "ix_attempt_learner_id_problem", "attempt", ["learner_id", "problem"], unique=False
    )
    op.create_table(
        "interview_score",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("given", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("ceiling", sa.Text(), nullable=True),
        sa.Column(
            "evidence",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("given BETWEEN 1 AND 4", name=op.f("ck_interview_score_given_in_range")),
        sa.CheckConstraint(
            "score BETWEEN 1 AND given", name=op.f("ck_interview_score_score_under_given")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_interview_score_interview",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_interview_score_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "interview_id", "dimension", name="pk_interview_score"
        ),
    )
    op.create_table(
        "interview_step",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_interview_step_interview",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_interview_step_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "interview_id", "id", name="pk_interview_step"),
    )
    op.create_table(
        "interview_turn",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "speaker IN ('candidate', 'interviewer')", name=op.f("ck_interview_turn_speaker_known")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_interview_turn_interview",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_interview_turn_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "interview_id", "position", name="pk_interview_turn"),
    )
    op.create_table(
        "attempt_evidence",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column(
            "skill_changes",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="skill -> change of its mean, logits",
        ),
        sa.Column(
            "skill_levels",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="skill -> [level, variance] right after the attempt, for trends",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempt.learner_id", "attempt.id"],
            name="fk_attempt_evidence_attempt",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name="fk_attempt_evidence_learner_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "attempt_id", name="pk_attempt_evidence"),
    )
    op.create_table(
        "memory",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "tags",
            postgresql.ARRAY(sa.TEXT()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('attempt', 'note', 'lesson', 'checkpoint', 'story', 'resume', "
            "'job_description', 'document', 'interview', 'turn', 'feedback')",
            name=op.f("ck_memory_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempt.learner_id", "attempt.id"],
            name="fk_memory_attempt",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "interview_id"],
            ["interview.learner_id", "interview.id"],
            name="fk_memory_interview",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_memory_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name="pk_memory"),
    )
    op.create_index(
        "ix_memory_learner_id_attempt_id",
        "memory",
        ["learner_id", "attempt_id"],
        unique=False,
        postgresql_where=sa.text("attempt_id IS NOT NULL"),
    )
    op.create_index(
        "ix_memory_learner_id_interview_id",
        "memory",
        ["learner_id", "interview_id"],
        unique=False,
        postgresql_where=sa.text("interview_id IS NOT NULL"),
    )
    op.create_index(
        "ix_memory_learner_id_occurred_at", "memory", ["learner_id", "occurred_at"], unique=False
    )
    op.create_table(
        "review_log",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("scheduled_days", sa.Double(), nullable=False),
        sa.Column("elapsed_days", sa.Double(), nullable=False),
        sa.Column("retrievability", sa.Double(), nullable=True),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_review_log_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["learner_id", "attempt_id"],
            ["attempt.learner_id", "attempt.id"],
            name="fk_review_log_attempt",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_review_log_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "attempt_id", name="pk_review_log"),
    )
    op.create_table(
        "memory_chunk",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("chunk", sa.SmallInteger(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("embedder_id", sa.SmallInteger(), nullable=True),
        sa.Column("embedding", HALFVEC(dim=384), nullable=True),
        sa.Column("lexemes", SPARSEVEC(dim=1048576), nullable=False),
        sa.ForeignKeyConstraint(
            ["embedder_id"], ["embedder.id"], name="fk_memory_chunk_embedder_id"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "memory_id"],
            ["memory.learner_id", "memory.id"],
            name="fk_memory_chunk_memory",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name="fk_memory_chunk_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "learner_id",
            "memory_id",
            "chunk",
            name="pk_memory_chunk",
            # a learner's passages lie together, and one index-only scan scores them all
            postgresql_include=["embedder_id", "embedding", "lexemes"],
        ),
    )
    op.create_index(
        "ix_memory_chunk_unembedded",
        "memory_chunk",
        ["learner_id", "memory_id"],
        unique=False,
        postgresql_where=sa.text("embedding IS NULL"),
    )
    _lock_rows()


def _lock_rows() -> None:
    """Row-level security, and the role every application transaction runs as.

    A login that may not create roles goes on without it: then the policies bind that login itself,
    unless it is a superuser or bypasses them.
    """
    for table, column in PRIVATE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} "
            f"USING ({column} = {THIS_LEARNER}) WITH CHECK ({column} = {THIS_LEARNER})"
        )
    grants = "; ".join(
        [
            *(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}"
                for table, _ in PRIVATE
            ),
            *(f"GRANT SELECT ON {table} TO {APP_ROLE}" for table in SHARED),
            f"GRANT SELECT, INSERT ON embedder TO {APP_ROLE}",
        ]
    )
    # Roles belong to the whole cluster: another database of it may have made this one, even now.
    _attempt(
        f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}')"
        f" THEN CREATE ROLE {APP_ROLE} NOLOGIN; END IF",
        unless="duplicate_object OR unique_violation OR insufficient_privilege",
    )
    _attempt(grants, unless="undefined_object")
    # Since Postgres 16 the maker of a role is a member that may not become it until told so.
    _attempt(
        f"IF NOT pg_has_role(current_user, '{APP_ROLE}', 'USAGE')"
        f" THEN EXECUTE format('GRANT {APP_ROLE} TO %I', current_user); END IF",
        unless="undefined_object OR insufficient_privilege",
    )


def _attempt(statements: str, *, unless: str) -> None:
    op.execute(f"DO $$ BEGIN {statements}; EXCEPTION WHEN {unless} THEN NULL; END $$")


def downgrade() -> None:
    op.drop_index(
        "ix_memory_chunk_unembedded",
        table_name="memory_chunk",
        postgresql_where=sa.text("embedding IS NULL"),
    )
    op.drop_table("memory_chunk")
    op.drop_table("review_log")
    op.drop_index("ix_memory_learner_id_occurred_at", table_name="memory")
    op.drop_index(
        "ix_memory_learner_id_interview_id",
        table_name="memory",
        postgresql_where=sa.text("interview_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_memory_learner_id_attempt_id",
        table_name="memory",
        postgresql_where=sa.text("attempt_id IS NOT NULL"),
    )
    op.drop_table("memory")
    op.drop_table("attempt_evidence")
    op.drop_table("interview_turn")
    op.drop_table("interview_step")
    op.drop_table("interview_score")
    op.drop_index("ix_attempt_learner_id_problem", table_name="attempt")
    op.drop_index("ix_attempt_learner_id_attempted_at", table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(
        "uq_weakness_open", table_name="weakness", postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.drop_table("weakness")
    op.drop_table("skill_state")
    op.drop_table("skill_edge")
    op.drop_index("ix_review_learner_id_due", table_name="review")
    op.drop_table("review")
    op.drop_table("profile")
    op.drop_index("ix_problem_skill_skill", table_name="problem_skill")
    op.drop_table("problem_skill")
    op.drop_table("learner_state")
    op.drop_index("ix_interview_learner_id_started_at", table_name="interview")
    op.drop_table("interview")
    op.drop_table("document_frequency")
    op.drop_table("custom_problem")
    op.drop_table("corpus")
    op.drop_table("audit_event")
    op.drop_table("store_metadata")
    op.drop_table("skill")
    op.drop_table("problem")
    op.drop_table("learner")
    op.drop_table("embedder")
