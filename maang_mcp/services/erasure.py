"""The right to be forgotten: erased means gone, and what was derived from it derived anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.attempt import Attempt
from maang_mcp.domain.errors import (
    InvalidInput,
    UnknownAttempt,
    UnknownInterview,
    UnknownMemory,
)
from maang_mcp.domain.profile import Learner

from .answers.learner import Forgotten
from .requests import Erasable

if TYPE_CHECKING:
    from db import Store, UnitOfWork

    from .recording import Recorder

ERASE_EVERYTHING = "erase everything"
"""What a caller has to repeat before everything goes."""


class Erasure:
    """Use-cases that erase for good."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._clock = clock
        self._new_id = new_id

    async def forget(
        self, learner: Learner, kind: Erasable, id: UUID | None, confirm: str
    ) -> Forgotten:
        """Erases one thing, or everything, for good; what was derived from it is derived anew.

        A memory takes with it every version it superseded, and those that they superseded; the
        last attempt at a problem takes what was told of the companies that asked it.

        Raises InvalidInput without an id, or for everything without the confirmation, and
        NotFound for an id that is not there.
        """
        if kind == "everything":
            return await self._forget_everything(learner, confirm)
        if id is None:
            raise InvalidInput(f"Which {kind}? Its id is missing.")
        async with self._store.writing(learner.id, learner.subject) as uow:
            match kind:
                case "attempt":
                    gone = await self._erase_attempts(uow, [id])
                    if not gone:
                        raise UnknownAttempt(f"No attempt goes by the id {id}.")
                    await self._derive_anew(uow, gone)
                case "memory":
                    if not await uow.memory.remove(id):
                        raise UnknownMemory(f"No memory goes by the id {id}.")
                case "interview":
                    await self._forget_interview(uow, id)
                case "real_interview":
                    if not await uow.real_interviews.remove(id):
                        raise UnknownInterview(
                            f"No real interview goes by the id {id}.",
                            hint="`progress_report` lists the latest ones.",
                        )
            await uow.learner.audit(self._new_id(), "forget", kind, self._clock())
        return Forgotten(
            status=f"Erased for good: {kind} {id}.",
            erased=f"{kind} {id}",
            next_actions=["get_briefing"],
        )

    async def _forget_interview(self, uow: UnitOfWork, id: UUID) -> None:
        gone = await self._erase_attempts(uow, await uow.practice.attempts_in(id))
        await uow.memory.remove_of(attempt_id=None, interview_id=id)
        if not await uow.interview.remove(id):
            raise UnknownInterview(f"No interview goes by the id {id}.")
        await self._derive_anew(uow, gone)

    async def _erase_attempts(self, uow: UnitOfWork, ids: Iterable[UUID]) -> list[Attempt]:
        """Erases attempts with what was remembered of them; returns those there were."""
        found = [await uow.practice.get_attempt(id) for id in ids]
        gone = [attempt for attempt in found if attempt is not None]
        for attempt in gone:
            await uow.memory.remove_of(attempt_id=attempt.id, interview_id=None)
            await uow.practice.remove_attempt(attempt.id)
        return gone

    async def _derive_anew(self, uow: UnitOfWork, gone: Sequence[Attempt]) -> None:
        await uow.practice.drop_unused_problems()
        if not gone:
            return
        await uow.tags.drop_unused()
        await self._recorder.rebuild(
            uow, min(attempt.at for attempt in gone), {attempt.problem for attempt in gone}
        )

    async def _forget_everything(self, learner: Learner, confirm: str) -> Forgotten:
        if confirm.strip().lower() != ERASE_EVERYTHING:
            raise InvalidInput(
                "Erasing everything cannot be undone.",
                hint=f'Ask the learner first; then call again with confirm="{ERASE_EVERYTHING}".',
            )
        async with self._store.writing(learner.id, learner.subject) as uow:
            await uow.learner.erase()
        return Forgotten(
            status="Everything is erased for good.", erased="everything", next_actions=[]
        )
