"""The mock interview of the demo: what the candidate says in it, and the scores at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .lines import Line, Seen

CLARIFY: Final = "So I may go over the limit a little, as long as the excess adds up to the budget?"
STUCK: Final = (
    "Prefix sums of the excess and every pair of ends would be correct, but that is quadratic and "
    "a million readings are too many. I do not see how to avoid the pairs."
)
IDEA: Final = (
    "Costs are never negative, so a part of a quiet stretch is quiet too. I can keep one window, "
    "widen it on the right and shrink it on the left while the excess is above the budget: linear."
)
CODE: Final = """def longest_quiet(readings, limit, budget):
    best = (0, 0)
    left = excess = 0
    for right, reading in enumerate(readings):
        excess += max(reading - limit, 0)
        while excess > budget:
            excess -= max(readings[left] - limit, 0)
            left += 1
        if right - left + 1 > best[1]:
            best = (left, right - left + 1)
    return best"""
TESTED: Final = (
    "A single reading of 80 with limit 60 and budget 5: the excess is 20, the loop removes it, the "
    "window is empty and the answer stays (0, 0). The first example gives (0, 3) as wanted."
)


def interview() -> tuple[Line, ...]:
    """One coding interview from the brief to the verdict, with one hint on the way."""
    return (
        Line(
            "Mock me for Google L5, 45 minutes. Ask me the quiet carriage.",
            "start_interview",
            {"company": "Google", "level": "L5", "minutes": 45, "question": "quiet-carriage"},
        ),
        _step(
            CLARIFY,
            interviewer=lambda seen: seen["start_interview"]["candidate_brief"]["text"],
            action="next_phase",
        ),
        _step(STUCK, action="hint"),
        _step(IDEA, interviewer=lambda seen: seen["interview_step"]["hint"], action="next_phase"),
        _step(CODE, action="next_phase"),
        _step(TESTED),
        Line(
            "Please run it.",
            "check_solution",
            lambda seen: {"interview_id": seen["start_interview"]["interview_id"], "code": CODE},
        ),
        Line(
            "That's it. How did I do?",
            "finish_interview",
            lambda seen: {
                "interview_id": seen["start_interview"]["interview_id"],
                "scores": [
                    _score("communication", 3, CLARIFY),
                    _score("problem_solving", 3, "a part of a quiet stretch is quiet too"),
                    _score("technical_competency", 3, "while excess > budget:"),
                    _score("testing", 3, "the window is empty and the answer stays (0, 0)"),
                ],
                "outcome": "solved_with_hints",
                "summary": "Found the window after one hint; clean code; tested the empty window.",
            },
        ),
    )


def _step(
    words: str,
    *,
    interviewer: Callable[[Seen], str] = lambda _: "",
    action: str = "continue",
) -> Line:
    return Line(
        words,
        "interview_step",
        lambda seen: {
            "interview_id": seen["start_interview"]["interview_id"],
            "interviewer": interviewer(seen),
            "candidate": words,
            "action": action,
        },
    )


def _score(dimension: str, score: int, quote: str) -> dict[str, Any]:
    return {"dimension": dimension, "score": score, "evidence": [quote]}
