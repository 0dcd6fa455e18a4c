"""Withhold what an interviewer is about to let slip."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.genai import types

from .transcript import returned, said_by_candidate

_LOG = logging.getLogger(__name__)

RUN: Final = 6
"""So many words in a row, the same as in the guide, are a quotation: of all questions of the bank
put in other interviews of their round, none has six in common with a guide."""

SHORTEST: Final = 5
"""An entry of fewer words than a run is compared as a whole, down to this many."""

NEUTRAL: Final = "That I have to leave to you. Tell me what you would do next, and why."

PRIVATE: Final = frozenset({"interviewer_guide", "guide", "bar", "chosen_because"})
"""Fields of a result that are for the interviewer alone."""

SPEAKABLE: Final[Mapping[str, int]] = MappingProxyType(
    {"if_asked": 3, "follow_ups": 2, "probes": 2, "menu": 2, "ask": 2, "do": 1, "move_on_when": 1}
)
"""Parts of a guide whose wording is there to be used, and how many entries of each fit one answer:
more is the guide read out."""

WRITTEN: Final[Mapping[str, str]] = MappingProxyType(
    {"interview_step": "interviewer", "finish_task": "summary"}
)
"""The interviewer's own words in calls that bring them before the candidate: by the transcript, or
by way of the coach."""

Run = tuple[str, ...]
_WORD: Final = re.compile(r"[^\W_]+")


class LeakGuard(BasePlugin):
    """Compares what an interviewer says with what only it may know, and replaces what matches.

    The private parts are the guides, the bar, and the reason for the choice of question in the tool
    results of this very interview. Whatever else these results hold (the candidate's brief, hints
    that were unlocked, test results, the verdict) and whatever the candidate wrote may be said. A
    match costs the whole text, which becomes one neutral sentence; the model is not asked again.

    A streamed answer is held back until it is complete and checked. This is a backstop against
    quotation, not against paraphrase: solutions and locked hints never reach the interviewer.
    """

    def __init__(self, interviewers: Set[str]) -> None:
        super().__init__(name="leak_guard")
        self._interviewers = frozenset(interviewers)

    async def after_model_callback(
        self, *, callback_context: CallbackContext, llm_response: LlmResponse
    ) -> LlmResponse | None:
        content = llm_response.content
        if callback_context.agent_name not in self._interviewers or not content:
            return None
        if llm_response.partial:
            held = types.Content(role="model", parts=[])
            return llm_response.model_copy(update={"content": held})
        secrets = _secrets(callback_context)
        parts = [_checked_call(part, secrets) for part in content.parts or []]
        if secrets.are_in(" ".join(part.text for part in parts if part.text)):
            parts = [types.Part(text=NEUTRAL), *(part for part in parts if not part.text)]
        if parts == content.parts:
            return None
        _LOG.warning(
            "%s was about to quote its guide.",
            callback_context.agent_name,
            extra={"action": "withhold"},
        )
        safe = types.Content(role=content.role, parts=parts)
        return llm_response.model_copy(update={"content": safe})


@dataclass(slots=True)
class Secrets:
    """The runs of words that must not be said, and the entries of which only a few may be."""

    private: set[Run] = field(default_factory=set)
    public: set[Run] = field(default_factory=set)
    entries: list[tuple[str, set[Run]]] = field(default_factory=list)

    def hear(self, result: Any) -> None:
        """Sorts the texts of a tool result."""
        for path, text in _texts(result):
            part = next((name for name in path if name in SPEAKABLE), None)
            if PRIVATE.isdisjoint(path):
                self.publish(text)
            elif part is None:
                self.private |= _runs(text)
            else:
                heard = (part, _runs(text))
                if heard not in self.entries:  # a guide repeats what the next phase still needs
                    self.entries.append(heard)

    def publish(self, text: str) -> None:
        """Says that everybody knows this text."""
        self.public |= _every_run(text)

    def are_in(self, text: str) -> bool:
        """Whether the text quotes what is private, or recites what is to be asked for."""
        said = _every_run(text) - self.public
        used = [(part, runs & said) for part, runs in self.entries if not runs.isdisjoint(said)]
        recited = Counter(part for part, _ in used)
        if any(count > SPEAKABLE[part] for part, count in recited.items()):
            return True
        return not self.private.isdisjoint(said.difference(*(runs for _, runs in used)))


def _secrets(context: CallbackContext) -> Secrets:
    secrets = Secrets()
    for one in returned(context):
        secrets.hear(one.result)
    for text in said_by_candidate(context):
        secrets.publish(text)
    return secrets


def _checked_call(part: types.Part, secrets: Secrets) -> types.Part:
    """The part with nothing private in what a call writes down; the candidate's words stay as they
    are, whatever they are."""
    call = part.function_call
    if call is None or call.args is None:
        return part
    written = WRITTEN.get(call.name or "", "")
    if not secrets.are_in(str(call.args.get(written, ""))):
        return part
    args = call.args | {written: NEUTRAL}
    return part.model_copy(update={"function_call": call.model_copy(update={"args": args})})


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a result, with the names of the fields around it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, path)


def _runs(text: str) -> set[Run]:
    """The runs of a text; one shorter than a run is a run by itself."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHORTEST:
        return set()
    return set(_of_length(words, min(len(words), RUN)))


def _every_run(text: str) -> set[Run]:
    """All that an entry of any length could match in a text."""
    words = _WORD.findall(text.casefold())
    return {run for length in range(SHORTEST, RUN + 1) for run in _of_length(words, length)}


def _of_length(words: list[str], length: int) -> Iterable[Run]:
    return zip(*(words[start:] for start in range(length)), strict=False)
