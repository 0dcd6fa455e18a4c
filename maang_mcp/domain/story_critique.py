"""What a story lacks, by its text alone, and how far it is.

Whatever is missing can be said for certain; that a story is good cannot. So nothing here praises,
and what would count in a story's favour (a number, an "I", its length) is looked for only in
sentences that stand, while what counts against it is looked for everywhere: more keywords never
help. Only English is judged, and no reflection: taking one away makes no story better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from .sentences import english, sentences
from .star import STAR, Part
from .story import Story
from .substance import FEWEST_JUDGED, LEAST_ENGLISH, substance

LONGEST_MINUTES: Final = 3.0
"""Spoken; a behavioral round has time for several stories and for questions about each."""

FEWEST_CONNECTING: Final = 30
"""Connecting words of a story that is not too short: those of some 75 words, half a minute. They
are counted because keywords add none; notes are told at greater length than they are written."""

LEAST_TOLD: Final = 0.5
"""Share of a part's words that stand in sentences of its own."""

_VAGUE: Final = re.compile(
    r"\b(?:(?:it|this|that|all|everything|things|project|launch|result) (?:all )?(?:went|worked out"
    r"|turned out|ended up) (?:really |very |quite |so )?(?:well|fine|good|great|smoothly|ok|okay)"
    r"|worked out|(?:was|were|is|are|be|being) (?:a |an |really |very |quite |so |extremely )*"
    r"(?:great |huge |big |total )?(?:happy|pleased|satisfied|delighted|impressed|thrilled|glad"
    r"|success|successful|better|improved)"
    r"|(?:much|a lot|significantly|greatly|considerably|dramatically|substantially) (?:better"
    r"|faster|improved|happier|easier)"
    r"|(?:improved|increased|reduced|decreased|grew) (?:a lot|significantly|greatly|considerably"
    r"|dramatically|substantially)"
    r"|(?:positive|good|great) (?:feedback|results?|outcomes?|impact)|successfully)\b"
)


class Flaw(StrEnum):
    """What can be wrong with a story."""

    NOT_ENGLISH = "not_english"
    NO_SITUATION = "no_situation"
    NO_TASK = "no_task"
    NO_ACTION = "no_action"
    NO_RESULT = "no_result"
    THIN_SITUATION = "thin_situation"
    THIN_TASK = "thin_task"
    THIN_ACTION = "thin_action"
    THIN_RESULT = "thin_result"
    LIST_OF_TERMS = "list_of_terms"
    NO_OWN_ACTION = "no_own_action"
    WE_NOT_I = "we_not_i"
    VAGUE_RESULT = "vague_result"
    NO_METRICS = "no_metrics"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"


class Status(StrEnum):
    """How far a story is: a part is missing or too thin; all are told, with flaws; none was
    found."""

    DRAFT = "draft"
    REFINED = "refined"
    READY = "ready"


ADVICE: Final[Mapping[Flaw, str]] = MappingProxyType(
    {
        Flaw.NOT_ENGLISH: "Only stories in English can be judged here: keep a version of it in"
        " English as well.",
        Flaw.NO_SITUATION: "Say in a sentence or two where and when it was and what was at stake,"
        " under 'Situation:'.",
        Flaw.NO_TASK: "Say what you were responsible for, under 'Task:'.",
        Flaw.NO_ACTION: "Say step by step what you did and why, under 'Action:'.",
        Flaw.NO_RESULT: "Say what came of it in whole sentences, under 'Result:'.",
        Flaw.THIN_SITUATION: "The situation is too thin: say where and when it was, what went wrong"
        " and for whom.",
        Flaw.THIN_TASK: "The task is too thin: say what exactly was yours to do, by when, and for"
        " whom.",
        Flaw.THIN_ACTION: "The action is too thin: say step by step what you did, how, and why that"
        " way.",
        Flaw.THIN_RESULT: "The result is too thin: say what changed, from how much to how much, and"
        " for whom.",
        Flaw.LIST_OF_TERMS: "Tell every part in whole sentences of its own: terms in a row are no"
        " story, and a sentence that is repeated counts once.",
        Flaw.NO_OWN_ACTION: "Tell the action in sentences that begin with 'I' and a verb: what did"
        " you decide, build or say yourself?",
        Flaw.WE_NOT_I: "The action says 'we' more often than 'I': for each of those sentences, say"
        " what your own part was.",
        Flaw.VAGUE_RESULT: "'It went well' could end any story: say what was different afterwards"
        " and who noticed.",
        Flaw.NO_METRICS: "Put a measured quantity into the result: from how much to how much, per"
        " cent, money, time, how many users.",
        Flaw.TOO_LONG: f"Cut it below {LONGEST_MINUTES:g} spoken minutes, the situation first:"
        " details can wait for the questions.",
        Flaw.TOO_SHORT: "Tell more of it, above all of the action: as it stands it is over in less"
        " than half a minute.",
    }
)

_NO_PART: Final = {
    Part.SITUATION: Flaw.NO_SITUATION,
    Part.TASK: Flaw.NO_TASK,
    Part.ACTION: Flaw.NO_ACTION,
    Part.RESULT: Flaw.NO_RESULT,
}
_THIN_PART: Final = {
    Part.SITUATION: Flaw.THIN_SITUATION,
    Part.TASK: Flaw.THIN_TASK,
    Part.ACTION: Flaw.THIN_ACTION,
    Part.RESULT: Flaw.THIN_RESULT,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw; `advice` is a sentence that says what to do."""

    flaw: Flaw

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.flaw]

    @property
    def missing(self) -> Part | None:
        """The part that is missing, where that is the flaw."""
        return next((part for part, flaw in _NO_PART.items() if flaw is self.flaw), None)


def critique(story: Story) -> tuple[Finding, ...]:
    """Everything that was found, the gravest first; empty for a story without a visible flaw."""
    if _is_foreign(story.text):
        return (Finding(Flaw.NOT_ENGLISH),)
    return tuple(Finding(flaw) for flaw in Flaw if _has(story, flaw))


def status_of(findings: Iterable[Finding]) -> Status:
    """How far a story is, by its critique."""
    found = {finding.flaw for finding in findings}
    if found & {Flaw.NOT_ENGLISH, *_NO_PART.values(), *_THIN_PART.values()}:
        return Status.DRAFT
    return Status.REFINED if found else Status.READY


def _has(story: Story, flaw: Flaw) -> bool:
    match flaw:
        case Flaw.LIST_OF_TERMS:
            return any(_is_list(story, part) for part in STAR)
        case Flaw.NO_OWN_ACTION:
            return bool(story.told[Part.ACTION]) and _own(story) == 0 and _group(story) == 0
        case Flaw.WE_NOT_I:
            return _group(story) > _own(story)
        case Flaw.VAGUE_RESULT:
            vague = _VAGUE.search(" ".join(story.parts.get(Part.RESULT, "").casefold().split()))
            return vague is not None and not story.has_metric
        case Flaw.NO_METRICS:
            return bool(story.told[Part.RESULT]) and not story.has_metric
        case Flaw.TOO_LONG:
            return story.spoken_minutes > LONGEST_MINUTES
        case Flaw.TOO_SHORT:
            connecting = sum(one.connecting for part in STAR for one in story.told[part])
            whole = not story.missing and not story.thin
            return whole and connecting < FEWEST_CONNECTING
        case _:
            missing = {_NO_PART[part] for part in story.missing}
            return flaw in missing | {_THIN_PART[part] for part in story.thin}


def _own(story: Story) -> int:
    """Sentences of the action in which the teller does something."""
    return sum(one.led_by == "i" for one in story.told[Part.ACTION])


def _group(story: Story) -> int:
    """Stretches of the action, also such as do not stand, in which a group does."""
    return sum(one.led_by == "we" for one in sentences(story.parts.get(Part.ACTION, "")))


def _is_list(story: Story, part: Part) -> bool:
    """Whether most of the text of a part is no sentence of its own."""
    words = sum(len(one.words) for one in sentences(story.parts.get(part, "")))
    told = sum(len(one.words) for one in (*story.told[part], *story.hinted[part]))
    return told < LEAST_TOLD * words


def _is_foreign(text: str) -> bool:
    """Whether a text is in another language, rather than a list of English terms."""
    if english(text) >= LEAST_ENGLISH:
        return False
    counts = substance([text.casefold()])
    return counts.prose >= FEWEST_JUDGED and not counts.terms_only
