"""What the coach is told."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import cast

from google.adk.agents.readonly_context import ReadonlyContext

from agent.interview_coach import prompts as agent_prompts
from agent.interview_coach.mcp_tools import REQUIRED_TOOLS
from agent.interview_coach.plugins.idempotency import ID_PARAMETERS
from agent.interview_coach.prompts import COACH_INSTRUCTION, coach_instruction
from maang_mcp.server import prompts as server_prompts

CONTRACT = frozenset(
    {
        *("record_attempt", "retrieve_context", "start_interview", "weakness_report"),
        *("get_briefing", "next_problem", "interview_step", "finish_interview"),
        *("check_solution", "remember", "make_plan", "update_profile"),
        *("search_problems", "progress_report", "import_history", "forget"),
    }
)
"""The product's sixteen tools."""

FIELDS = {
    *("mistakes", "culprit_skill", "candidate_brief", "interviewer_guide"),
    *ID_PARAMETERS.values(),
}

NAMED = frozenset(re.findall(r"`(\w+)`", COACH_INSTRUCTION))


def test_every_tool_the_coach_is_told_of_is_one_of_the_products() -> None:
    assert NAMED - FIELDS <= CONTRACT


def test_the_coach_is_told_when_to_use_every_tool_it_requires() -> None:
    assert NAMED >= REQUIRED_TOOLS


def test_every_tool_given_a_key_is_one_of_the_products() -> None:
    assert ID_PARAMETERS.keys() <= CONTRACT


def test_the_instruction_is_not_a_template() -> None:
    context = cast(ReadonlyContext, SimpleNamespace(state={}))
    assert coach_instruction(context) == COACH_INSTRUCTION


def test_the_instruction_stays_affordable() -> None:
    assert len(COACH_INSTRUCTION.encode()) / 4 < 1200


def test_the_agent_and_the_servers_prompt_are_one_coach() -> None:
    assert agent_prompts.PERSONA == server_prompts.PERSONA
    assert COACH_INSTRUCTION.startswith(agent_prompts.PERSONA)
