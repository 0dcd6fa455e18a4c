"""The sandbox: worker processes that run a candidate's code, one fresh session per test."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter, OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final
from uuid import UUID

from pydantic_monty import Monty

from maang_mcp.domain.checking import CheckReport
from maang_mcp.domain.code_task import CodeTask
from maang_mcp.domain.errors import SandboxBusy, SandboxUnavailable

from .checks import TOTAL, Answers, Check, answers_of
from .program import CannotVerify, NotLoadable
from .session import GRACE, SECONDS, Sessions

logger = logging.getLogger(__name__)

WORKERS: Final = 2
WAITING: Final = 8
"""Checks that may wait for a worker: the last of them for about as many seconds."""

OF_ONE: Final = 2
"""Checks of one learner that may be under way at the same time."""

_KEPT: Final = 16  # tasks whose tests are kept evaluated; a large test takes megabytes


class Sandbox:
    """Runs candidates' code in processes that have no files, network, environment or clock.

    `workers` run at the same time and `waiting` more may wait for them; a test may take `seconds`,
    a check `total`. Nothing starts before the first `check`. `aclose` (or `async with`) ends the
    processes, and waits for what still runs in them.
    """

    # Monty's own asyncio pool is not used: its runtime's threads outlive the pool for a moment,
    # and abort a process that exits in that moment.

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        waiting: int = WAITING,
        seconds: float = SECONDS,
        total: float = TOTAL,
    ) -> None:
        self._workers = workers
        self._seconds = seconds
        self._total = total
        self._room = workers + waiting
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._opening = threading.Lock()
        self._pool: Monty | None = None
        self._under_way = 0
        self._of: Counter[UUID] = Counter()
        self._closed = False
        self._answers: OrderedDict[CodeTask, Answers] = OrderedDict()

    async def check(self, task: CodeTask, code: str, *, learner: UUID | None = None) -> CheckReport:
        """Runs the code against the task's tests.

        Once it has a worker it takes at most `total` seconds and what it takes to end one that does
        not obey: less than two, whatever the code does. Raises
        SandboxBusy when too many others are waiting or two of this learner's checks are under way,
        SandboxUnavailable when there are no workers to be had.
        """
        if self._closed:
            raise SandboxUnavailable
        if self._under_way >= self._room:
            raise SandboxBusy
        if learner is not None:
            if self._of[learner] >= OF_ONE:
                raise SandboxBusy(
                    f"{OF_ONE} checks of this learner are still under way; the code was not run.",
                    hint="Wait for their answers, then call again.",
                )
            self._of[learner] += 1
        self._under_way += 1
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._check, task, code)
        # Not here in a `finally`: whoever waits may be cancelled, the worker goes on.
        running.add_done_callback(partial(self._done, learner))
        return await asyncio.shield(running)

    def _done(self, learner: UUID | None, running: asyncio.Future[CheckReport]) -> None:
        self._under_way -= 1
        if learner is not None:
            self._of[learner] -= 1
            self._of += Counter()  # forgets whom nothing is under way of
        if not running.cancelled():
            running.exception()  # nobody may be left to hear of it

    def _check(self, task: CodeTask, code: str) -> CheckReport:
        sessions = Sessions(self._open())
        answers = self._known(task, sessions)
        try:
            return Check(task, answers, sessions, code, self._seconds, self._total).report()
        except NotLoadable as error:
            return CheckReport(problem=error.problem)
        except CannotVerify as error:
            return CheckReport(cannot_verify=str(error))

    def _known(self, task: CodeTask, sessions: Sessions) -> Answers:
        with self._opening:
            answers = self._answers.pop(task, None)
        if answers is None:
            answers = answers_of(task, sessions)
        with self._opening:
            self._answers[task] = answers
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return answers

    def _open(self) -> Monty:
        with self._opening:
            if self._pool is None:
                pool = Monty(
                    min_processes=1,
                    max_processes=self._workers,
                    request_timeout=self._seconds + GRACE,
                    feed_duration_limit_grace=GRACE,
                )
                try:
                    pool.__enter__()
                except Exception as error:
                    logger.warning("The sandbox cannot start: %s", error)
                    raise SandboxUnavailable from error
                self._pool = pool
            return self._pool

    async def aclose(self) -> None:
        """Ends the workers. What still runs is waited for: at most two seconds."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        with self._opening:
            pool, self._pool = self._pool, None
            if pool is not None:
                pool.__exit__(None, None, None)

    async def __aenter__(self) -> Sandbox:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()
