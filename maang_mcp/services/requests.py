"""What the use-cases are asked, in the caller's words; each checks what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.skills import Round


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """One attempt as the caller tells it. `difficulty` and `skills` describe a problem that the
    catalogue does not know; `when` is an ISO date or time, now when empty; `companies` are said to
    have asked the problem."""

    problem: str
    outcome: Outcome
    minutes: float | None = None
    hints: int = 0
    mistakes: tuple[Mistake, ...] = ()
    culprit_skill: str | None = None
    confidence: int | None = None
    approach: str = ""
    code: str = ""
    note: str = ""
    when: str | None = None
    round: Round = Round.CODING
    difficulty: Difficulty | None = None
    skills: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()


Status = Literal["any", "new", "attempted", "solved", "due"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which problems are asked for; empty fields leave that open. `company` goes by the learner's
    own tags, `kind` is why a problem is proposed."""

    query: str = ""
    skill: str | None = None
    difficulty: Difficulty | None = None
    list_name: str | None = None
    max_minutes: int | None = None
    round: Round | None = None
    company: str | None = None
    kind: Practice | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One turn of a conversation, in the caller's words; `when` is an ISO date or time."""

    text: str
    speaker: str = ""
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be remembered, in the caller's words: `content`, or `turns` of a conversation."""

    content: str = ""
    kind: MemoryKind = MemoryKind.NOTE
    title: str = ""
    tags: tuple[str, ...] = ()
    problem: str | None = None
    when: str | None = None
    conversation: str | None = None
    speaker: str | None = None
    supersedes: UUID | None = None
    memory_id: UUID | None = None
    turns: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for; `budget` in tokens (bytes / 4), by default 160 for each of k. `topic`
    is a skill or a family of skills, `conversation` one by name or an interview by id."""

    query: str
    k: int = 5
    kinds: tuple[MemoryKind, ...] = ()
    tags: tuple[str, ...] = ()
    problem: str | None = None
    since: str | None = None
    until: str | None = None
    budget: int | None = None
    explain: bool = False
    topic: str | None = None
    conversation: str | None = None


Action = Literal["continue", "hint", "next_phase", "pause", "resume", "abandon"]
"""What a step does beside recording what was said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of interview is wanted; `question` names one, else the server chooses. `onsite`
    asks for the next round of a whole loop; `round`, `focus` and `question` are then the loop's."""

    round: Round = Round.CODING
    company: str | None = None
    level: str | None = None
    minutes: int = 45
    focus: str | None = None
    question: str | None = None
    fresh: bool = False
    onsite: bool = False


@dataclass(frozen=True, slots=True)
class StudyGoal:
    """What a study plan is asked for; what is None is as in the profile, or the plan before.

    `until` is a date, or a time from today such as "6 weeks"; `rest_days` are weekdays by name.
    """

    until: str | None = None
    hours_per_week: float | None = None
    rest_days: tuple[str, ...] | None = None
    rounds: tuple[Round, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange, the interviewer's words first, and what happens after it."""

    interview_id: UUID
    interviewer: str = ""
    candidate: str = ""
    action: Action = "continue"
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How the grader saw it; `tests_failed` counts tests the final code failed, None: not run."""

    interview_id: UUID
    scores: tuple[Score, ...]
    outcome: Outcome
    mistakes: tuple[Mistake, ...] = ()
    culprit_skill: str | None = None
    tests_failed: int | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class RealReport:
    """How a real interview went: one round of it, the whole loop when `round` is None; `when` as
    in an attempt. Without a `result` nothing is reported."""

    result: RealResult | None = None
    round: Round | None = None
    company: str | None = None
    when: str | None = None
    id: UUID | None = None


Erasable = Literal["attempt", "memory", "interview", "real_interview", "everything"]
