"""How a role becomes an agent."""

from __future__ import annotations

from dataclasses import dataclass

from google.adk.agents import Agent
from google.adk.agents.readonly_context import ReadonlyContext

from ..mcp_tools import (  # noqa: TID252 - ADK imports this package by its bare name
    CHECKING_TOOL,
    INTERVIEW_TOOLS,
    ToolsetOf,
)
from ..schemas import (  # noqa: TID252 - the same
    InterviewBrief,
    Round,
    Scorecard,
)
from .frame import CODE, FRAME


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of interviewer.

    `holds` says in a clause what the round is, for the coach to choose by; `conduct` is how this
    round is led, beyond what all rounds share; `has_code` whether the candidate's code is run.
    """

    round: Round
    holds: str
    conduct: str
    has_code: bool = False

    @property
    def interviewer(self) -> str:
        """The agent's name."""
        return f"{self.round}_interviewer"

    @property
    def tools(self) -> tuple[str, ...]:
        """The names of its tools."""
        return (*INTERVIEW_TOOLS, CHECKING_TOOL) if self.has_code else INTERVIEW_TOOLS

    @property
    def instruction(self) -> str:
        """The interviewer's system instruction."""
        parts = (FRAME.replace("ROUND", self.round), self.conduct, CODE if self.has_code else "")
        return "\n".join(part for part in parts if part)


def interviewer(role: Role, toolset_of: ToolsetOf) -> Agent:
    """The agent for a role, with a toolset of its own.

    It can hand over to nobody: it ends with `finish_task`, which returns to the coach.
    """

    def instruction(_context: ReadonlyContext) -> str:
        return role.instruction  # a plain string would be read as a template

    return Agent(
        name=role.interviewer,
        mode="task",
        description=f"Leads a mock {role.holds}, new or resumed, and returns its scorecard.",
        instruction=instruction,
        input_schema=InterviewBrief,
        output_schema=Scorecard,
        tools=[toolset_of(role.tools)],
        disallow_transfer_to_parent=True,
        disallow_transfer_to_peers=True,
    )
