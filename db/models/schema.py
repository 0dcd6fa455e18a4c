"""One naming convention, one MetaData, and the column shapes the tables share."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, MetaData, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def owner() -> Column[object]:
    """The learner a row belongs to; first in every per-learner key, so that the tables can be
    distributed by it unchanged. Erasing the learner erases the row."""
    return Column(
        "learner_id",
        Uuid,
        ForeignKey("learner.id", ondelete="CASCADE"),
        primary_key=True,
    )


def moment(name: str, *, nullable: bool = False, default_now: bool = False) -> Column[object]:
    """A point in time, stored with its zone."""
    return Column(
        name,
        DateTime(timezone=True),
        nullable=nullable,
        server_default=func.now() if default_now else None,
    )


def words(name: str) -> Column[object]:
    """A list of short texts; empty rather than null."""
    return Column(name, ARRAY(TEXT), nullable=False, server_default=text("'{}'::text[]"))


def one_of(column: str, values: type) -> CheckConstraint:
    """Restricts a text column to the members of a closed set of the domain."""
    members = ", ".join(f"'{member.value}'" for member in values)  # type: ignore[attr-defined]  # StrEnum members; iterating a `type` is untyped
    return CheckConstraint(f"{column} IN ({members})", name=f"{column}_known")
