"""The interview coach and its interviewers: Gemini agents whose every fact comes from the Maang
MCP server.

`app` is what `adk run`, `adk web` and `adk api_server` load. Context caching and compaction stay
off: both are experimental in ADK 2.13, and the learner's memory is the server's, not the session's.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Final

from google.adk.agents import Agent
from google.adk.apps import App
from google.adk.models import BaseLlm, Gemini, LLMRegistry
from google.adk.plugins.base_plugin import BasePlugin
from google.genai import types

from .config import AgentConfig
from .mcp_tools import COACH_TOOLS, INTERVIEW_TOOLS, REQUIRED_TOOLS, ToolsetOf, toolset
from .plugins import (
    Handover,
    IdempotencyKeys,
    LeakGuard,
    LeanTools,
    RequiredTools,
    SlimMcpResults,
    UsageLog,
)
from .prompts import coach_instruction
from .sub_agents import ROUNDS, interviewer

APP_NAME: Final = "interview_coach"
"""Equal to the folder's name, under which ADK files the sessions."""

COACH: Final = "coach"

MODEL_ATTEMPTS: Final = 3
"""Tries per model call; ADK's default is one, which turns a passing 503 into a lost turn."""


def build_app(config: AgentConfig, toolset_of: ToolsetOf) -> App:
    """The coach, its interviewers and their plugins, speaking through `config.model` and each
    acting through a toolset of its own.

    Raises:
        ValueError: ADK knows no such model, or an optional package for it is missing.
    """
    coach = Agent(
        name=COACH,
        description="Coaches a candidate for software engineering interviews, and remembers.",
        model=coach_model(config.model),
        instruction=coach_instruction,
        tools=[toolset_of(COACH_TOOLS)],
        sub_agents=[interviewer(role, toolset_of) for role in ROUNDS],
    )
    interviewers = {role.interviewer: role.round for role in ROUNDS}
    required = {COACH: REQUIRED_TOOLS} | dict.fromkeys(interviewers, frozenset(INTERVIEW_TOOLS))
    plugins: list[BasePlugin] = [
        UsageLog(),
        RequiredTools(required),
        LeanTools(trusted=not config.mcp_url),
        Handover(interviewers),
        LeakGuard(interviewers.keys()),
        IdempotencyKeys(),
        SlimMcpResults(),
    ]
    return App(name=APP_NAME, root_agent=coach, plugins=plugins)


def coach_model(name: str) -> BaseLlm:
    """The model of that name: Gemini with retries, or whatever ADK's registry makes of it."""
    if LLMRegistry.resolve(name) is Gemini:
        return Gemini(model=name, retry_options=types.HttpRetryOptions(attempts=MODEL_ATTEMPTS))
    return LLMRegistry.new_llm(name)


_config = AgentConfig.from_environment(os.environ)
app = build_app(_config, partial(toolset, _config, os.environ))
root_agent = app.root_agent
