"""What has happened in one interview, read from the session: it outlives the process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.adk.agents.callback_context import CallbackContext


@dataclass(frozen=True, slots=True)
class Returned:
    """One tool result with the arguments of its call."""

    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any]


def returned(context: CallbackContext) -> Iterator[Returned]:
    """The tool results of the task at hand, in order."""
    called: dict[str, dict[str, Any]] = {}
    for event in context.session.events:
        if event.isolation_scope != context.isolation_scope:
            continue
        for call in event.get_function_calls():
            called[call.id or ""] = dict(call.args or {})
        for response in event.get_function_responses():
            yield Returned(
                response.name or "", called.get(response.id or "", {}), response.response or {}
            )


def said_by_candidate(context: CallbackContext) -> Iterator[str]:
    """The candidate's messages in the task at hand, in order."""
    for event in context.session.events:
        if event.author == "user" and event.isolation_scope == context.isolation_scope:
            for part in (event.content.parts if event.content else None) or []:
                if part.text:
                    yield part.text
