"""A behavioral story, read from the text and the tags it is remembered by.

Nothing of it is stored beside the text: parts, principles, companies and length are read again
whenever they are asked for, so a story that is changed is changed everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .company import Company, company
from .errors import InvalidInput
from .principles import Principle
from .quantities import states_quantity
from .sentences import Sentence, sentences
from .star import STAR, Part, star_parts
from .substance import substance

WORDS_PER_MINUTE: Final = 150
"""Of conversational English in the United States (National Center for Voice and Speech)."""

LONGEST_READ: Final = 20_000
"""Characters of a text that are read: twenty minutes of speech, seven times what is too long."""

_LINE: Final = (
    r"(?:^|(?<=[.!?;])[ \t]+)[ \t>#*_-]{0,8}(?:%s)[*_]{0,3}[ \t]{0,3}:[*_]{0,3}"
    r"(.*?)(?:\.(?=\s|$)|$)"
)
_PRINCIPLES: Final = re.compile(
    _LINE % r"(?:leadership[ \t]+)?principles?(?:[ \t]+covered)?|values?|lps?",
    re.IGNORECASE | re.MULTILINE,
)
_USED: Final = re.compile(
    _LINE % r"(?:used|told)[ \t]+(?:with|at|for|in)", re.IGNORECASE | re.MULTILINE
)
_USED_TAG: Final = re.compile(
    r"\s*used(?:[ _-]?(?:with|at|for))?\s*[:=]\s*(.+)|\s*used[ _-](?:with|at)[ _-](.+)",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(r"[,;|/\u2022]")
_AND: Final = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\([^()]*\)|[*_`\"]|\b\d{4}-\d\d(?:-\d\d)?\b")
_MOST_PIECES: Final = 40
_LONGEST_NAME: Final = 3
"""Pieces between commas that may be one name: "Meta, Metamates, Me"."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story.

    `parts` are the texts under its labels, `told` the sentences of each part that stand and are
    its own, `hinted` those that are too thin to: what was said in an earlier part does not count
    again. `spoken_minutes` is how long everything takes to tell except the reflection, which
    answers a question of its own.
    """

    title: str
    parts: Mapping[Part, str]
    told: Mapping[Part, tuple[Sentence, ...]]
    hinted: Mapping[Part, tuple[Sentence, ...]]
    text: str
    principles: tuple[Principle, ...]
    used_with: tuple[Company, ...]
    spoken_minutes: float

    @property
    def missing(self) -> tuple[Part, ...]:
        """Which of situation, task, action and result have no sentence of their own."""
        return tuple(part for part in STAR if not self.told[part] and not self.hinted[part])

    @property
    def thin(self) -> tuple[Part, ...]:
        """Which of them have no other sentences than thin ones."""
        return tuple(part for part in STAR if not self.told[part] and self.hinted[part])

    @property
    def has_metric(self) -> bool:
        """Whether a sentence of the result states a quantity."""
        return any(map(states_quantity, self.told[Part.RESULT]))


def read_story(
    title: str,
    content: str,
    tags: Sequence[str],
    resolve: Callable[[str], Principle | None],
) -> Story:
    """The story a text and its tags are. `resolve` knows principles by their names.

    Principles are named by tags and after "Principles:", companies by tags such as "used:Google"
    and after "Used with:".
    """
    content = content[:LONGEST_READ]
    named = [piece for match in _PRINCIPLES.finditer(content) for piece in _pieces(match[1])]
    used = [match[1] for match in _USED.finditer(content)]
    labels = [tag for tag in tags if not _used_tag(tag)]
    text = _USED.sub(" ", _PRINCIPLES.sub(" ", content))
    parts, rest = star_parts(text)
    timed = (rest, *(said for part, said in parts.items() if part is not Part.REFLECTION))
    words = substance([said.casefold() for said in timed]).words
    own = _own(parts)
    return Story(
        title=title,
        parts=parts,
        told={part: tuple(one for one in said if one.stands) for part, said in own.items()},
        hinted={part: tuple(one for one in said if one.is_thin) for part, said in own.items()},
        text=text,
        principles=_principles([*named, *labels], resolve),
        used_with=_companies([*used, *filter(None, map(_used_tag, tags))]),
        spoken_minutes=round(words / WORDS_PER_MINUTE, 1),
    )


def _own(parts: Mapping[Part, str]) -> dict[Part, list[Sentence]]:
    """The sentences of each part that stand or are thin, and were not said before."""
    known: set[tuple[str, ...]] = set()
    found: dict[Part, list[Sentence]] = {part: [] for part in Part}
    for part, own in found.items():
        for sentence in sentences(parts.get(part, "")):
            if (sentence.stands or sentence.is_thin) and sentence.key not in known:
                known.add(sentence.key)
                own.append(sentence)
    return found


def _pieces(line: str) -> list[str]:
    """What stands between the commas of a list, and its neighbours joined: some names have commas
    in them."""
    pieces = [piece.strip() for piece in _SEPARATOR.split(line.strip(" *_"))][:_MOST_PIECES]
    return [
        ", ".join(pieces[at : at + length])
        for length in range(1, _LONGEST_NAME + 1)
        for at in range(len(pieces) - length + 1)
    ]


def _principles(
    named: Iterable[str], resolve: Callable[[str], Principle | None]
) -> tuple[Principle, ...]:
    found: dict[Principle, None] = {}
    for name in dict.fromkeys(named):
        whole = resolve(name)
        for one in [whole] if whole else map(resolve, _AND.split(name)):
            if one is not None:
                found.setdefault(one)
    return tuple(found)


def _used_tag(tag: str) -> str | None:
    """What "used:Google" and "used with Google" name; None for another tag."""
    match = _USED_TAG.match(tag)
    return match[1] or match[2] if match else None


def _companies(named: Iterable[str]) -> tuple[Company, ...]:
    found: dict[str, Company] = {}
    for line in named:
        plain = _ASIDE.sub(" ", line)
        for name in (name for piece in _SEPARATOR.split(plain) for name in _AND.split(piece)):
            try:
                one = company(name.strip(" .*_"))
            except InvalidInput:
                continue
            found.setdefault(one.key, one)
    return tuple(found.values())[:_MOST_PIECES]
