"""Mock interviews: the state machine's state, its transcript and its scores."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
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

from maang_mcp.domain.interview import Status
from maang_mcp.domain.level import Level
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.skills import Round
from maang_mcp.domain.transcript import Speaker

from .schema import metadata, moment, one_of, owner, words

interview_loop = Table(
    "interview_loop",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("company", Text),
    Column("level", Text, nullable=False),
    Column("minutes", SmallInteger, nullable=False, comment="of each round"),
    words("rounds"),
    moment("started_at"),
    Column("abandoned", Boolean, nullable=False, server_default=text("false")),
    one_of("level", Level),
    CheckConstraint("minutes BETWEEN 15 AND 60", name="minutes_in_range"),
    Index(None, "learner_id", "started_at"),
)

interview = Table(
    "interview",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("round", Text, nullable=False),
    Column("company", Text),
    Column("level", Text, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("question", Text, nullable=False),
    words("further"),
    Column("loop_id", Uuid),
    Column("loop_position", SmallInteger, comment="from 1"),
    Column("status", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("phase_started", Double, nullable=False, comment="counted seconds"),
    Column("active_seconds", Double, nullable=False),
    moment("running_since", nullable=True),
    Column("hints_given", SmallInteger, nullable=False),
    Column("hint_pending_use", Boolean, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    moment("started_at"),
    moment("finished_at", nullable=True),
    Column("request", Text, comment="digest of the scores it was finished with"),
    Column("verdict", JSONB, comment="what was answered when it was finished"),
    one_of("round", Round),
    one_of("status", Status),
    one_of("level", Level),
    CheckConstraint("minutes BETWEEN 15 AND 60", name="minutes_in_range"),
    CheckConstraint("hints_given BETWEEN 0 AND 4", name="hints_in_range"),
    ForeignKeyConstraint(
        ["learner_id", "loop_id"],
        ["interview_loop.learner_id", "interview_loop.id"],
        name="fk_interview_loop",
        ondelete="SET NULL (loop_id)",
    ),
    Index(None, "learner_id", "loop_id", postgresql_where=text("loop_id IS NOT NULL")),
    Index(None, "learner_id", "started_at"),
)

interview_turn = Table(
    "interview_turn",
    metadata,
    owner(),
    Column("interview_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("speaker", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("text", Text, nullable=False),
    moment("at"),
    one_of("speaker", Speaker),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_interview_turn_interview",
        ondelete="CASCADE",
    ),
)

interview_step = Table(
    "interview_step",
    metadata,
    owner(),
    Column("interview_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("request", Text, nullable=False),
    Column("answer", JSONB, nullable=False),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_interview_step_interview",
        ondelete="CASCADE",
    ),
)

interview_score = Table(
    "interview_score",
    metadata,
    owner(),
    Column("interview_id", Uuid, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("given", SmallInteger, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("ceiling", Text),
    words("evidence"),
    Column("note", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_interview_score_interview",
        ondelete="CASCADE",
    ),
    CheckConstraint("given BETWEEN 1 AND 4", name="given_in_range"),
    CheckConstraint("score BETWEEN 1 AND given", name="score_under_given"),
)

solution_check = Table(
    "solution_check",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("interview_id", Uuid),
    Column("question", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("passed", SmallInteger, nullable=False),
    Column("failed", SmallInteger, nullable=False),
    Column("verified", Boolean, nullable=False, comment="false: the sandbox cannot run it"),
    moment("at"),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_solution_check_interview",
        ondelete="CASCADE",
    ),
    CheckConstraint("passed >= 0 AND failed >= 0", name="counts_not_negative"),
    Index(None, "learner_id", "interview_id", postgresql_where=text("interview_id IS NOT NULL")),
)

real_interview = Table(
    "real_interview",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("company", Text),
    Column("round", Text),
    Column("result", Text, nullable=False),
    Column("level", Text),
    Column("readiness", Double, comment="what was estimated when it was told, 0 to 1"),
    moment("at"),
    moment("recorded_at"),
    one_of("result", RealResult),
    one_of("round", Round),
    one_of("level", Level),
    CheckConstraint("readiness BETWEEN 0 AND 1", name="readiness_in_range"),
)
