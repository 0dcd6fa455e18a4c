"""Mock interviews: their state, guarded by a version, their transcript and their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from db.models.interview import interview, interview_score, interview_step, interview_turn
from maang_mcp.domain.errors import StaleWrite
from maang_mcp.domain.interview import Interview, Status
from maang_mcp.domain.level import Level
from maang_mcp.domain.rubric import FinalScore
from maang_mcp.domain.skills import Round
from maang_mcp.domain.transcript import Speaker, Turn
from maang_mcp.domain.weakness import DimensionScore

from .repository import Repository

_FIELDS = tuple(field.name for field in fields(Interview))
_OPEN = (Status.ACTIVE.value, Status.PAUSED.value)


class InterviewRepository(Repository):
    """Queries over interviews."""

    async def get(self, interview_id: UUID) -> Interview | None:
        """One interview."""
        rows = await self._connection.execute(
            select(interview).where(self._own(interview), interview.c.id == interview_id)
        )
        row = rows.mappings().first()
        return None if row is None else _interview(row)

    async def open_ones(self) -> list[Interview]:
        """Interviews that are running or paused, latest first."""
        rows = await self._connection.execute(
            select(interview)
            .where(self._own(interview), interview.c.status.in_(_OPEN))
            .order_by(interview.c.started_at.desc())
        )
        return [_interview(row) for row in rows.mappings()]

    async def recent(self, limit: int) -> list[Interview]:
        """The latest interviews, whatever became of them."""
        rows = await self._connection.execute(
            select(interview)
            .where(self._own(interview))
            .order_by(interview.c.started_at.desc())
            .limit(limit)
        )
        return [_interview(row) for row in rows.mappings()]

    async def add(self, value: Interview) -> None:
        """Stores a new interview."""
        await self._connection.execute(
            insert(interview).values(learner_id=self._learner, **_values(value))
        )

    async def save(
        self,
        value: Interview,
        *,
        before: int,
        finished_at: datetime | None = None,
        request: str | None = None,
        verdict: Mapping[str, Any] | None = None,
    ) -> None:
        """Stores a changed interview; StaleWrite unless its version was still `before`."""
        changes = _values(value)
        if finished_at is not None:
            changes |= {"finished_at": finished_at, "request": request, "verdict": verdict}
        changed = await self._connection.execute(
            update(interview)
            .where(self._own(interview), interview.c.id == value.id, interview.c.version == before)
            .values(changes)
        )
        if not changed.rowcount:
            raise StaleWrite

    async def finished_with(self, interview_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """The digest of the scores an interview was finished with, and what was answered."""
        rows = await self._connection.execute(
            select(interview.c.request, interview.c.verdict).where(
                self._own(interview),
                interview.c.id == interview_id,
                interview.c.verdict.is_not(None),
            )
        )
        row = rows.first()
        return None if row is None else (row[0], row[1])

    async def append_turns(self, interview_id: UUID, turns: Sequence[Turn]) -> None:
        """Adds turns to the transcript."""
        if not turns:
            return
        await self._connection.execute(
            insert(interview_turn),
            [
                {"learner_id": self._learner, "interview_id": interview_id}
                | asdict(turn)
                | {"speaker": turn.speaker.value}
                for turn in turns
            ],
        )

    async def transcript(self, interview_id: UUID) -> list[Turn]:
        """All turns in order."""
        rows = await self._connection.execute(
            select(interview_turn)
            .where(self._own(interview_turn), interview_turn.c.interview_id == interview_id)
            .order_by(interview_turn.c.position)
        )
        return [
            Turn(
                position=row["position"],
                speaker=Speaker(row["speaker"]),
                phase=row["phase"],
                text=row["text"],
                at=row["at"],
            )
            for row in rows.mappings()
        ]

    async def answered_step(
        self, interview_id: UUID, step_id: UUID
    ) -> tuple[str, Mapping[str, Any]] | None:
        """The digest of a step that was already taken, and what was answered then."""
        rows = await self._connection.execute(
            select(interview_step.c.request, interview_step.c.answer).where(
                self._own(interview_step),
                interview_step.c.interview_id == interview_id,
                interview_step.c.id == step_id,
            )
        )
        row = rows.first()
        return None if row is None else (row[0], row[1])

    async def remember_step(
        self, interview_id: UUID, step_id: UUID, request: str, answer: Mapping[str, Any]
    ) -> None:
        """Keeps the answer of a step, for a retry."""
        await self._connection.execute(
            insert(interview_step).values(
                learner_id=self._learner,
                interview_id=interview_id,
                id=step_id,
                request=request,
                answer=answer,
            )
        )

    async def add_scores(self, interview_id: UUID, scores: Sequence[FinalScore]) -> None:
        """Stores what each dimension earned."""
        await self._connection.execute(
            insert(interview_score),
            [
                {
                    "learner_id": self._learner,
                    "interview_id": interview_id,
                    "dimension": entry.dimension,
                    "given": entry.given,
                    "score": entry.score,
                    "ceiling": entry.ceiling,
                    "evidence": list(entry.evidence),
                    "note": entry.note,
                }
                for entry in scores
            ],
        )

    async def dimension_scores(
        self, limit: int | None = None, *, before: datetime | None = None
    ) -> list[DimensionScore]:
        """The scores of finished interviews, of the latest ones first."""
        query = (
            select(
                interview.c.round,
                interview_score.c.dimension,
                interview_score.c.score,
                interview.c.finished_at,
                interview.c.id,
                interview.c.question,
            )
            .join(
                interview,
                (interview.c.learner_id == interview_score.c.learner_id)
                & (interview.c.id == interview_score.c.interview_id),
            )
            .where(self._own(interview_score))
            .order_by(interview.c.finished_at.desc(), interview.c.id, interview_score.c.dimension)
            .limit(limit)
        )
        if before is not None:
            query = query.where(interview.c.finished_at < before)
        rows = await self._connection.execute(query)
        return [DimensionScore(Round(round), *rest) for round, *rest in rows]

    async def count(self) -> int:
        """How many interviews there were."""
        counted = await self._connection.scalar(
            select(func.count()).select_from(interview).where(self._own(interview))
        )
        return counted or 0

    async def remove(self, interview_id: UUID) -> bool:
        """Erases an interview with its transcript and scores."""
        gone = await self._connection.execute(
            delete(interview).where(self._own(interview), interview.c.id == interview_id)
        )
        return bool(gone.rowcount)


def _values(value: Interview) -> dict[str, Any]:
    values = {name: getattr(value, name) for name in _FIELDS}
    for name in ("round", "level", "status"):
        values[name] = values[name].value
    values["further"] = list(value.further)
    return values


def _interview(row: RowMapping) -> Interview:
    values: dict[str, Any] = {name: row[name] for name in _FIELDS}
    values["round"] = Round(values["round"])
    values["level"] = Level(values["level"])
    values["status"] = Status(values["status"])
    values["further"] = tuple(values["further"])
    return Interview(**values)
