"""The evaluation sets replayed offline: their trajectories against the real server, scored by ADK.

A live evaluation asks whether a model acts as a set says. This asks whether a set can be acted out
at all: that the agents have these tools, that the server takes these arguments, and that what
happens then is what the set expects.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from google.adk.evaluation.eval_case import EvalCase, IntermediateData, Invocation
from google.adk.evaluation.eval_config import EvalConfig
from google.adk.evaluation.eval_metrics import EvalMetric, EvalStatus
from google.adk.evaluation.eval_set import EvalSet
from google.adk.evaluation.trajectory_evaluator import TrajectoryEvaluator
from google.genai import types

import agent
from agent.interview_coach.agent import APP_NAME
from agent.interview_coach.sub_agents import ROUNDS, Role
from tests.agent.conftest import EnterRoom, StartGemini
from tests.agent.conversation import Answer
from tests.agent.fake_gemini import Body, Part, call, results_in, text

EVAL = Path(agent.__file__).parent / APP_NAME / "eval"
METRIC = "tool_trajectory_avg_score"
OF_AN_INTERVIEW = {"interview_step", "finish_interview", "check_solution"}


def _criterion(folder: Path) -> Any:
    """What a trajectory of the sets in a folder is measured by."""
    config = (folder / "test_config.json").read_text(encoding="utf-8")
    return EvalConfig.model_validate_json(config).criteria[METRIC]


CASES = [
    pytest.param(_criterion(file.parent), case, id=f"{file.stem}:{case.eval_id}")
    for file in sorted(EVAL.rglob("*.test.json"))
    for case in EvalSet.model_validate_json(file.read_text(encoding="utf-8")).eval_cases
]


def _words(content: types.Content | None) -> str:
    return "".join(part.text or "" for part in (content and content.parts) or [])


def _expected(turn: Invocation) -> Sequence[types.FunctionCall]:
    assert isinstance(turn.intermediate_data, IntermediateData)
    return turn.intermediate_data.tool_uses


def _as_scripted(use: types.FunctionCall) -> Any:
    """The model calls the tool as the set says; the interview's id it has from the server."""
    arguments = dict(use.args or {})

    def act(body: Body) -> list[Part]:
        if use.name in OF_AN_INTERVIEW and "question" not in arguments:
            interview_id = results_in(body)["start_interview"]["interview_id"]
            return [call(use.name, interview_id=interview_id, **arguments)]
        return [call(use.name or "", **arguments)]

    return act


def _made(expected: Invocation, answer: Answer) -> Invocation:
    uses = [types.FunctionCall(name=name, args=arguments) for name, arguments in answer.calls]
    return Invocation(
        user_content=expected.user_content, intermediate_data=IntermediateData(tool_uses=uses)
    )


@pytest.mark.parametrize(("criterion", "case"), CASES)
async def test_a_case_can_be_acted_out_and_scores_full_marks(
    gemini: StartGemini, enter: EnterRoom, criterion: Any, case: EvalCase
) -> None:
    turns = case.conversation or []
    script: list[Any] = []
    for turn in turns:
        script += [_as_scripted(use) for use in _expected(turn)]
        script.append([text(_words(turn.final_response))])
    fake = gemini(*script)
    async with enter() as room:
        answers = [await room.say(_words(turn.user_content)) for turn in turns]
    assert fake.exhausted
    assert [answer.text for answer in answers] == [_words(turn.final_response) for turn in turns]

    metric = EvalMetric.model_validate({"metric_name": METRIC, "criterion": criterion})
    made = [_made(turn, answer) for turn, answer in zip(turns, answers, strict=True)]
    scored = TrajectoryEvaluator(eval_metric=metric).evaluate_invocations(made, turns)
    assert (scored.overall_score, scored.overall_eval_status) == (1.0, EvalStatus.PASSED)

    refusals = [one for request in fake.requests for one in request.every_result if "error" in one]
    assert bool(refusals) == case.eval_id.endswith("refused"), refusals


def test_the_sets_cover_both_agents_and_every_round() -> None:
    named = {
        use.name or ""
        for param in CASES
        for turn in param.values[1].conversation or []  # type: ignore[union-attr]  # an EvalCase
        for use in _expected(turn)
    }
    assert len(CASES) >= 24
    assert named >= {"get_briefing", "record_attempt", "weakness_report", "finish_task"}
    assert sum(name.endswith("_interviewer") for name in named) == 4


@pytest.mark.parametrize("role", ROUNDS, ids=lambda role: role.round)
def test_every_round_is_led_in_a_set_of_its_own(role: Role) -> None:
    file = EVAL / "interviews" / f"{role.round}.test.json"
    cases = EvalSet.model_validate_json(file.read_text(encoding="utf-8")).eval_cases
    named = {
        use.name for case in cases for turn in case.conversation or [] for use in _expected(turn)
    }
    assert named >= {role.interviewer, *role.tools, "finish_task"}
