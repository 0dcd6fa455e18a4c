"""One conversation in which a client calls every tool, by whatever transport it is connected."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastmcp import Client
from mcp.types import CallToolResult

ATTEMPT: Final = UUID("01890000-0000-7000-8000-00000000a77e")
NOTE: Final = UUID("01890000-0000-7000-8000-00000000207e")
STEP: Final = UUID("01890000-0000-7000-8000-0000000057e9")
PLAN: Final = UUID("01890000-0000-7000-8000-0000000091a9")
SAID: Final = "I would keep two pointers and move the shorter side inward each time."
SOLUTION: Final = "def balanced_stretches(turns):\n    return 0\n"
INTERVIEW: Final = "$interview"
"""Stands for the id that `start_interview` answers."""


def scores(score: int) -> list[dict[str, Any]]:
    """The same score in every dimension of a coding round, on the candidate's own words."""
    names = ("communication", "problem_solving", "technical_competency", "testing")
    quotes = SAID.split(" and ")
    return [
        {"dimension": name, "score": score, "evidence": [quotes[place % len(quotes)]]}
        for place, name in enumerate(names)
    ]


DAY: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "update_profile",
        {
            "name": "Ada",
            "target_level": "L5",
            "interview_date": "2027-03-01",
            "hours_per_week": 8,
        },
    ),
    (
        "record_attempt",
        {
            "problem": "3sum",
            "outcome": "solved_with_hints",
            "minutes": 25,
            "hints": 1,
            "mistakes": ["boundary"],
            "culprit_skill": "two-pointers",
            "note": "Forgot to skip duplicates.",
            "attempt_id": str(ATTEMPT),
        },
    ),
    ("remember", {"content": "Sort first when pairs are asked for.", "memory_id": str(NOTE)}),
    ("retrieve_context", {"query": "sort pairs duplicates"}),
    ("search_problems", {"skill": "two-pointers"}),
    ("next_problem", {"max_minutes": 45}),
    ("weakness_report", {}),
    ("make_plan", {"rest_days": ["sunday"], "plan_id": str(PLAN)}),
    ("start_interview", {"question": "container-with-most-water", "minutes": 30}),
    (
        "interview_step",
        {
            "interview_id": INTERVIEW,
            "interviewer": "How would you begin?",
            "candidate": SAID,
            "step_id": str(STEP),
        },
    ),
    ("check_solution", {"code": SOLUTION, "question": "tide-log"}),
    ("get_briefing", {}),
    (
        "finish_interview",
        {"interview_id": INTERVIEW, "scores": scores(3), "outcome": "solved"},
    ),
    ("progress_report", {}),
    ("forget", {"what": "memory", "id": str(NOTE)}),
)
"""A learner's day: each tool once."""


async def every_tool(client: Client[Any]) -> dict[str, CallToolResult]:
    """Lives through the day; what each tool answered."""
    answers: dict[str, CallToolResult] = {}
    for tool, arguments in DAY:
        begun = answers.get("start_interview")
        interview = (begun.structured_content or {})["interview_id"] if begun else ""
        given = {name: interview if v == INTERVIEW else v for name, v in arguments.items()}
        answers[tool] = await client.call_tool_mcp(tool, given)
    return answers
