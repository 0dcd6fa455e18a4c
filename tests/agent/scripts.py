"""What a scripted model does in an interview, step by step.

Each function is one model call. What it needs to know (the interview's id, the hint, the quotes) it
reads from the results it was handed, as a model would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from agent.interview_coach.schemas import Round
from tests.agent.fake_gemini import Body, Part, Request, call, results_in, text

ModelStep = Callable[[Body], list[Part]]


def hand_over(round: Round, **brief: Any) -> list[Part]:
    """The coach delegates to the interviewer of the round."""
    return [call(f"{round}_interviewer", **brief)]


def begin(round: Round, **plan: Any) -> list[Part]:
    """The interviewer opens its interview."""
    return [call("start_interview", round=round, **plan)]


def repeat(tool: str, *path: str) -> ModelStep:
    """The model says what a tool returned in a field."""

    def say(body: Body) -> list[Part]:
        value: Any = results_in(body)[tool]
        for name in path:
            value = value[name]
        return [text(str(value))]

    return say


give_the_brief = repeat("start_interview", "candidate_brief", "text")


def step(candidate: str = "", interviewer: str = "", **more: str) -> ModelStep:
    """The interviewer records one exchange, and does what `action` says."""
    said = {"candidate": candidate, "interviewer": interviewer} | more
    return lambda body: [
        call("interview_step", interview_id=_id(body), **{k: v for k, v in said.items() if v})
    ]


def check(code: str) -> ModelStep:
    """The interviewer has the candidate's code run."""
    return lambda body: [call("check_solution", interview_id=_id(body), code=code)]


def finish(
    quotes: str | Sequence[str], score: int = 3, outcome: str = "solved", **more: Any
) -> ModelStep:
    """The interviewer scores every dimension alike; the halves of the quotes are dealt out to
    them, as one quote shows two dimensions at most."""
    whole = [quotes] if isinstance(quotes, str) else list(quotes)
    evidence = [half for quote in whole for half in _halves(quote)]

    def act(body: Body) -> list[Part]:
        scores = [
            {"dimension": name, "score": score, "evidence": [evidence[at % len(evidence)]]}
            for at, name in enumerate(results_in(body)["start_interview"]["dimensions"])
        ]
        return [
            call("finish_interview", interview_id=_id(body), scores=scores, outcome=outcome, **more)
        ]

    return act


def leave(summary: str, **invented: Any) -> list[Part]:
    """The interviewer hands back to the coach."""
    return [call("finish_task", summary=summary, **invented)]


def _halves(quote: str) -> tuple[str, str]:
    middle = quote.index(" ", len(quote) // 2)
    return quote[:middle], quote[middle + 1 :]


def _id(body: Body) -> str:
    return str(results_in(body)["start_interview"]["interview_id"])


def of_coach(request: Request) -> bool:
    """Whether it was the coach who asked the model."""
    return request.system.startswith("You coach one candidate")


def guides_in(requests: Sequence[Request]) -> set[str]:
    """Every text that the server gave out for interviewers alone."""
    found: set[str] = set()
    for request in requests:
        for result in request.every_result:
            for name in ("interviewer_guide", "guide"):
                _collect(result.get(name), found)
    return found


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, str):
        found.add(value)
    elif isinstance(value, dict):
        for inner in value.values():
            _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
