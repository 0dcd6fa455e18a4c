"""The tables, by noun, and the row-level security every per-learner table shares."""

from __future__ import annotations

from . import interview, learner, memory, practice
from .schema import metadata
from .security import APP_ROLE, app_privileges, private_tables

__all__ = [
    "APP_ROLE",
    "app_privileges",
    "interview",
    "learner",
    "memory",
    "metadata",
    "practice",
    "private_tables",
]
