"""What only the interviewer sees of a question, and in which phase it is handed over.

`notes` gives out a guide phase by phase: what a client does not hold yet, it cannot let slip. What
a candidate may ask for is handed out twice, for many ask only when they start to work with it, and
is `if_asked` for a client that takes the interview up later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .attempt import Mistake
from .level import Level

Notes = Mapping[str, tuple[str, ...]]
"""Named lists of sentences for the interviewer."""


@dataclass(frozen=True, slots=True)
class Clarification:
    """What the statement leaves open on purpose, and the answer for a candidate who asks."""

    asked: str
    answer: str

    def __str__(self) -> str:
        return f"{self.asked} {self.answer}"


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """How one of the mistakes of the vocabulary shows itself in this question."""

    mistake: Mistake
    shows_as: str

    def __str__(self) -> str:
        return f"{self.mistake}: {self.shows_as}"


@dataclass(frozen=True, slots=True)
class CodingGuide:
    """For a coding round: `expected_time` and `expected_space` in big-O notation."""

    expected_time: str
    expected_space: str
    clarifications: tuple[Clarification, ...]
    look_for: tuple[str, ...]
    common_mistakes: tuple[CommonMistake, ...]
    follow_ups: tuple[str, ...]

    @property
    def if_asked(self) -> Notes:
        """What the statement leaves open, for whoever asks."""
        return {"if_asked": tuple(map(str, self.clarifications))}

    def notes(self, phase: str, _level: Level) -> Notes:
        """What the interviewer is told when that phase begins."""
        match phase:
            case "clarify":
                return self.if_asked
            case "approach":
                return {**self.if_asked, "look_for": self.look_for}
            case "code" | "test":
                return {"common_mistakes": tuple(map(str, self.common_mistakes))}
            case "optimise":
                cost = f"time {self.expected_time}, space {self.expected_space}"
                return {"expected_complexity": (cost,)}
            case "follow_ups":
                return {"follow_ups": self.follow_ups}
        return {}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity worth estimating, a sound figure for it and how one arrives there."""

    quantity: str
    figure: str
    reasoning: str

    def __str__(self) -> str:
        return f"{self.quantity}: {self.figure} ({self.reasoning})"


@dataclass(frozen=True, slots=True)
class DeepDive:
    """A part worth going into, and what to ask about it."""

    topic: str
    probes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.topic}: {' '.join(self.probes)}"


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A decision between two sound options, and what it turns on."""

    choice: str
    against: str
    turns_on: str

    def __str__(self) -> str:
        return f"{self.choice} or {self.against}: {self.turns_on}"


@dataclass(frozen=True, slots=True)
class PhaseSignals:
    """What a strong and a weak candidate of each level show in one phase."""

    strong: Mapping[Level, str]
    weak: Mapping[Level, str]

    def __post_init__(self) -> None:
        if set(self.strong) != set(Level) or set(self.weak) != set(Level):
            raise ValueError("signals are needed for every level")

    def notes(self, level: Level) -> Notes:
        """Those of one level."""
        return {"strong": (self.strong[level],), "weak": (self.weak[level],)}


@dataclass(frozen=True, slots=True)
class DesignGuide:
    """For a system-design round; `requirements` are for the candidate to discover."""

    requirements: tuple[Clarification, ...]
    estimates: tuple[Estimate, ...]
    deep_dives: tuple[DeepDive, ...]
    trade_offs: tuple[TradeOff, ...]
    common_mistakes: tuple[CommonMistake, ...]
    signals: Mapping[str, PhaseSignals]

    @property
    def if_asked(self) -> Notes:
        """What the statement leaves open, for whoever asks."""
        return {"if_asked": tuple(map(str, self.requirements))}

    def notes(self, phase: str, level: Level) -> Notes:
        """What the interviewer is told when that phase begins."""
        own: dict[str, tuple[str, ...]] = {}
        match phase:
            case "requirements":
                own.update(self.if_asked)
            case "estimation":
                own.update(self.if_asked, figures=tuple(map(str, self.estimates)))
            case "high_level_design":
                own["common_mistakes"] = tuple(map(str, self.common_mistakes))
            case "deep_dives":
                own["menu"] = tuple(map(str, self.deep_dives))
            case "trade_offs":
                own["weigh"] = tuple(map(str, self.trade_offs))
        return own | dict(self.signals[phase].notes(level) if phase in self.signals else {})


@dataclass(frozen=True, slots=True)
class BehavioralGuide:
    """For a behavioral round; `principles` are names of leadership principles it speaks to."""

    principles: tuple[str, ...]
    probes: tuple[str, ...]
    red_flags: tuple[str, ...]
    reflection: tuple[str, ...]
    signals: PhaseSignals

    @property
    def if_asked(self) -> Notes:
        """Nothing: the story is the candidate's own."""
        return {}

    def notes(self, phase: str, level: Level) -> Notes:
        """What the interviewer is told when that phase begins."""
        match phase:
            case "question":
                return {"principles": self.principles, **self.signals.notes(level)}
            case "probes":
                return {"probes": self.probes, "red_flags": self.red_flags}
            case "reflection":
                return {"ask": self.reflection}
        return {}


@dataclass(frozen=True, slots=True)
class AssistedGuide:
    """For an AI-assisted round: `defect` is what was planted, `traps` are answers an assistant
    plausibly gives and that are wrong."""

    defect: str
    expected_steps: tuple[str, ...]
    good_directions: tuple[str, ...]
    traps: tuple[str, ...]
    checks: tuple[str, ...]
    clarifications: tuple[Clarification, ...]
    common_mistakes: tuple[CommonMistake, ...]

    @property
    def if_asked(self) -> Notes:
        """What the statement leaves open, for whoever asks."""
        return {"if_asked": tuple(map(str, self.clarifications))}

    def notes(self, phase: str, _level: Level) -> Notes:
        """What the interviewer is told when that phase begins."""
        match phase:
            case "decompose":
                return {**self.if_asked, "expected_steps": self.expected_steps}
            case "direct":
                return {
                    **self.if_asked,
                    "good_directions": self.good_directions,
                    "traps": self.traps,
                }
            case "review":
                return {
                    "defect": (self.defect,),
                    "common_mistakes": tuple(map(str, self.common_mistakes)),
                }
            case "verify":
                return {"checks": self.checks}
        return {}
