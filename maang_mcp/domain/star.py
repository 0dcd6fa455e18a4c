"""Situation, task, action, result: where the parts of a story begin, by its labels.

Labels are words ("Situation:", "## Actions", "**Results**", "What I did:") or letters ("S:",
"(T)"), on lines of their own, before their text, or all in one paragraph. Where a line begins,
labels may come in any order; inside a line only the next one is a label, for "the result: ..." is
often just a turn of phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .sentences import last_sentence


class Part(StrEnum):
    """A part of a story, in the order it is told."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    REFLECTION = "reflection"


STAR: Final = (Part.SITUATION, Part.TASK, Part.ACTION, Part.RESULT)
"""The parts that no story does without."""

_ORDER: Final = {part: place for place, part in enumerate(Part)}
_WORDS: Final = {
    Part.SITUATION: r"situations?|contexts?|background",
    Part.TASK: r"(?:my[ \t]+)?tasks?|goals?|challenge",
    Part.ACTION: r"(?:my[ \t]+)?actions?(?:[ \t]+taken)?|what[ \t]+i[ \t]+did|approach",
    Part.RESULT: r"(?:the[ \t]+)?(?:results?|outcomes?)|impact",
    Part.REFLECTION: r"reflections?|learnings?|lessons?(?:[ \t]+learn(?:ed|t))?|takeaways?"
    r"|what[ \t]+i[ \t]+learn(?:ed|t)",
}
_NAME: Final = "|".join(
    (
        r"(?P<both>situations?[ \t]*(?:and|&|/|\+)[ \t]*tasks?|s[ \t]*[/&+][ \t]*t)",
        *(rf"(?P<{part}>{words})" for part, words in _WORDS.items()),
        "(?P<letter>[starl])",
    )
)
_NUMBER: Final = r"(?:[ \t]*\([^()\n]{0,40}\))?"
_AT_LINE: Final = re.compile(
    r"^[ \t]*+(?P<lead>(?:[#>+\u2022-]|\*(?=[ \t])|\d{1,2}[.)])*+)[ \t]*+(?P<mark>[*_(\[]{0,4})"
    rf"(?:{_NAME}){_NUMBER}(?P<close>[*_)\]]{{0,4}})"
    r"(?P<stop>[ \t]*:[*_]{0,4}|[ \t]+[-\u2013\u2014](?=[ \t])|[ \t]*$)?",
    re.IGNORECASE | re.MULTILINE,
)
_WITHIN: Final = re.compile(
    r"(?<![\w'\u2019/-])(?P<mark>[*_(\[]{0,3})"
    rf"(?:{_NAME})(?P<close>[*_)\]]{{0,3}})(?P<stop>[ \t]{{0,2}}:[*_]{{0,3}})?",
    re.IGNORECASE,
)
_LETTERS: Final = {"s": STAR[0], "t": STAR[1], "a": STAR[2], "r": STAR[3], "l": Part.REFLECTION}


@dataclass(frozen=True, slots=True)
class _Label:
    start: int
    end: int
    part: Part
    both: bool = False


def star_parts(text: str) -> tuple[dict[Part, str], str]:
    """The text of every part that has any, and what stands before the first label.

    Text under one label for situation and task is divided: its last sentence is the task.
    """
    labels = list(_labels(text))
    if not labels:
        return {}, text
    ends = [label.start for label in labels[1:]] + [len(text)]
    found: dict[Part, list[str]] = {}
    for label, end in zip(labels, ends, strict=True):
        said = text[label.end : end]
        if label.both:
            last = last_sentence(said)
            found.setdefault(Part.TASK, []).append(said[last:])
            said = said[:last]
        found.setdefault(label.part, []).append(said)
    parts = {part: "\n".join(map(str.strip, found[part])).strip() for part in Part if part in found}
    return {part: said for part, said in parts.items() if said}, text[: labels[0].start]


def _labels(text: str) -> Iterator[_Label]:
    lines = {match.start("mark"): match for match in _AT_LINE.finditer(text) if _labels_line(match)}
    within = {match.start("mark"): match for match in _WITHIN.finditer(text) if _labels_text(match)}
    current: Part | None = None
    end = 0
    for start in sorted({**within, **lines}):
        match = lines.get(start) or within[start]
        if start < end:
            continue
        part = _part(match, current)
        if start not in lines and not _follows(part, current, by_letter=match["letter"]):
            continue
        current = Part.TASK if match["both"] else part
        end = match.end()
        yield _Label(match.start(), end, part, both=match["both"] is not None)


def _labels_line(match: re.Match[str]) -> bool:
    """Whether what a line begins with is a label: a colon or a dash ends it, or the line does, or
    it is set off by marks."""
    if match["stop"] is not None and match["stop"].strip():
        return True
    marked = bool(match["mark"]) and bool(match["close"])
    heading = "#" in match["lead"] or (not match["letter"] and _stands_apart(match))
    return marked or (match["stop"] is not None and heading)


def _stands_apart(match: re.Match[str]) -> bool:
    """Whether nothing, or an empty line, stands before a line: a single word may be left over."""
    end = match.start() - 1
    return end < 0 or not match.string[match.string.rfind("\n", 0, end) + 1 : end].strip()


def _labels_text(match: re.Match[str]) -> bool:
    bold = match["mark"].startswith(("**", "__")) and match["close"].startswith(("**", "__"))
    return match["stop"] is not None or bold


def _part(match: re.Match[str], current: Part | None) -> Part:
    if match["both"]:
        return Part.SITUATION
    if match["letter"]:
        part = _LETTERS[match["letter"].lower()]
        # The second R of STARR.
        return Part.REFLECTION if part is current is Part.RESULT else part
    return next(part for part in Part if match[part])


def _follows(part: Part, current: Part | None, *, by_letter: str | None) -> bool:
    place = -1 if current is None else _ORDER[current]
    return _ORDER[part] == place + 1 if by_letter else _ORDER[part] > place
