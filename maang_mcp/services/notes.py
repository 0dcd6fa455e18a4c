"""Notes as the store may hold them: cleaned, without secrets, with a title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from maang_mcp.domain.problem import Problem
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
        content=kept(_worded(note.content)),
        title=kept(one_line(note.title))[:LONGEST_TITLE].rstrip(),
        tags=tuple(dict.fromkeys(tag for text in note.tags if (tag := kept(one_line(text))))),
        problem=kept(one_line(note.problem)) or None,
        conversation=kept(one_line(note.conversation)) or None,
        speaker=kept(one_line(note.speaker)) or None,
        turns=tuple(_turn(turn, kept) for turn in note.turns),
    )
    return clean, sum(removed)


def unknown_problem(name: str | None, problem: Problem | None) -> str:
    """That a problem which was named is not known, to follow a status; empty where it is."""
    if not name or problem is not None:
        return ""
    return f" {quoted(first_words(name))} is not in the catalogue: kept under that name."


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


def _worded(text: str) -> str:
    """The text cleaned; empty where nothing of it but the marks of lost characters is left."""
    text = clean_text(text).strip()
    if "\ufffd" in text and not clean_text(text.replace("\ufffd", "")).strip():
        return ""
    return text


def _turn(turn: Told, kept: Callable[[str], str]) -> Told:
    return replace(turn, text=kept(_worded(turn.text)), speaker=kept(one_line(turn.speaker)))
