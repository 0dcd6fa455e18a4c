"""Notes as the store may hold them: cleaned, without secrets, with a title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from maang_mcp.domain.scrubbing import clean_text, label, one_line, scrub

from .requests import Note, Told

LONGEST_TITLE = 200


def storable(note: Note) -> tuple[Note, int]:
    """The note with each of its texts as the store may hold it, and how many secrets that cost."""
    removed: list[int] = []

    def kept(text: str) -> str:
        text, secrets = scrub(text)
        removed.append(secrets)
        return text

    clean = replace(
        note,
        content=kept(clean_text(note.content).strip()),
        title=kept(one_line(note.title))[:LONGEST_TITLE].rstrip(),
        tags=tuple(dict.fromkeys(tag for text in note.tags if (tag := kept(one_line(text))))),
        problem=kept(one_line(note.problem)) or None,
        conversation=kept(one_line(note.conversation)) or None,
        speaker=kept(one_line(note.speaker)) or None,
        turns=tuple(_turn(turn, kept) for turn in note.turns),
    )
    return clean, sum(removed)


def first_words(content: str) -> str:
    """The beginning of a text, as a title for what has none."""
    line = content.splitlines()[0]
    return line if len(line) <= 60 else f"{line[:57].rsplit(' ', 1)[0]}..."


def quoted(text: str) -> str:
    """Stored text as a status line names it: it passes for no fence and no role, and nothing in it
    closes the quotation."""
    inner = label(text).replace("'", "\u2019")
    return f"'{inner}'"


def quoted_title(title: str) -> str:
    """A title quoted without its full stop; the dots of one that was cut stay."""
    return quoted(title if title.endswith("...") else title.rstrip("."))


def _turn(turn: Told, kept: Callable[[str], str]) -> Told:
    text = kept(clean_text(turn.text).strip())
    return replace(turn, text=text, speaker=kept(one_line(turn.speaker)))
