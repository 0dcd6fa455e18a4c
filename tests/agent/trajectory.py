"""Which agent called which tool with what, and whether that was as expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.adk.events.event import Event


@dataclass(frozen=True, slots=True)
class Called:
    """One tool call of an agent; as an expectation, `arguments` are those that matter."""

    agent: str
    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)

    def fits(self, made: Called) -> bool:
        """Whether a call that was made is what is expected here."""
        return (self.agent, self.tool) == (made.agent, made.tool) and _within(
            self.arguments, made.arguments
        )


def called(agent: str, tool: str, **arguments: Any) -> Called:
    """An expected call with the arguments that matter."""
    return Called(agent, tool, arguments)


def trajectory(events: Iterable[Event]) -> list[Called]:
    """The calls in some events, in order."""
    return [
        Called(event.author, call.name or "", dict(call.args or {}))
        for event in events
        if not event.partial
        for call in event.get_function_calls()
    ]


def assert_trajectory(made: Sequence[Called], *expected: Called) -> None:
    """Fails unless exactly the expected calls were made, in that order."""
    for position, (one, wanted) in enumerate(zip(made, expected, strict=False), start=1):
        assert wanted.fits(one), f"call {position} was {one}, expected {wanted}"
    names = [f"{one.agent}.{one.tool}" for one in made]
    assert len(made) == len(expected), f"{len(expected)} calls were expected: {names}"


def _within(wanted: Any, made: Any) -> bool:
    """Whether everything wanted is there; a dict may hold more, and `...` stands for anything."""
    if wanted is ...:
        return True
    if isinstance(wanted, dict) and isinstance(made, dict):
        return all(name in made and _within(value, made[name]) for name, value in wanted.items())
    return bool(wanted == made)
