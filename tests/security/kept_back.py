"""What a server may not say before a round is over, and how to find it in what it said.

Texts are compared without whitespace, quotes, backslashes and case, so that neither the escapes
of JSON nor another spelling of a list hides anything.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from maang_mcp.content.hints import ladders
from maang_mcp.content.questions import questions
from maang_mcp.domain.code_task import CodeTask
from maang_mcp.domain.question import Question

FEWEST: Final = 8
"""Characters of a test's input or answer from which it can tell anything."""

SHORTEST_LINE: Final = 12
"""Characters of a line of code from which it is somebody's own."""

_NOISE: Final = re.compile(r"[\s\"'\\]+")
_ESCAPE: Final = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|[nrtbf/])")


@dataclass(frozen=True, slots=True)
class Secret:
    """A hint (`level` 1 to 4), or a test or line of a solution (`level` 0), of that question."""

    question: str
    level: int
    text: str

    @property
    def folded(self) -> str:
        """The text as it is compared."""
        return folded(self.text)


def folded(text: str) -> str:
    """The text as it is compared."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    return _NOISE.sub("", plain).casefold()


def disguised(text: str) -> Iterator[str]:
    """The text as code that is clever may put it out."""
    yield text
    yield text[::-1]
    for plain in (text, repr(text), text.replace(" ", "")):
        raw = plain.encode()
        yield raw.hex()
        yield base64.b64encode(raw).decode()
        yield ",".join(str(byte) for byte in raw)


@cache
def public() -> str:
    """Everything the bank shows to candidates, of any question."""
    return "\n".join(folded(text) for one in questions().values() for text in _shown(one))


def secrets_of(question: Question, told: str = "") -> list[Secret]:
    """All that is kept back of a question, but for what everybody sees and what was `told`, folded,
    by the candidate or rightly to them."""
    found = [Secret(question.slug, level, hint) for level, hint in enumerate(question.hints, 1)]
    if question.code is not None:
        found += [Secret(question.slug, 0, text) for text in hidden(question.code)]
        solutions = [one.code for one in question.code.solutions]
        lines = "\n".join([*solutions, *(one.code for one in question.code.wrong)]).splitlines()
        found += [
            Secret(question.slug, 0, line.strip())
            for line in lines
            if len(line.strip()) >= SHORTEST_LINE
        ]
    known = f"{public()}\n{told}"
    return [
        one for one in dict.fromkeys(found) if len(one.folded) >= FEWEST and one.folded not in known
    ]


def hidden(task: CodeTask) -> list[str]:
    """The inputs and answers of the hidden tests that can tell anything."""
    texts = (text for test in task.hidden for text in (test.given, test.expected))
    return [text for text in texts if len(text) >= FEWEST]


def general_hints() -> list[Secret]:
    """The ladders for problems that the bank has no file for."""
    found = {ladder for held in (ladders().rounds, ladders().skills) for ladder in held.values()}
    return [
        Secret("", level, hint) for ladder in sorted(found) for level, hint in enumerate(ladder, 1)
    ]


def _shown(question: Question) -> Iterator[str]:
    brief = question.brief
    yield question.title
    yield brief.statement
    yield from brief.constraints
    for example in brief.examples:
        yield from (example.input, example.output, example.why)
    yield from (file.text for file in brief.files)
    if question.code is not None:
        yield question.code.starter
        for test in question.code.visible:
            yield from (test.given, test.expected)
