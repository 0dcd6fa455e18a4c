"""Stories to test with."""

from collections.abc import Mapping
from typing import Final

from maang_mcp.content.principles import resolve_principle
from maang_mcp.domain.star import Part
from maang_mcp.domain.story import Story, read_story
from maang_mcp.domain.story_critique import Flaw, Status, critique, status_of

TOLD: Final[Mapping[Part, str]] = {
    Part.SITUATION: "In March 2025 our ticket shop lost about one order in fifty on busy evenings, "
    "and nobody knew where they went. The engineers on call restarted it by hand every few hours.",
    Part.TASK: "I was the only backend engineer that week, and my manager asked me to find the "
    "cause before the summer festival went on sale.",
    Part.ACTION: "I added a trace id to every order and replayed an evening's traffic against a "
    "copy of the service. I saw that our retry loop held a database connection while it waited for "
    "the bank. I wrote a note with three options, talked the payments lead out of a bigger pool, "
    "and moved the retry into a queue. I rolled it out to one venue first and watched it for two "
    "evenings.",
    Part.RESULT: "Lost orders fell from 2.1% to 0.03% within a week, which saved about $40k on the "
    "festival weekend alone. The restarts by hand stopped.",
    Part.REFLECTION: "I learned to look at what a request holds while it waits. Next time I would "
    "ask for the trace ids before the first incident.",
}
LABELS: Final = {part: f"{part.capitalize()}: " for part in Part}


def written(parts: Mapping[Part, str] = TOLD, between: str = "\n") -> str:
    """The parts under their labels."""
    return between.join(f"{LABELS[part]}{said}" for part, said in parts.items())


def telling(**parts: str) -> str:
    """The story with some parts told otherwise."""
    return written({**TOLD, **{Part(name): said for name, said in parts.items()}})


def read(content: str, *tags: str, title: str = "Lost orders") -> Story:
    """A story as the product reads it."""
    return read_story(title, content, tags, resolve_principle)


def flaws(content: str) -> set[Flaw]:
    """What is found in it."""
    return {finding.flaw for finding in critique(read(content))}


def status(content: str) -> Status:
    """How far it is."""
    return status_of(critique(read(content)))
