"""What is remembered, and the two vectors by which each passage of it is found."""

from __future__ import annotations

from pgvector.sqlalchemy import HALFVEC, SPARSEVEC
from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from maang_mcp.domain.lexical import DIMENSION
from maang_mcp.domain.memory import MemoryKind

from .schema import metadata, moment, one_of, owner, words

EMBEDDING_DIMENSIONS = 384

embedder = Table(
    "embedder",
    metadata,
    Column("id", SmallInteger, Identity(), primary_key=True),
    Column("identity", Text, nullable=False, unique=True),
)

memory = Table(
    "memory",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    words("tags"),
    Column("problem", Text),
    Column("attempt_id", Uuid),
    Column("interview_id", Uuid),
    Column("conversation", Text),
    Column("position", Integer),
    Column("speaker", Text),
    moment("occurred_at"),
    moment("recorded_at"),
    Column("superseded_by", Uuid),
    one_of("kind", MemoryKind),
    ForeignKeyConstraint(
        ["learner_id", "attempt_id"],
        ["attempt.learner_id", "attempt.id"],
        name="fk_memory_attempt",
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["learner_id", "interview_id"],
        ["interview.learner_id", "interview.id"],
        name="fk_memory_interview",
        ondelete="CASCADE",
    ),
    Index(None, "learner_id", "occurred_at"),
    Index(None, "learner_id", "attempt_id", postgresql_where=text("attempt_id IS NOT NULL")),
    Index(None, "learner_id", "interview_id", postgresql_where=text("interview_id IS NOT NULL")),
)

# The key covers both vectors: a learner's passages lie together in it, so one index-only scan
# scores all of them without touching a heap page or a TOAST table.
memory_chunk = Table(
    "memory_chunk",
    metadata,
    Column("learner_id", Uuid, ForeignKey("learner.id", ondelete="CASCADE")),
    Column("memory_id", Uuid),
    Column("chunk", SmallInteger),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("embedder_id", SmallInteger, ForeignKey("embedder.id")),
    Column("embedding", HALFVEC(EMBEDDING_DIMENSIONS)),
    Column("lexemes", SPARSEVEC(DIMENSION), nullable=False),
    PrimaryKeyConstraint(
        "learner_id",
        "memory_id",
        "chunk",
        postgresql_include=["embedder_id", "embedding", "lexemes"],
    ),
    ForeignKeyConstraint(
        ["learner_id", "memory_id"],
        ["memory.learner_id", "memory.id"],
        name="fk_memory_chunk_memory",
        ondelete="CASCADE",
    ),
    Index(
        "ix_memory_chunk_unembedded",
        "learner_id",
        "memory_id",
        postgresql_where=text("embedding IS NULL"),
    ),
)

document_frequency = Table(
    "document_frequency",
    metadata,
    owner(),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("chunks", Integer, nullable=False),
)

corpus = Table(
    "corpus",
    metadata,
    owner(),
    Column("chunks", Integer, nullable=False),
)
