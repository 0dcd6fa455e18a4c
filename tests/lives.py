"""A learner who has done everything once, for tests that look at every table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle
from uuid import UUID, uuid4

from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.content.rounds import rubric
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.level import Level
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.onsite import Loop
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.search import EmbeddedText
from maang_mcp.domain.skills import Round
from maang_mcp.domain.solution_check import SolutionCheck
from maang_mcp.services.requests import Note, Plan, RealReport, Scorecard, Step, StudyGoal
from tests.factories import SteppingClock, report

SAID = (
    "I would keep two pointers and move the shorter side inward each time. The area is bounded by "
    "the shorter of the two lines, so moving the longer one can never help: the width shrinks and "
    "the height cannot grow. That means every pair I skip is worse than one I have seen. It takes "
    "linear time and constant space, and I would first check that there are at least 2 lines."
)
ASKED = "container-with-most-water"
SECOND_MODEL, SECOND_MODEL_TEXT = "second-model", "lesson scheduling"
CUSTOM = "Acme onsite: elevator scheduler"


@dataclass(frozen=True, slots=True)
class Life:
    """What is on record of it, by id."""

    attempt: UUID
    weak_skill: str
    note: UUID
    superseded: UUID
    turn: UUID
    interview: UUID
    step: UUID
    plan: UUID
    occurrence: UUID
    loop: UUID
    real: UUID


async def live(coach: Coach, learner: Learner, clock: SteppingClock) -> Life:
    """Fills every private table; takes about a month of the clock's time."""
    await coach.learners.update_profile(
        learner, {"name": "Ada", "target_companies": ["Google"], "hours_per_week": 8}
    )
    planned = await coach.planning.make_plan(learner, StudyGoal("6 weeks"))
    attempt = await coach.practice.record_attempt(
        learner,
        report(
            CUSTOM,
            skills=("heap",),
            minutes=20,
            note="It was about fairness.",
            companies=("Acme, Inc.",),
        ),
    )
    await weaken(coach, learner, clock)
    note, superseded, turn, occurrence = uuid4(), uuid4(), uuid4(), uuid4()
    await coach.memories.remember(
        learner, Note("Elevators sweep in one direction.", memory_id=superseded)
    )
    await coach.memories.remember(
        learner,
        Note(
            "Elevators sweep like a disk arm.",
            kind=MemoryKind.LESSON,
            tags=("scheduling",),
            supersedes=superseded,
            memory_id=note,
        ),
    )
    await coach.memories.remember(
        learner,
        Note("Elevators sweep like a disk arm!", kind=MemoryKind.LESSON, memory_id=occurrence),
    )
    coach.accesses.note(learner.id, [note])
    await coach.accesses.flush()
    await coach.memories.remember(
        learner,
        Note(
            "What did I get wrong last week?",
            kind=MemoryKind.TURN,
            conversation="chat-1",
            speaker="Ada",
            memory_id=turn,
        ),
    )
    async with coach.store.writing(learner.id, learner.subject) as uow:
        embedded = EmbeddedText(SECOND_MODEL_TEXT, [1.0, *[0.0] * 383])
        await uow.vectors.store({(note, 0): embedded}, SECOND_MODEL)
    clock.forward(hours=3)
    step = uuid4()
    interview = await interviewed(coach, learner, clock, step=step)
    real = uuid4()
    await coach.learners.update_profile(
        learner, {}, RealReport(RealResult.PASSED, Round.CODING, "Acme, Inc.", id=real)
    )
    async with coach.store.writing(learner.id, learner.subject) as uow:
        loop = loop_at(clock())
        await uow.loops.add(loop)
        held = await uow.interview.get(interview)
        assert held is not None
        await uow.interview.save(
            replace(held, loop_id=loop.id, loop_position=1, version=held.version + 1),
            before=held.version,
        )
        await uow.checks.add(check_of(interview, clock()))
    return Life(
        UUID(attempt.attempt_id),
        "sliding-window",
        note,
        superseded,
        turn,
        interview,
        step,
        UUID(planned.plan_id),
        occurrence,
        loop.id,
        real,
    )


def loop_at(at: datetime) -> Loop:
    """An onsite loop of three rounds."""
    rounds = (Round.CODING, Round.SYSTEM_DESIGN, Round.BEHAVIORAL)
    return Loop(uuid4(), "Acme", Level.SENIOR, 45, rounds, at)


def check_of(interview: UUID, at: datetime) -> SolutionCheck:
    """A run of an interview's code that failed one test."""
    return SolutionCheck(uuid4(), interview, ASKED, "def area(lines): ...", 4, 1, True, at)


async def weaken(coach: Coach, learner: Learner, clock: SteppingClock) -> list[str]:
    """Nine solved problems and eight given up on for one skill; returns what opened."""
    opened: list[str] = []
    for problem in sorted(
        (p for p in catalogue() if p.round is Round.CODING and p.difficulty == "easy"),
        key=lambda problem: problem.slug,
    )[:9]:
        clock.forward(hours=20)
        await coach.practice.record_attempt(learner, report(problem.slug, minutes=9))
    for problem in catalogue().search(skill="sliding-window", round=Round.CODING)[:8]:
        clock.forward(hours=20)
        answer = await coach.practice.record_attempt(
            learner,
            report(
                problem.slug,
                Outcome.GAVE_UP,
                mistakes=(Mistake.WRONG_PATTERN,),
                culprit_skill="sliding-window",
            ),
        )
        opened += answer.opened
    return opened


async def interviewed(
    coach: Coach,
    learner: Learner,
    clock: SteppingClock,
    question: str = ASKED,
    step: UUID | None = None,
    score: int = 3,
) -> UUID:
    """A finished mock interview of a quarter of an hour."""
    started = await coach.interviews.start(learner, Plan(question=question, minutes=30))
    interview = UUID(started.interview_id)
    clock.forward(minutes=10)
    await coach.interviews.step(
        learner, Step(interview, "How would you begin?", SAID, "hint"), step
    )
    clock.forward(minutes=5)
    await coach.interviews.step(learner, Step(interview, candidate="So I move the left side."))
    await coach.grading.finish(learner, scorecard(interview, score))
    return interview


def on_quotes(names: Iterable[str], score: int, *, quote: str | None = None) -> tuple[Score, ...]:
    """The same score in every dimension, each on a sentence of its own of what was `SAID`."""
    quotes = cycle(SAID.split(". ") if quote is None else [quote])
    return tuple(
        Score(name, score, (each,), f"{name}: as quoted.")
        for name, each in zip(names, quotes, strict=False)
    )


def scorecard(
    interview: UUID, score: int = 3, *, quote: str | None = None, **fields: object
) -> Scorecard:
    """The same score in every dimension, on the candidate's own words."""
    values: dict[str, object] = {"outcome": Outcome.SOLVED, "summary": "Clear from the start."}
    return Scorecard(
        interview_id=interview,
        scores=on_quotes(rubric(Round.CODING).names, score, quote=quote),
        **(values | fields),  # type: ignore[arg-type]  # the fields are the caller's choice
    )
