"""The interview coach: a Gemini agent whose every fact comes from the Maang MCP server.

`app` is what `adk run`, `adk web` and `adk api_server` load. Context caching and compaction stay
off: both are experimental in ADK 2.13, and the learner's memory is the server's, not the session's.
"""

from __future__ import annotations

import os
from typing import Final

from google.adk.agents import Agent
from google.adk.apps import App
from google.adk.models import BaseLlm, Gemini, LLMRegistry
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_toolset import BaseToolset
from google.genai import types

from .config import AgentConfig
from .mcp_tools import REQUIRED_TOOLS, coach_toolset
from .plugins import IdempotencyKeys, LeanTools, RequiredTools, SlimMcpResults, UsageLog
from .prompts import coach_instruction

APP_NAME: Final = "interview_coach"
"""Equal to the folder's name, under which ADK files the sessions."""

MODEL_ATTEMPTS: Final = 3
"""Tries per model call; ADK's default is one, which turns a passing 503 into a lost turn."""


def build_app(config: AgentConfig, toolset: BaseToolset) -> App:
    """The coach with its plugins, speaking through `config.model` and acting through `toolset`.

    Raises:
        ValueError: ADK knows no such model, or an optional package for it is missing.
    """
    coach = Agent(
        name="coach",
        description="Coaches a candidate for software engineering interviews, and remembers.",
        model=coach_model(config.model),
        instruction=coach_instruction,
        tools=[toolset],
    )
    plugins: list[BasePlugin] = [
        UsageLog(),
        RequiredTools(REQUIRED_TOOLS),
        LeanTools(trusted=not config.mcp_url),
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
app = build_app(_config, coach_toolset(_config, os.environ))
root_agent = app.root_agent
