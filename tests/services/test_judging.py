"""What no grader can talk the server out of: silence, lists of terms, and tests that failed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.app import Coach
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import EvidenceNotFound
from maang_mcp.domain.evidence import SHORTEST_QUOTE
from maang_mcp.domain.hints import MOST
from maang_mcp.domain.interview import open_interview
from maang_mcp.domain.level import Level
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.skills import Round
from maang_mcp.domain.solution_check import SolutionCheck
from maang_mcp.domain.transcript import Speaker, Turn
from maang_mcp.domain.verdict import Label
from maang_mcp.services.answers.interview import InterviewFinished
from maang_mcp.services.judging import TESTING_PHASES, Judgement, judge
from maang_mcp.services.requests import Plan, Scorecard, Step
from tests.factories import SteppingClock
from tests.lives import SAID

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
ID = UUID(int=1)
HIRES = {Label.STRONG_HIRE, Label.LEANING_HIRE}
WITH_CODE = (Round.CODING, Round.AI_ASSISTED)
ASKED_FOR_CODE = "choir-row"
PROMPT = "Please begin whenever you are ready, and think aloud."

NAMED = (
    "hash map, binary search, dynamic programming, sliding window, load balancer, cache, sharding, "
    "replication, consistent hashing, Kafka, Redis, ownership, leadership, stakeholder, impact, "
    "40 percent, metrics, recursion, memoization, heap, trie, BFS, DFS, graph, union find, "
    "topological sort, throughput, latency, availability, quorum, idempotency, backpressure, "
    "rate limiter, queue, index, partitioning, eventual consistency, CAP theorem, microservices, "
    "10 million users, customer obsession, bias for action, dive deep, delivered results"
)
TERMS = NAMED.split(", ")
SALADS = {
    "one line": NAMED,
    "lines": "\n".join(TERMS),
    "shouted": NAMED.upper(),
    "as code": "```\n" + "\n".join(TERMS) + "\n```",
    "as comments": "\n".join(f"# {term}" for term in TERMS),
    "as calls": "\n".join(f"{term.replace(' ', '_')}(x)" for term in TERMS),
    "with an article": ", ".join(f"the {term}" for term in TERMS),
    "with a verb": ". ".join(f"I use {term}" for term in TERMS),
    "after a sentence": "I would use all of these things: " + "; ".join(TERMS),
}
NOTHING = {
    "yes": ["yes"] * 8,
    "yes, in one breath": ["yes " * 80],
    "fillers": ["um ok so well " * 30],
    "one sentence": ["I think that we can do it like this. " * 20],
    "an assignment": ["x = 1\n" * 80],
    "a thought": ["Let me think about it.", "I do not know."],
}


async def held(coach: Coach, learner: Learner, round: Round, said: list[str]) -> UUID:
    """A round in which the candidate said that, the last of it when asked to test."""
    started = await coach.interviews.start(learner, Plan(round=round, minutes=30, fresh=True))
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, interviewer=PROMPT))
    for text in said:
        await coach.interviews.step(learner, Step(id, "Go on.", text))
    if testing := TESTING_PHASES & started.phases.keys():
        (phase,) = testing
        await coach.interviews.step(learner, Step(id, action="next_phase", phase=phase))
        await coach.interviews.step(learner, Step(id, candidate=said[-1] if said else ""))
    return id


def pieces(quote: str) -> list[str]:
    """The quote and parts of it, the longest first: no grader needs to quote one thing twice."""
    words = quote.split()
    parts = [
        " ".join(words[start : start + length])
        for length in range(len(words), 1, -1)
        for start in range(len(words) - length + 1)
    ]
    return [part for part in parts if len(part) >= SHORTEST_QUOTE] or [quote]


async def praised(
    coach: Coach, learner: Learner, id: UUID, round: Round, quote: str, **fields: object
) -> InterviewFinished:
    """The verdict on it after a grader who gives nothing but fours."""
    names = rubric(round).names
    scores = tuple(
        Score(name, 4, (each,)) for name, each in zip(names, cycle(pieces(quote)), strict=False)
    )
    values: dict[str, object] = {"outcome": Outcome.SOLVED, "tests_failed": 0}
    return await coach.grading.finish(
        learner,
        Scorecard(id, scores, **(values | fields)),  # type: ignore[arg-type]  # the caller's choice
    )


@pytest.fixture
async def checked(coach: Coach) -> AsyncIterator[Coach]:
    """The coach, with workers of its sandbox ended afterwards."""
    yield coach
    await coach.sandbox.aclose()


# --- Nothing said.


@pytest.mark.parametrize("round", list(Round))
@pytest.mark.parametrize("said", [[], ["", "  \n "], ["ok", "yes", "no", "?!"]], ids=repr)
async def test_without_words_there_is_no_quote_and_so_no_score_at_the_bar(
    coach: Coach, learner: Learner, round: Round, said: list[str]
) -> None:
    id = await held(coach, learner, round, said)
    for quote in (*said, PROMPT, "I would use a heap here"):
        with pytest.raises(EvidenceNotFound):
            await praised(coach, learner, id, round, quote)
    low = tuple(Score(name, 2, (PROMPT,)) for name in rubric(round).names)
    told = await coach.grading.finish(learner, Scorecard(id, low, Outcome.SOLVED))
    assert told.verdict == Label.STRONG_NO_HIRE
    assert told.average == 1


@pytest.mark.parametrize("round", list(Round))
@pytest.mark.parametrize("said", NOTHING.values(), ids=NOTHING)
async def test_words_that_say_nothing_do_not_pass_whatever_the_grader_gives(
    coach: Coach, learner: Learner, round: Round, said: list[str]
) -> None:
    id = await held(coach, learner, round, said)
    quote = max(said, key=len).strip()[:60]
    if len(quote.split()) < 3:
        with pytest.raises(EvidenceNotFound):
            await praised(coach, learner, id, round, quote)
        return
    told = await praised(coach, learner, id, round, quote)
    assert told.average <= 2
    assert told.verdict not in HIRES


@pytest.mark.parametrize("round", list(Round))
@pytest.mark.parametrize("salad", SALADS.values(), ids=SALADS)
async def test_a_list_of_terms_scores_low_however_it_is_dressed(
    coach: Coach, learner: Learner, round: Round, salad: str
) -> None:
    id = await held(coach, learner, round, [salad])
    told = await praised(coach, learner, id, round, salad[:60])
    assert told.average <= 2
    assert told.verdict not in HIRES
    assert all(score.ceiling for score in told.scores)


@pytest.mark.parametrize("round", list(Round))
async def test_reading_everything_back_is_no_answer(
    checked: Coach, learner: Learner, round: Round
) -> None:
    started = await checked.interviews.start(learner, Plan(round=round, minutes=30))
    id = UUID(started.interview_id)
    probe = "What would you do if there were ten times as many of them tomorrow?"
    told = [started.candidate_brief.text]
    for phase in list(started.phases)[1:]:
        await checked.interviews.step(learner, Step(id, probe, "\n".join([*told, probe])))
        if round is not Round.BEHAVIORAL and len(told) <= MOST:
            hinted = await checked.interviews.step(learner, Step(id, action="hint"))
            told.append(hinted.hint or "")
        moved = await checked.interviews.step(learner, Step(id, action="next_phase", phase=phase))
        if moved.candidate_brief is not None:
            told.append(moved.candidate_brief.text)
    await checked.interviews.step(learner, Step(id, probe, "\n".join([*told, probe])))
    sentences = [line for text in told for line in text.splitlines() if len(line.split()) > 5]
    with pytest.raises(EvidenceNotFound, match="only repeat the question"):
        await praised(checked, learner, id, round, sentences[0])
    low = tuple(Score(name, 2, (probe,)) for name in rubric(round).names)
    finished = await checked.grading.finish(learner, Scorecard(id, low, Outcome.SOLVED))
    assert finished.verdict == Label.STRONG_NO_HIRE
    (attempt,) = await checked.practice.recent(learner)
    assert attempt.outcome is Outcome.FAILED


@pytest.mark.parametrize("round", list(Round))
async def test_an_answer_in_sentences_is_not_taken_for_any_of_these(
    coach: Coach, learner: Learner, round: Round
) -> None:
    id = await held(coach, learner, round, [SAID])
    told = await praised(coach, learner, id, round, SAID)
    assert told.verdict in HIRES
    assert min(score.score for score in told.scores) >= 3


# --- Code.


async def _coded(
    coach: Coach, learner: Learner, *codes: str, **fields: object
) -> InterviewFinished:
    started = await coach.interviews.start(
        learner, Plan(question=ASKED_FOR_CODE, minutes=30, fresh=True)
    )
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, "Go on.", SAID))
    await coach.interviews.step(learner, Step(id, action="next_phase", phase="test"))
    await coach.interviews.step(learner, Step(id, "And now?", "With an empty row it is zero."))
    for code in codes:
        await coach.checking.check(learner, code, id, None)
    return await praised(coach, learner, id, Round.CODING, SAID, **fields)


def solution() -> str:
    task = questions()[ASKED_FOR_CODE].code
    assert task is not None
    return task.solutions[0].code


def entry() -> str:
    task = questions()[ASKED_FOR_CODE].code
    assert task is not None
    return task.entry


def visible_only(otherwise: str) -> str:
    """Code that knows the answers to the visible tests by heart."""
    task = questions()[ASKED_FOR_CODE].code
    assert task is not None
    known = "".join(
        f"    if args == {test.given}:\n        return {test.expected}\n" for test in task.visible
    )
    return f"def {task.entry}(*args):\n    {otherwise}\n{known}    return -1\n"


async def test_a_solution_that_passes_can_be_a_strong_hire(
    checked: Coach, learner: Learner
) -> None:
    told = await _coded(checked, learner, solution())
    assert (told.verdict, told.signals.verified, told.signals.tests_failed) == (
        Label.STRONG_HIRE,
        True,
        0,
    )


@pytest.mark.parametrize("claimed", [None, 0])
async def test_code_that_fails_hidden_tests_is_no_hire_whatever_is_claimed(
    checked: Coach, learner: Learner, claimed: int | None
) -> None:
    told = await _coded(checked, learner, visible_only("pass"), tests_failed=claimed)
    assert told.verdict not in HIRES
    assert (told.signals.tests_failed or 0) > 0
    lowered = {score.dimension: score for score in told.scores if score.ceiling}
    assert lowered["technical_competency"].given == 4
    assert lowered["technical_competency"].score == 2
    (attempt,) = await checked.practice.recent(learner)
    assert attempt.outcome is Outcome.FAILED


async def test_code_that_leaves_hidden_tests_no_time_has_failed_them(
    checked: Coach, learner: Learner
) -> None:
    slow = visible_only("for _ in range(30_000_000): pass")
    told = await _coded(checked, learner, slow)
    assert told.verdict not in HIRES


async def test_code_that_was_never_run_is_no_strong_hire(checked: Coach, learner: Learner) -> None:
    told = await _coded(checked, learner)
    assert told.signals.verified is False
    assert told.verdict != Label.STRONG_HIRE


async def test_code_that_cannot_be_run_does_not_undo_what_has_failed(
    checked: Coach, learner: Learner
) -> None:
    unknown = f"import numpy\ndef {entry()}(*args):\n    return numpy.zeros(1)\n"
    told = await _coded(checked, learner, visible_only("pass"), unknown)
    assert told.verdict not in HIRES
    told = await _coded(checked, learner, unknown)
    assert told.signals.verified is False


async def test_code_that_cannot_be_verified_is_worth_no_more_than_code_never_run(
    checked: Coach, learner: Learner
) -> None:
    unknown = f"import numpy\ndef {entry()}(*args):\n    return numpy.zeros(1)\n"
    never_run, unverified = [await _coded(checked, learner, *codes) for codes in ((), (unknown,))]
    assert unverified.scores == never_run.scores
    assert unverified.verdict == never_run.verdict != Label.STRONG_HIRE


async def test_the_last_run_counts_and_not_the_best(checked: Coach, learner: Learner) -> None:
    assert (await _coded(checked, learner, visible_only("pass"), solution())).verdict in HIRES
    told = await _coded(checked, learner, solution(), visible_only("pass"))
    assert told.verdict not in HIRES


async def test_code_run_for_another_question_says_nothing_about_this_one(
    checked: Coach, learner: Learner
) -> None:
    await checked.checking.check(learner, solution(), None, ASKED_FOR_CODE)
    assert (await _coded(checked, learner)).signals.verified is False


# --- The same input, the same verdict.

GRADES = st.integers(1, 4)


def judged(
    round: Round, grades: list[int], *, failed: int | None, claimed: int | None, minutes: int
) -> Judgement:
    spec, names = round_spec(round, 45), rubric(round).names
    question = next(one for one in questions().values() if one.round is round)
    interview = open_interview(
        ID, spec, question=question.slug, level=Level.SENIOR, minutes=45, at=NOW
    )
    said = [SAID, f"And then I would say that again. {SAID}"]
    transcript = [
        Turn(place, Speaker.CANDIDATE, spec.names[-place], text, NOW)
        for place, text in enumerate(said, 1)
    ]
    quotes = cycle(SAID.split(". "))
    scores = tuple(
        Score(name, grade, (quote,))
        for name, grade, quote in zip(names, grades, quotes, strict=False)
    )
    card = Scorecard(ID, scores, Outcome.SOLVED, tests_failed=claimed)
    check = (
        None
        if failed is None
        else SolutionCheck(ID, ID, question.slug, "pass", 9, failed, True, NOW)
    )
    at = NOW + timedelta(minutes=minutes)
    return judge(interview, card, transcript, at, question=question, check=check)


@given(
    st.sampled_from(list(Round)),
    st.lists(GRADES, min_size=5, max_size=5),
    st.one_of(st.none(), st.integers(0, 12)),
    st.one_of(st.none(), st.integers(0, 12)),
    st.integers(0, 24),
)
def test_a_verdict_follows_from_what_it_rests_on_and_from_nothing_else(
    round: Round, grades: list[int], failed: int | None, claimed: int | None, minutes: int
) -> None:
    told = judged(round, grades, failed=failed, claimed=claimed, minutes=minutes)
    assert told == judged(round, grades, failed=failed, claimed=claimed, minutes=minutes)
    for final, given_ in zip(told.finals, grades, strict=False):
        assert final.given == given_
        assert (final.score < given_) == (final.ceiling is not None)
    if round in WITH_CODE:
        if failed:
            assert told.verdict.label not in HIRES
            assert told.outcome is Outcome.FAILED
            assert told.signals.tests_failed == failed
        if failed is None:
            assert told.verdict.label is not Label.STRONG_HIRE
        if failed is not None:
            other = judged(round, grades, failed=failed, claimed=None, minutes=minutes)
            assert told == other


@given(
    st.sampled_from(list(Round)),
    st.lists(GRADES, min_size=5, max_size=5),
    st.integers(0, 4),
    st.one_of(st.none(), st.integers(0, 3)),
)
def test_a_higher_grade_never_lowers_a_verdict(
    round: Round, grades: list[int], place: int, failed: int | None
) -> None:
    higher = [min(grade + (index == place), 4) for index, grade in enumerate(grades)]
    first, second = (
        judged(round, each, failed=failed, claimed=0, minutes=5) for each in (grades, higher)
    )
    order = list(Label)
    assert order.index(second.verdict.label) <= order.index(first.verdict.label)
    assert second.verdict.average >= first.verdict.average


async def test_two_learners_with_the_same_interview_get_the_same_verdict(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    told = []
    for one in (learner, Learner.of(f"{learner.subject}-again")):
        id = await held(coach, one, Round.SYSTEM_DESIGN, [SAID])
        told.append(await praised(coach, one, id, Round.SYSTEM_DESIGN, SAID))
        clock.forward(hours=3)
    assert told[0].scores == told[1].scores
    assert (told[0].verdict, told[0].average) == (told[1].verdict, told[1].average)
    assert told[0].would_have_raised_it == told[1].would_have_raised_it
