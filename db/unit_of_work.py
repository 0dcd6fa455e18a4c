"""One transaction and the repositories that share it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from .repositories.checks import CheckRepository
from .repositories.interview import InterviewRepository
from .repositories.learner import LearnerRepository
from .repositories.lessons import LessonRepository
from .repositories.loops import LoopRepository
from .repositories.memory import MemoryRepository
from .repositories.plan import PlanRepository
from .repositories.practice import PracticeRepository
from .repositories.progress import ProgressRepository
from .repositories.real_interviews import RealInterviewRepository
from .repositories.retrievals import RetrievalRepository
from .repositories.tags import TagRepository
from .repositories.vectors import VectorRepository


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a use-case may touch, for one learner, until it commits or nothing happened.

    `generation` counts the learner's committed writes as this transaction sees them: an answer
    derived here stays true for as long as the number stays the same. Zero, that there is no such
    learner, is the exception: it comes back each time everything is erased.
    """

    learner: LearnerRepository
    practice: PracticeRepository
    memory: MemoryRepository
    vectors: VectorRepository
    lessons: LessonRepository
    retrievals: RetrievalRepository
    interview: InterviewRepository
    loops: LoopRepository
    checks: CheckRepository
    real_interviews: RealInterviewRepository
    plans: PlanRepository
    progress: ProgressRepository
    tags: TagRepository
    generation: int

    @classmethod
    def over(cls, connection: AsyncConnection, learner: UUID, generation: int) -> UnitOfWork:
        """The repositories of one learner over one open transaction."""
        return cls(
            LearnerRepository(connection, learner),
            PracticeRepository(connection, learner),
            MemoryRepository(connection, learner),
            VectorRepository(connection, learner),
            LessonRepository(connection, learner),
            RetrievalRepository(connection, learner),
            InterviewRepository(connection, learner),
            LoopRepository(connection, learner),
            CheckRepository(connection, learner),
            RealInterviewRepository(connection, learner),
            PlanRepository(connection, learner),
            ProgressRepository(connection, learner),
            TagRepository(connection, learner),
            generation,
        )
