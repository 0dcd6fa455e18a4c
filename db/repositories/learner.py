"""The learner's profile, their audit trail, and their erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from db.models.learner import audit_event, learner, profile
from maang_mcp.domain.profile import Profile

from .repository import Repository

_PROFILE_FIELDS = tuple(field.name for field in fields(Profile))


class LearnerRepository(Repository):
    """Queries about the learner as a person."""

    async def profile(self) -> Profile:
        """The profile; an empty one when nothing was ever told."""
        rows = await self._connection.execute(select(profile).where(self._own(profile)))
        row = rows.mappings().first()
        if row is None:
            return Profile()
        values = {name: row[name] for name in _PROFILE_FIELDS}
        values["target_companies"] = tuple(row["target_companies"])
        hours = row["hours_per_week"]
        values["hours_per_week"] = None if hours is None else float(hours)
        return Profile(**values)

    async def save_profile(self, value: Profile, at: datetime) -> None:
        """Stores the profile whole."""
        values = {name: getattr(value, name) for name in _PROFILE_FIELDS}
        values |= {"target_companies": list(value.target_companies), "updated_at": at}
        await self._connection.execute(
            upsert(profile)
            .values(learner_id=self._learner, **values)
            .on_conflict_do_update(index_elements=["learner_id"], set_=values)
        )

    async def audit(
        self, event_id: UUID, action: str, subject: str, at: datetime, **detail: object
    ) -> None:
        """Appends one line to the trail of what was changed on purpose."""
        values: Mapping[str, object] = {
            "learner_id": self._learner,
            "id": event_id,
            "action": action,
            "subject": subject,
            "detail": detail,
            "at": at,
        }
        await self._connection.execute(insert(audit_event).values(values))

    async def erase(self) -> None:
        """Deletes the learner and, by cascade, every row that was theirs."""
        await self._connection.execute(delete(learner).where(learner.c.id == self._learner))
