"""The interview coach as a Google ADK agent.

ADK imports this package by its bare name, `interview_coach`, with the agents directory on the
path; it looks for `agent.app` inside.
"""

from . import agent

__all__ = ["agent"]
