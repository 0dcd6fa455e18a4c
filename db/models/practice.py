"""The curriculum, what was practised, and what follows from it.

`attempt`, `company_tag` and `study_plan` are canonical; an attempt is append-only.
`attempt_evidence`, `learner_state`, `skill_state`, `review`, `review_log` and `weakness` are
derived: replaying the attempts rebuilds them.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.skills import Round
from maang_mcp.domain.weakness import WeaknessKind

from .schema import metadata, moment, one_of, owner, words

skill = Table(
    "skill",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("round", Text, nullable=False),
    Column("frequency", Double, nullable=False),
    words("aliases"),
    one_of("round", Round),
)

skill_edge = Table(
    "skill_edge",
    metadata,
    Column("prerequisite", Text, ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True),
    CheckConstraint("prerequisite <> skill", name="no_self_loop"),
)

problem = Table(
    "problem",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("number", Integer, unique=True),
    Column("title", Text, nullable=False),
    Column("difficulty", Text, nullable=False),
    Column("round", Text, nullable=False),
    Column("url", Text),
    Column("minutes", Integer, nullable=False),
    Column("item_mean", Double, nullable=False),
    Column("item_variance", Double, nullable=False),
    Column("item_source", Text, nullable=False),
    words("lists"),
    words("aliases"),
    one_of("difficulty", Difficulty),
    one_of("round", Round),
)

problem_skill = Table(
    "problem_skill",
    metadata,
    Column("problem", Text, ForeignKey("problem.slug", ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, ForeignKey("skill.id"), primary_key=True),
    Column("position", SmallInteger, nullable=False, comment="0 is the primary skill"),
    Index(None, "skill"),
)

custom_problem = Table(
    "custom_problem",
    metadata,
    owner(),
    Column("slug", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("difficulty", Text, nullable=False),
    Column("round", Text, nullable=False),
    Column("url", Text),
    Column("minutes", Integer, nullable=False),
    Column("item_mean", Double, nullable=False),
    Column("item_variance", Double, nullable=False),
    Column("item_source", Text, nullable=False),
    words("skills"),
    moment("created_at", default_now=True),
    one_of("difficulty", Difficulty),
    one_of("round", Round),
)

attempt = Table(
    "attempt",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("catalogue_problem", Text, ForeignKey("problem.slug")),
    Column("custom_problem", Text),
    Column(
        "problem",
        Text,
        Computed("coalesce(catalogue_problem, custom_problem)", persisted=True),
        nullable=False,
    ),
    Column("round", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("minutes", Double),
    Column("hints", SmallInteger, nullable=False, server_default=text("0")),
    words("mistakes"),
    Column("culprit_skill", Text, ForeignKey("skill.id")),
    Column("confidence", SmallInteger),
    Column("approach", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("interview_id", Uuid),
    moment("attempted_at"),
    moment("recorded_at"),
    Column(
        "request",
        Text,
        nullable=False,
        comment="Digest of what was reported: the same id with another report is a conflict.",
    ),
    Column("answer", JSONB, nullable=False, comment="A retry is answered alike."),
    ForeignKeyConstraint(
        ["learner_id", "custom_problem"],
        ["custom_problem.learner_id", "custom_problem.slug"],
        name="fk_attempt_custom_problem",
    ),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_attempt_interview",
    ),
    CheckConstraint("num_nonnulls(catalogue_problem, custom_problem) = 1", name="one_problem"),
    CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    CheckConstraint("hints BETWEEN 0 AND 100", name="hints_in_range"),
    CheckConstraint("confidence BETWEEN 1 AND 5", name="confidence_in_range"),
    one_of("outcome", Outcome),
    one_of("round", Round),
    Index(None, "learner_id", "attempted_at"),
    Index(None, "learner_id", "problem", "attempted_at", "id"),
)

attempt_evidence = Table(
    "attempt_evidence",
    metadata,
    owner(),
    Column("attempt_id", Uuid, primary_key=True),
    Column("expected", Double, nullable=False),
    Column("skill_changes", JSONB, nullable=False, comment="skill -> change of its mean, logits"),
    Column(
        "skill_levels",
        JSONB,
        nullable=False,
        comment="skill -> [level, variance] right after the attempt, for trends",
    ),
    Column(
        "beliefs",
        JSONB,
        comment="skill -> [mean, variance, gain, attempts] right after the attempt, and '' -> the "
        "rest of the learner's state: where a replay may begin. Null in rows of older releases.",
    ),
    ForeignKeyConstraint(
        ["learner_id", "attempt_id"],
        ["attempt.learner_id", "attempt.id"],
        name="fk_attempt_evidence_attempt",
        ondelete="CASCADE",
    ),
)

learner_state = Table(
    "learner_state",
    metadata,
    owner(),
    Column("ability_mean", Double, nullable=False),
    Column("ability_variance", Double, nullable=False),
    Column("form_mean", Double, nullable=False),
    Column("form_variance", Double, nullable=False),
    Column("step_offsets", JSONB, nullable=False, comment="three [mean, variance] pairs"),
    moment("last_attempt", nullable=True),
    CheckConstraint("ability_variance > 0 AND form_variance > 0", name="variances_positive"),
)

skill_state = Table(
    "skill_state",
    metadata,
    owner(),
    Column("skill", Text, ForeignKey("skill.id"), primary_key=True),
    Column("mean", Double, nullable=False),
    Column("variance", Double, nullable=False),
    Column("practice_gain", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("last_practised", nullable=True),
    CheckConstraint("variance > 0", name="variance_positive"),
)

review = Table(
    "review",
    metadata,
    owner(),
    Column("problem", Text, primary_key=True),
    Column("stability", Double, nullable=False),
    Column("difficulty", Double, nullable=False),
    moment("due"),
    moment("last_review"),
    Column("reviews", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Index(None, "learner_id", "due"),
)

review_log = Table(
    "review_log",
    metadata,
    owner(),
    Column("attempt_id", Uuid, primary_key=True),
    Column("problem", Text, nullable=False),
    Column("rating", SmallInteger, nullable=False),
    moment("at"),
    Column("stability", Double, nullable=False),
    Column("difficulty", Double, nullable=False),
    Column("scheduled_days", Double, nullable=False),
    Column("elapsed_days", Double, nullable=False),
    Column("retrievability", Double),
    ForeignKeyConstraint(
        ["learner_id", "attempt_id"],
        ["attempt.learner_id", "attempt.id"],
        name="fk_review_log_attempt",
        ondelete="CASCADE",
    ),
    CheckConstraint("rating BETWEEN 1 AND 4", name="rating_in_range"),
)

weakness = Table(
    "weakness",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("severity", Double, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("opened_at"),
    moment("resolved_at", nullable=True),
    one_of("kind", WeaknessKind),
    CheckConstraint("severity BETWEEN 0 AND 10", name="severity_in_range"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_in_range"),
    CheckConstraint("resolved_at >= opened_at", name="resolved_after_opened"),
    Index(
        "uq_weakness_open",
        "learner_id",
        "kind",
        "name",
        unique=True,
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

company_tag = Table(
    "company_tag",
    metadata,
    owner(),
    Column("problem", Text, primary_key=True),
    Column("company", Text, primary_key=True, comment="The name as it is compared."),
    Column("name", Text, nullable=False, comment="The name as it was told."),
    moment("told_at"),
)

study_plan = Table(
    "study_plan",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    moment("made_at"),
    Column("plan", JSONB, nullable=False, comment="The goal, every week and the verdict."),
    Column(
        "request",
        Text,
        nullable=False,
        comment="Digest of what was asked: the same id with another request is a conflict.",
    ),
    Column("answer", JSONB, nullable=False, comment="A retry is answered alike."),
    Index(None, "learner_id", "made_at"),
)
