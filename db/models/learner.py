"""Who is being coached, and what the operator may later ask about them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from .schema import metadata, moment, owner, words

learner = Table(
    "learner",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Text, nullable=False, unique=True),
    Column(
        "generation",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="Counts committed writes; part of every cache key.",
    ),
    moment("created_at", default_now=True),
)

profile = Table(
    "profile",
    metadata,
    owner(),
    Column("name", Text),
    words("target_companies"),
    Column("target_level", Text),
    Column("interview_date", Date),
    Column("hours_per_week", Numeric(5, 2)),
    Column("language", Text),
    Column("coach_style", Text),
    Column("custom_instructions", Text),
    Column("timezone", Text),
    moment("updated_at"),
    CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_fit_a_week"),
)

audit_event = Table(
    "audit_event",
    metadata,
    owner(),
    Column("id", Uuid, primary_key=True),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    moment("at"),
)

store_metadata = Table(
    "store_metadata",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
