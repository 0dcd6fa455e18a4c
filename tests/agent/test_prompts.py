"""What the coach and the interviewers are told."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest
from google.adk.agents.readonly_context import ReadonlyContext

from agent.interview_coach import prompts as agent_prompts
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import (
    CHECKING_TOOL,
    COACH_TOOLS,
    INTERVIEW_TOOLS,
    REQUIRED_TOOLS,
    toolset,
)
from agent.interview_coach.plugins.handover import FINISH_TASK
from agent.interview_coach.plugins.idempotency import ID_PARAMETERS
from agent.interview_coach.plugins.leak_guard import PRIVATE, SPEAKABLE
from agent.interview_coach.prompts import COACH_INSTRUCTION, coach_instruction
from agent.interview_coach.schemas import InterviewBrief, Scorecard
from agent.interview_coach.sub_agents import ROUNDS, Role, interviewer
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.evidence import FEWEST_WORDS, SHORTEST_QUOTE
from maang_mcp.domain.level import Level
from maang_mcp.server import prompts as server_prompts
from maang_mcp.services.answers.interview import (
    ClockShown,
    InterviewStarted,
    InterviewStepped,
    PhaseGuide,
)

CONTRACT = frozenset(
    {
        *("record_attempt", "retrieve_context", "start_interview", "weakness_report"),
        *("get_briefing", "next_problem", "interview_step", "finish_interview"),
        *("check_solution", "remember", "make_plan", "update_profile"),
        *("search_problems", "progress_report", "import_history", "forget"),
    }
)
"""The product's sixteen tools."""

INTERVIEWERS = frozenset(role.interviewer for role in ROUNDS)

FIELDS = {
    *("mistakes", "culprit_skill", "candidate_brief", "interviewer_guide"),
    *InterviewBrief.model_fields,
    *Scorecard.model_fields,
    *ID_PARAMETERS.values(),
}

_NAME = re.compile(r"`(\w+)`")
NAMED = frozenset(_NAME.findall(COACH_INSTRUCTION)) - INTERVIEWERS

each_role = pytest.mark.parametrize("role", ROUNDS, ids=lambda role: role.round)


def test_every_tool_the_coach_is_told_of_is_one_of_the_products() -> None:
    assert NAMED - FIELDS <= CONTRACT


def test_the_coach_is_told_when_to_use_every_tool_it_requires() -> None:
    assert NAMED >= REQUIRED_TOOLS


def test_the_products_tools_are_the_coachs_and_the_interviewers() -> None:
    assert {*COACH_TOOLS, *INTERVIEW_TOOLS} == CONTRACT
    assert set(COACH_TOOLS).isdisjoint(INTERVIEW_TOOLS)


def test_every_tool_given_a_key_is_one_of_the_products() -> None:
    assert ID_PARAMETERS.keys() <= CONTRACT


def test_the_instruction_is_not_a_template() -> None:
    context = cast(ReadonlyContext, SimpleNamespace(state={}))
    assert coach_instruction(context) == COACH_INSTRUCTION


def test_the_instructions_stay_affordable() -> None:
    assert len(COACH_INSTRUCTION.encode()) / 4 < 1350
    assert max(len(role.instruction.encode()) / 4 for role in ROUNDS) < 1500


def test_the_agent_and_the_servers_prompt_are_one_coach() -> None:
    assert agent_prompts.PERSONA == server_prompts.PERSONA
    assert COACH_INSTRUCTION.startswith(agent_prompts.PERSONA)


def test_the_coach_is_told_that_interviews_are_not_its_own_after_all() -> None:
    ours = COACH_INSTRUCTION.removeprefix(agent_prompts.PERSONA)
    assert set(_NAME.findall(ours)) >= INTERVIEWERS
    assert 'replaces "Mock interviews" above' in ours


@each_role
def test_an_interviewer_is_told_of_its_tools_and_of_fields_there_are(role: Role) -> None:
    named = set(_NAME.findall(role.instruction))
    results = (InterviewStarted, InterviewStepped, PhaseGuide, ClockShown)
    known = {field.name for result in results for field in fields(result)}
    parameters = {"candidate", "interviewer", "step_id", "round"}
    assert named >= {*INTERVIEW_TOOLS, FINISH_TASK}
    assert (CHECKING_TOOL in named) == role.has_code
    assert named <= {*role.tools, FINISH_TASK, *known, *parameters, *FIELDS, *SPEAKABLE}


@each_role
def test_an_interviewer_is_told_how_long_a_quote_has_to_be(role: Role) -> None:
    assert (FEWEST_WORDS, SHORTEST_QUOTE) == (2, 8)
    assert "quotes of at least two words and eight characters" in role.instruction


@each_role
def test_an_interviewer_knows_which_round_it_leads(role: Role) -> None:
    assert f'round="{role.round}"' in role.instruction
    assert "ROUND" not in role.instruction


def test_there_is_one_interviewer_for_each_round_and_each_says_so() -> None:
    assert {role.round for role in ROUNDS} == {round.value for round in rounds()}
    assert len({role.instruction for role in ROUNDS}) == len(ROUNDS)


def test_what_the_guard_calls_speakable_or_private_are_parts_of_the_servers_results() -> None:
    notes = {
        name
        for question in questions().values()
        for phase in rounds()[question.round][0].phases
        for name in question.guide.notes(phase.kind, Level.MID)
    }
    guide = {field.name for field in fields(PhaseGuide)}
    assert SPEAKABLE.keys() <= notes | guide
    answers = (InterviewStarted, InterviewStepped, PhaseGuide)
    assert {field.name for answer in answers for field in fields(answer)} >= PRIVATE


@each_role
def test_an_interviewer_can_hand_over_to_nobody(role: Role) -> None:
    agent = interviewer(role, partial(toolset, AgentConfig(), {}))
    assert agent.mode == "task"
    assert agent.disallow_transfer_to_parent
    assert agent.disallow_transfer_to_peers
    assert agent.instruction(cast(ReadonlyContext, None)) == role.instruction  # type: ignore[operator]  # a callable here
