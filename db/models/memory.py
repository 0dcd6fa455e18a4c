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
    Index(
        None,
        "learner_id",
        "conversation",
        "position",
        postgresql_where=text("conversation IS NOT NULL"),
    ),
)

lesson_occurrence = Table(
    "lesson_occurrence",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, nullable=False),
    moment("at"),
    Column("problem", Text),
    Column("attempt_id", Uuid),
    Column("wording", Text, comment="Null: word for word as the lesson itself."),
    ForeignKeyConstraint(
        ["learner_id", "lesson_id"],
        ["memory.learner_id", "memory.id"],
        name="fk_lesson_occurrence_lesson",
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["learner_id", "attempt_id"],
        ["attempt.learner_id", "attempt.id"],
        name="fk_lesson_occurrence_attempt",
        ondelete="SET NULL (attempt_id)",
    ),
    Index(None, "learner_id", "lesson_id"),
    Index(None, "learner_id", "attempt_id", postgresql_where=text("attempt_id IS NOT NULL")),
)

# Apart from memory and its covering key: what every search touches must not bloat what it reads.
memory_retrieval = Table(
    "memory_retrieval",
    metadata,
    owner(),
    Column("memory_id", Uuid, primary_key=True),
    Column("times", Integer, nullable=False),
    moment("last_at"),
    ForeignKeyConstraint(
        ["learner_id", "memory_id"],
        ["memory.learner_id", "memory.id"],
        name="fk_memory_retrieval_memory",
        ondelete="CASCADE",
    ),
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
    Column("digest", Uuid, comment="Of the text that was embedded; the same text needs no model."),
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
    Index(None, "learner_id", "digest", postgresql_where=text("digest IS NOT NULL")),
)

# Vectors of further models beside those in the covering key: while a store moves from one model to
# another each server finds its own, and models of other dimensions have theirs here for good.
memory_vector = Table(
    "memory_vector",
    metadata,
    owner(),
    Column("memory_id", Uuid, primary_key=True),
    Column("chunk", SmallInteger, primary_key=True, autoincrement=False),
    Column("embedder_id", SmallInteger, ForeignKey("embedder.id"), primary_key=True),
    Column("embedding", HALFVEC, nullable=False),
    Column("digest", Uuid, nullable=False, comment="Of the text that was embedded."),
    ForeignKeyConstraint(
        ["learner_id", "memory_id", "chunk"],
        ["memory_chunk.learner_id", "memory_chunk.memory_id", "memory_chunk.chunk"],
        name="fk_memory_vector_memory_chunk",
        ondelete="CASCADE",
    ),
    Index(None, "learner_id", "digest"),
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
