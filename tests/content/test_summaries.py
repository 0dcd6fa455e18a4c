"""What is said of each problem so that a record about it is found without its name."""

from __future__ import annotations

from maang_mcp.content.loader import catalogue
from maang_mcp.content.summaries import summaries
from maang_mcp.domain.skills import Round

from .words import code_in

CODING = {problem.slug for problem in catalogue() if problem.round is Round.CODING}


def test_what_is_described_is_in_the_catalogue() -> None:
    assert set(summaries()) <= CODING


def test_nearly_every_coding_problem_is_described() -> None:
    assert len(summaries()) >= 0.95 * len(CODING)


def test_no_two_problems_are_described_alike() -> None:
    assert len(set(summaries().values())) == len(summaries())


def test_a_summary_is_one_short_text_without_code() -> None:
    for slug, summary in summaries().items():
        assert 20 <= len(summary) <= 200, slug
        assert summary[-1] in ".?!", slug
        assert summary == " ".join(summary.split()), slug
        assert code_in(summary) == [], slug
