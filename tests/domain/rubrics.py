"""A rubric and scores to test with."""

from maang_mcp.domain.level import Level
from maang_mcp.domain.rubric import CeilingRule, Dimension, Rubric, Score, Signal
from maang_mcp.domain.skills import Round


def _dimension(name: str, core: bool) -> Dimension:
    anchors = {
        level: (f"{name} 1 {level}", f"{name} 2 {level}", f"{name} 3 {level}", f"{name} 4 {level}")
        for level in Level
    }
    return Dimension(name, f"{name}?", core, anchors)


RUBRIC = Rubric(
    Round.CODING,
    (
        _dimension("communication", core=False),
        _dimension("problem_solving", core=True),
        _dimension("technical_competency", core=True),
        _dimension("testing", core=False),
    ),
    (
        CeilingRule(Signal.HINTS_GIVEN, 1, "problem_solving", 3, "a hint was given"),
        CeilingRule(
            Signal.HINTS_GIVEN, 3, "problem_solving", 2, "the key insight was given as a hint"
        ),
        CeilingRule(Signal.HINTS_GIVEN, 4, "technical_competency", 3, "the steps were given"),
        CeilingRule(Signal.OVER_TIME, 1, "technical_competency", 3, "over time"),
        CeilingRule(Signal.OVER_TIME, 1, "problem_solving", 3, "over time"),
        CeilingRule(Signal.TESTS_FAILED, 1, "technical_competency", 2, "the code failed tests"),
        CeilingRule(Signal.UNTESTED, 1, "testing", 2, "no testing was seen"),
    ),
)


def scored(*scores: int) -> list[Score]:
    """Scores for the rubric's dimensions in order, all on the same evidence."""
    return [
        Score(name, score, ("I would use a heap here",))
        for name, score in zip(RUBRIC.names, scores, strict=True)
    ]
