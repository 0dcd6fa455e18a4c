"""Hold what passes between the coach and an interviewer to its schema, and to the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.tool_context import ToolContext
from google.genai import types

from ..schemas import (  # noqa: TID252 - ADK imports this package by its bare name
    STATED,
    Round,
    typed_brief,
)
from .transcript import Returned, returned

FINISH_TASK: Final = "finish_task"
LONGEST_QUOTE: Final = 200

STILL_RUNNING: Final = (
    "The interview is still running. Close it with `finish_interview`, or pause or abandon it with"
    " `interview_step`; then call `finish_task` again."
)

NO_LONGER: Final = ("That interview ", "No interview goes by ")
"""How the server begins when an interview is over, or is no more."""

UNREACHABLE: Final = (
    "MCP tool execution failed",
    "Unexpected error during MCP tool execution",
    "The store ",
    "The connection was lost",
)
"""How a call ends that reached no server, in ADK's words, or a server that reaches no record."""


class Handover(BasePlugin):
    """Cleans the brief on its way in and writes the scorecard on its way out.

    The interviewer states one sentence. Verdict, scores and dates are copied from what the server
    returned in this interview, so that no model can misreport them, and an interview that is
    neither finished, paused nor abandoned cannot be left, unless it is over anyway or the server
    away. `rounds` names each interviewer's round.

    Calls are changed in place, for the plugins after this one to see.
    """

    def __init__(self, rounds: Mapping[str, Round]) -> None:
        super().__init__(name="handover")
        self._rounds = dict(rounds)

    async def after_model_callback(
        self, *, callback_context: CallbackContext, llm_response: LlmResponse
    ) -> LlmResponse | None:
        for call in _calls(llm_response):
            if call.name in self._rounds:
                call.args = typed_brief(call.args or {})
            elif call.name == FINISH_TASK and callback_context.agent_name in self._rounds:
                stated = {name: said for name, said in (call.args or {}).items() if name in STATED}
                call.args = stated | (self._recorded(callback_context) or {})
        return None

    async def before_tool_callback(
        self, *, tool: BaseTool, tool_args: dict[str, Any], tool_context: ToolContext
    ) -> dict[str, Any] | None:
        if tool.name != FINISH_TASK or tool_context.agent_name not in self._rounds:
            return None
        return {"error": STILL_RUNNING} if self._recorded(tool_context) is None else None

    def _recorded(self, context: CallbackContext) -> dict[str, Any] | None:
        return recorded(returned(context), self._rounds[context.agent_name])


def _calls(response: LlmResponse) -> list[types.FunctionCall]:
    parts = response.content.parts if response.content and not response.partial else None
    return [part.function_call for part in parts or [] if part.function_call]


def recorded(results: Iterable[Returned], round: Round) -> dict[str, Any] | None:
    """The server's part of the scorecard; None while the interview is running.

    A refusal leaves a running interview running, a quote nobody said as much as a hint too early.
    It may be left without a verdict when the server says that it is over or no more, or when the
    server's last word is that it cannot be reached.
    """
    card: dict[str, Any] = {"round": round, "verdict": "no verdict"}
    running = away = False
    for one in results:
        if one.tool == FINISH_TASK:
            continue
        error = one.result.get("error")
        away = error is not None and str(error).startswith(UNREACHABLE)
        if error is not None:
            of_this = one.arguments.get("interview_id") == card.get("interview_id")
            running = running and not (of_this and str(error).startswith(NO_LONGER))
            continue
        match one.tool:
            case "start_interview" if one.result["round"] != round:
                card["open_round"] = one.result["round"]
            case "start_interview":
                card["interview_id"] = one.result["interview_id"]
                running = True
            case "interview_step":
                running = one.result["state"] == "active"
                card["verdict"] = "no verdict" if running else one.result["state"]
            case "finish_interview":
                return card | _verdict(one)
    return None if running and not away else card


def _verdict(finished: Returned) -> dict[str, Any]:
    result = finished.result
    quotes = {
        score.get("dimension"): score.get("evidence")
        for score in finished.arguments.get("scores", ())
        if isinstance(score, dict)
    }
    return {
        "interview_id": result["interview_id"],
        "verdict": result["verdict"],
        "average": result["average"],
        "scores": [
            {
                "dimension": score["dimension"],
                "score": score["score"],
                "ceiling": score.get("ceiling"),
                "quote": _first(quotes.get(score["dimension"])),
            }
            for score in result["scores"]
        ],
        "would_have_raised_it": result["would_have_raised_it"],
        "uncertainty": result["uncertainty"],
        "hints_given": result["signals"]["hints_given"],
        "tests_failed": result["signals"].get("tests_failed"),
        "next_review": result["next_review"],
        "onsite": result.get("onsite"),
        "reference_solution": result.get("reference_solution"),
    }


def _first(evidence: Any) -> str | None:
    """The quote, or the first of several, as far as it fits."""
    quote = next(iter(evidence), None) if isinstance(evidence, list) else evidence
    return quote[:LONGEST_QUOTE] if isinstance(quote, str) else None
