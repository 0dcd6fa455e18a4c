"""What is about the problem that was named goes up a little, and drives nothing out."""

from __future__ import annotations

from datetime import timedelta

from maang_mcp.domain.memory import Candidate, ContextBundle
from maang_mcp.domain.ranking import DEFAULT_SETTINGS, PeakStatistics
from maang_mcp.domain.subject import SUBJECT_WEIGHT, assemble_about, assemble_newest
from tests.domain.memories import NOW, candidate, memory


def _bundle(candidates: list[Candidate], *problems: str) -> ContextBundle:
    return assemble_about(
        problems,
        candidates,
        NOW,
        k=3,
        budget=2_000,
        query="two-sum",
        statistics=PeakStatistics.of(candidates),
        settings=DEFAULT_SETTINGS,
        degraded=None,
    )


THREE = [
    candidate(memory(1), cosine=0.8),
    candidate(memory(2, problem="two-sum"), cosine=0.7),
    candidate(memory(3), cosine=0.3),
]


def test_a_record_about_the_problem_that_is_named_goes_up() -> None:
    first, about, third = (entry.memory.uri for entry in THREE)
    assert [p.uri for p in _bundle(THREE).passages] == [first, about, third]
    raised = _bundle(THREE, "two-sum")
    assert [p.uri for p in raised.passages] == [about, first, third]
    assert [p.parts.subject for p in raised.passages] == [SUBJECT_WEIGHT, 0.0, 0.0]


def test_naming_a_problem_nothing_is_about_changes_nothing() -> None:
    assert _bundle(THREE, "3sum") == _bundle(THREE)


def test_the_newest_are_the_latest_memories_by_their_beginning() -> None:
    old, middle, new = (memory(n, occurred_at=NOW - timedelta(days=9 - n)) for n in (1, 2, 3))
    offered = [candidate(new, chunk=1), candidate(old), candidate(middle), candidate(new)]
    bundle = assemble_newest(offered, k=2, budget=2_000, degraded=None)
    assert [passage.uri for passage in bundle.passages] == [new.uri, middle.uri]
    assert bundle.found
    assert not assemble_newest([], k=2, budget=2_000, degraded=None).found
