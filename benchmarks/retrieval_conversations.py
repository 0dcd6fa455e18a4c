"""Conversations to search, one store each: our extract of LoCoMo, and the publishers' own files.

`extract` reads the folder that `retrieval_quality` describes; `locomo` the file locomo10.json as
published (github.com/snap-research/locomo); `longmemeval` one of LongMemEval's files, whose every
question brings a history of its own (github.com/xiaowu0162/LongMemEval, longmemeval_s.json).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory, MemoryKind, passages_of

from .retrieval_sets import NAMESPACE, Embed, Question, Store, build, read, relevance

ADVERSARIAL = "adversarial"
CATEGORIES = ("multi-hop", "temporal", "open-domain", "single-hop", ADVERSARIAL)
"""LoCoMo's five kinds of questions, in the order of its numbers from 1."""

_EVIDENCE = re.compile(r"D:?(\d+):(\d+)")
_SESSION = re.compile(r"session_(\d+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as a set has it: `id` is what questions name it by."""

    id: str
    session: int
    position: int
    speaker: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a set has it; without `sessions` they are those of the turns that answer."""

    text: str
    answers: frozenset[str]
    category: str = ""
    sessions: frozenset[int] = frozenset()


def extract(folder: Path, embed: Embed, *, adversarial: bool = False) -> Iterator[Store]:
    """One store per conversation of the extract."""
    relevant = relevance(folder)
    questions: dict[str, list[Asked]] = defaultdict(list)
    for row in read(folder / "queries.jsonl.gz"):
        asked = Asked(str(row["text"]), frozenset(relevant[str(row["id"])]), str(row["category"]))
        questions[str(row["group"])].append(asked)
    turns: dict[str, list[Said]] = defaultdict(list)
    for row in read(folder / "docs.jsonl.gz"):
        said = Said(
            id=str(row["id"]),
            session=int(str(row["session"])),
            position=int(str(row["pos"])),
            speaker=str(row["speaker"]),
            text=str(row["text"]),
            at=_locomo_date(str(row["date"])),
        )
        turns[str(row["group"])].append(said)
    for group, said_there in sorted(turns.items()):
        asked_there = _wanted(questions[group], adversarial)
        yield _store(f"{folder.name}-{group}", said_there, asked_there, embed)


def locomo(path: Path, embed: Embed, *, adversarial: bool = False) -> Iterator[Store]:
    """One store per conversation of the published file. What a photo shows is left out."""
    for sample in json.loads(path.read_text("utf-8")):
        turns = list(_locomo_turns(sample["conversation"]))
        questions = [
            Asked(
                str(qa["question"]),
                frozenset(f"D{int(a)}:{int(b)}" for a, b in _EVIDENCE.findall(str(qa["evidence"]))),
                CATEGORIES[int(qa["category"]) - 1],
            )
            for qa in sample["qa"]
            if qa.get("evidence")
        ]
        wanted = _wanted(questions, adversarial)
        yield _store(f"{path.stem}-{sample['sample_id']}", turns, wanted, embed)


def longmemeval(path: Path, embed: Embed, limit: int | None = None) -> Iterator[Store]:
    """One store per question, of the first `limit`. Those that nothing answers are left out."""
    entries = [e for e in json.loads(path.read_text("utf-8")) if "_abs" not in e["question_id"]]
    for entry in entries[:limit]:
        number = {name: n for n, name in enumerate(entry["haystack_session_ids"])}
        turns = []
        answers = set()
        for (name, session), date, turns_there in zip(
            number.items(), entry["haystack_dates"], entry["haystack_sessions"], strict=True
        ):
            began = datetime.strptime(date, "%Y/%m/%d (%a) %H:%M").replace(tzinfo=UTC)
            for position, turn in enumerate(turns_there):
                id = f"{name}:{position}"
                at = began + timedelta(seconds=position)
                turns.append(Said(id, session, position, turn["role"], turn["content"], at))
                if turn.get("has_answer"):
                    answers.add(id)
        question = Asked(
            entry["question"],
            frozenset(answers),
            entry.get("question_type", ""),
            frozenset(number[name] for name in entry["answer_session_ids"]),
        )
        yield _store(f"{path.stem}-{entry['question_id']}", turns, [question], embed)


def _locomo_turns(conversation: Mapping[str, Any]) -> Iterator[Said]:
    sessions = sorted(
        (int(match[1]), turns)
        for key, turns in conversation.items()
        if (match := _SESSION.fullmatch(key)) and turns
    )
    for session, turns in sessions:
        at = _locomo_date(conversation[f"session_{session}_date_time"])
        for position, turn in enumerate(turns):
            speaker, text = turn["speaker"], turn.get("text", "")
            yield Said(turn["dia_id"], session, position, speaker, text, at)


def _locomo_date(text: str) -> datetime:
    return datetime.strptime(text, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)


def _wanted(questions: Iterable[Asked], adversarial: bool) -> list[Asked]:
    return [q for q in questions if adversarial or q.category != ADVERSARIAL]


def _store(name: str, turns: Sequence[Said], questions: Iterable[Asked], embed: Embed) -> Store:
    memories = [
        Memory(
            id=uuid5(NAMESPACE, f"{name}/{turn.id}"),
            kind=MemoryKind.TURN,
            title=f"Session {turn.session}",
            content=turn.text,
            occurred_at=turn.at,
            conversation=f"{name}/{turn.session}",
            position=turn.position,
            speaker=turn.speaker,
        )
        for turn in turns
    ]
    passages = []
    for i, memory in enumerate(memories):
        before = memories[max(0, i - PREVIOUS_TURNS) : i]
        previous = [m for m in before if m.conversation == memory.conversation]
        passages.append(passages_of(memory, previous=previous))
    number = {turn.id: i for i, turn in enumerate(turns)}
    asked = []
    for question in questions:
        relevant = frozenset(number[id] for id in question.answers if id in number)
        sessions = question.sessions or frozenset(turns[i].session for i in relevant)
        if sessions:
            asked.append(Question(question.text, relevant, sessions, question.category))
    return build(name, memories, [turn.session for turn in turns], passages, asked, embed)
