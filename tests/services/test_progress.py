"""Progress: numbers with their n, none where evidence is thin, days where the learner lives."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.grade_inflation import GradeInflation
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.skills import Round
from maang_mcp.services.progress import DIMENSIONS_SHOWN
from maang_mcp.services.progress_views import note, percent
from maang_mcp.services.receipts import stored
from maang_mcp.services.requests import RealReport, StudyGoal
from tests.factories import NOW, HashEmbedder, Ids, SteppingClock, report
from tests.lives import ASKED, interviewed


def slugs(n: int, round: Round = Round.CODING) -> list[str]:
    return sorted(problem.slug for problem in catalogue() if problem.round is round)[:n]


async def practise(
    coach: Coach,
    learner: Learner,
    clock: SteppingClock,
    n: int,
    outcome: Outcome = Outcome.SOLVED,
    *,
    round: Round = Round.CODING,
    hours: float = 24.0,
    **fields: object,
) -> None:
    """So many attempts, one every so many hours; the clock is left at the last."""
    for place, slug in enumerate(slugs(n, round)):
        if place:
            clock.forward(hours=hours)
        await coach.practice.record_attempt(learner, report(slug, outcome, **fields))


def tokens(answer: object) -> float:
    return len(json.dumps(stored(answer))) / 4


async def test_nothing_on_record_is_no_number_at_all(coach: Coach, learner: Learner) -> None:
    told = await coach.progress.report(learner)
    assert told.status == "Nothing is on record yet: insufficient evidence for any round."
    (coding,) = told.readiness
    assert (coding.round, coding.probability, coding.low, coding.high) == (
        Round.CODING,
        None,
        None,
        None,
    )
    assert coding.means == "insufficient evidence: 0 of 10 attempts"
    assert (told.weeks, told.overconfidence, told.rubric, told.mocks) == ([], None, [], [])
    assert (told.streak.current, told.streak.longest, told.streak.active_days) == (0, 0, 0)


async def test_nine_attempts_give_no_number_and_the_tenth_gives_one(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 9, minutes=10)
    (coding,) = (await coach.progress.report(learner)).readiness
    assert (coding.probability, coding.enough_evidence, coding.n) == (None, False, 9)
    assert coding.means == "insufficient evidence: 9 of 10 attempts"
    await coach.practice.record_attempt(learner, report("two-sum", minutes=10))
    told = await coach.progress.report(learner)
    (coding,) = told.readiness
    assert coding.n == 10
    assert coding.enough_evidence
    assert coding.probability is not None
    assert coding.low is not None
    assert coding.high is not None
    assert 0 < coding.low < coding.probability < coding.high < 1
    assert coding.means == "P(at least 3 of 4 problems solved alone in time)"
    assert told.status == (
        f"Coding readiness {coding.probability * 100:.0f} % (80 % interval "
        f"{coding.low * 100:.0f} % to {coding.high * 100:.0f} %, n = 10 attempts); "
        "practised 9 days in a row."
    )


async def test_no_readiness_is_told_as_none_at_all(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.learners.update_profile(learner, {"target_level": "staff"})
    await practise(coach, learner, clock, 20, Outcome.GAVE_UP, hours=6)
    status = (await coach.progress.report(learner)).status
    assert status.startswith("Coding readiness under 1 % (80 % interval under 1 % to ")


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "under 1 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.5, "50 %"),
        (0.99, "99 %"),
        (0.991, "over 99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_nobody_is_told_a_certainty(probability: float, said: str) -> None:
    assert percent(probability) == said


async def test_each_round_answers_for_its_own_attempts(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 10, hours=5)
    await practise(coach, learner, clock, 4, round=Round.BEHAVIORAL, hours=5)
    told = await coach.progress.report(learner)
    assert [(one.round, one.n, one.enough_evidence) for one in told.readiness] == [
        (Round.CODING, 10, True),
        (Round.BEHAVIORAL, 4, False),
    ]
    narrowed = await coach.progress.report(learner, Round.BEHAVIORAL)
    assert narrowed.readiness == told.readiness[1:]
    assert narrowed.streak == told.streak
    (design,) = (await coach.progress.report(learner, Round.SYSTEM_DESIGN)).readiness
    assert (design.n, design.probability) == (0, None)


async def test_a_higher_level_asks_more(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 12, minutes=10)
    told = {}
    for level in (None, "entry", "mid", "senior", "staff"):
        if level:
            await coach.learners.update_profile(learner, {"target_level": level})
        answer = await coach.progress.report(learner)
        told[level] = answer.readiness[0].probability or 0.0
        assert answer.level == (level or "mid")
        assert ("is assumed" in answer.note) == (level is None)
    assert told[None] == told["mid"]
    assert told["entry"] > told["mid"] > told["senior"] > told["staff"]


async def test_a_level_is_read_on_the_ladder_of_the_company(coach: Coach, learner: Learner) -> None:
    goal = {"target_level": "L5", "target_companies": ["Amazon"]}
    await coach.learners.update_profile(learner, goal)
    assert (await coach.progress.report(learner)).level == "mid"


async def test_mock_interviews_correct_the_readiness_of_their_round(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 12, minutes=10, hours=8)
    before = (await coach.progress.report(learner)).readiness[0]
    clock.forward(hours=1)
    interviews = [
        await interviewed(coach, learner, clock, question, score=2)
        for question in (ASKED, "two-sum", "3sum")
    ]
    told = await coach.progress.report(learner)
    after = told.readiness[0]
    assert (before.mocks, after.mocks) == (0, 3)
    assert before.probability is not None
    assert after.probability is not None
    assert after.probability < before.probability - 0.1
    assert [mock.uri for mock in told.mocks] == [
        f"maang://interviews/{id}" for id in reversed(interviews)
    ]
    assert {mock.verdict for mock in told.mocks} == {"leaning no hire"}
    assert "volatile" in told.note


async def test_what_was_predicted_before_a_mock_outlives_a_replay(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 10, minutes=10, hours=5)
    clock.forward(hours=1)
    await interviewed(coach, learner, clock)
    told = await coach.progress.report(learner)
    assert told.mocks[0].predicted is not None
    await coach.practice.replay(learner)
    assert await coach.progress.report(learner) == told


async def test_rubric_scores_are_told_with_mean_error_and_n(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for score in (2, 3, 4):
        clock.forward(days=1)
        await interviewed(coach, learner, clock, score=score)
    told = await coach.progress.report(learner)
    assert {entry.dimension for entry in told.rubric} == {
        "communication",
        "problem_solving",
        "technical_competency",
        "testing",
    }
    for entry in told.rubric:
        assert entry.n == len(entry.last) == 3
        assert entry.mean == pytest.approx(sum(entry.last) / 3, abs=0.01)
        assert 1 <= entry.low < entry.mean - 0.5 < entry.mean + 0.5 < entry.high <= 4
        assert entry.last == sorted(entry.last)
        assert entry.latest == clock().date()
    assert (await coach.progress.report(learner, Round.BEHAVIORAL)).rubric == []


async def test_a_single_session_is_told_with_all_the_doubt_it_has(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await interviewed(coach, learner, clock)
    for entry in (await coach.progress.report(learner)).rubric:
        assert entry.n == len(entry.last) == 1
        assert entry.high - entry.low >= 1.5


async def test_scores_beyond_what_the_signals_allow_are_told_as_grade_inflation(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    assert (await coach.progress.report(learner)).grade_inflation is None
    for question in (ASKED, "two-sum", "3sum"):
        await interviewed(coach, learner, clock, question, score=4)
    found = (await coach.progress.report(learner)).grade_inflation
    assert found is not None
    assert found.n == 3
    async with store.reading(learner.id) as uow:
        scores = await uow.progress.rubric_scores(99)
    excess = sum(score.given - score.score for score in scores) / len(scores)
    assert found.excess == pytest.approx(excess, abs=0.01)
    assert excess > 0
    most = max(scores, key=lambda score: score.given - score.score)
    assert found.most_in == most.dimension
    assert (await coach.progress.report(learner, Round.BEHAVIORAL)).grade_inflation is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            GradeInflation(0.84, 4, "problem_solving"),
            "Graders gave 0.8 points more than the server's signals allow, on average over 4 mocks,"
            " most in problem solving: be stricter.",
        ),
        (GradeInflation(0.5, 9, "testing"), ""),
        (GradeInflation(2.0, 2, "testing"), ""),
        (None, ""),
    ],
)
def test_only_a_large_grade_inflation_is_told_in_words(
    found: GradeInflation | None, said: str
) -> None:
    assert note(False, 0, False, found) == said


async def test_too_sure_of_what_failed_is_overconfident_once_ten_were_rated(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 9, Outcome.FAILED, confidence=5)
    await coach.practice.record_attempt(learner, report("two-sum"))  # without a confidence
    assert (await coach.progress.report(learner)).overconfidence is None
    await coach.practice.record_attempt(learner, report("3sum", confidence=5))
    found = (await coach.progress.report(learner)).overconfidence
    assert found is not None
    assert (found.n, found.difference, found.tendency) == (10, 0.9, "overconfident")
    assert 0 < found.low < found.difference <= found.high


async def test_days_begin_where_the_learner_lives(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    clock.at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    await coach.practice.record_attempt(learner, report("two-sum"))
    clock.at = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    await coach.practice.record_attempt(learner, report("3sum"))
    assert (await coach.progress.report(learner)).streak.current == 2
    await coach.learners.update_profile(learner, {"timezone": "America/New_York"})
    assert (await coach.progress.report(learner)).streak.current == 1


async def test_a_streak_breaks_on_the_second_day_without_practice(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 3)
    clock.forward(days=1)
    assert (await coach.progress.report(learner)).streak.current == 3
    clock.forward(days=1)
    told = await coach.progress.report(learner)
    assert (told.streak.current, told.streak.longest, told.streak.active_days) == (0, 3, 3)
    assert "no streak at the moment" in told.status


async def test_weeks_count_attempts_and_the_minutes_somebody_kept(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum", minutes=10.4))
    clock.forward(days=14)
    await coach.practice.record_attempt(learner, report("3sum", minutes=30))
    await coach.practice.record_attempt(learner, report("coin-change"))
    told = await coach.progress.report(learner)
    monday = NOW.date() - timedelta(days=NOW.weekday())
    assert [(w.starts, w.attempts, w.timed, w.minutes) for w in told.weeks] == [
        (monday, 1, 1, 10),
        (monday + timedelta(days=7), 0, 0, 0),
        (monday + timedelta(days=14), 2, 1, 30),
    ]


async def test_a_round_trend_compares_with_a_month_ago(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 10, Outcome.GAVE_UP, hours=2)
    assert (await coach.progress.report(learner)).readiness[0].trend == "not enough data"
    clock.forward(days=20)
    for slug in slugs(40)[10:]:
        clock.forward(hours=12)
        await coach.practice.record_attempt(learner, report(slug, minutes=8))
    assert (await coach.progress.report(learner)).readiness[0].trend == "improving"


async def test_after_a_long_break_there_is_nothing_to_compare_with(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 20, minutes=10, hours=12)
    clock.forward(days=60)
    (coding,) = (await coach.progress.report(learner)).readiness
    assert coding.trend != "not enough data"
    clock.forward(days=60)
    (coding,) = (await coach.progress.report(learner)).readiness
    assert (coding.trend, coding.n) == ("not enough data", 20)


async def test_who_began_lately_is_compared_with_ten_attempts_ago(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 11, minutes=10, hours=2)
    trend = (await coach.progress.report(learner)).readiness[0].trend
    assert trend in ("improving", "steady", "declining")


async def test_a_plan_in_force_is_held_against_what_was_done(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum", minutes=10))
    without = await coach.progress.report(learner)
    assert without.plan is None
    assert "make_plan" in without.next_actions
    goal = StudyGoal(until="4 weeks", hours_per_week=14.0)
    made = await coach.planning.make_plan(learner, goal)
    session = next(one for one in made.next_sessions if one.day > clock().date())
    clock.forward(days=(session.day - clock().date()).days)
    kind, problem, minutes = session.items[0].split()
    assert kind == "new"
    await coach.practice.record_attempt(learner, report(problem, minutes=float(minutes)))
    clock.forward(days=1)
    told = await coach.progress.report(learner)
    assert "make_plan" not in told.next_actions
    assert told.plan is not None
    so_far = told.plan.so_far
    assert told.plan.until == NOW.date() + timedelta(weeks=4)
    assert so_far.done_items >= 1
    assert so_far.planned_items >= so_far.done_items
    assert session.items[0] not in told.plan.missed
    assert bool(told.plan.missed) == (so_far.planned_items > so_far.done_items)
    assert "plan" in told.status


async def test_a_clock_set_back_breaks_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 12, minutes=10)
    forwards = await coach.progress.report(learner)
    clock.forward(days=-400)
    told = await coach.progress.report(learner)
    assert told.streak == forwards.streak
    assert told.readiness[0].probability == forwards.readiness[0].probability


async def test_the_answer_of_a_full_preparation_stays_short(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.learners.update_profile(
        learner, {"target_level": "senior", "timezone": "Europe/Paris"}
    )
    for round in Round:
        await practise(coach, learner, clock, 5, round=round, hours=30, confidence=4, minutes=30)
        await practise(coach, learner, clock, 5, Outcome.FAILED, round=round, confidence=2)
    await coach.planning.make_plan(learner, StudyGoal(until="4 weeks", hours_per_week=14.0))
    clock.forward(days=9)
    for question in (ASKED, "two-sum", "3sum", "coin-change"):
        await interviewed(coach, learner, clock, question)
    for round in Round:
        clock.forward(days=1)
        report = RealReport(RealResult.REJECTED, round, "Hewlett Packard Enterprise")
        await coach.learners.update_profile(learner, {}, report)
    told = await coach.progress.report(learner)
    assert len(told.real_interviews) == 2
    assert all(one.estimated is not None for one in told.real_interviews)
    assert len(told.readiness) == 4
    assert len(told.weeks) == 4
    assert len(told.mocks) == 3
    assert told.overconfidence is not None
    assert told.plan is not None
    assert len(told.plan.missed) == 3
    widest = max(tokens(entry) for entry in told.rubric)
    room = (DIMENSIONS_SHOWN - len(told.rubric)) * widest
    assert tokens(told) + room < 1_000


async def test_a_report_is_cached_until_something_is_recorded_or_a_day_may_have_begun(
    learner: Learner, store: Store, embedder: HashEmbedder, clock: SteppingClock
) -> None:
    cache = InProcessCache()
    cached = wire(store, cache, embedder, clock, Ids())
    await cached.practice.record_attempt(learner, report("two-sum"))
    first = await cached.progress.report(learner)
    assert await cached.progress.report(learner) == first
    assert (cache.counts.misses, cache.counts.hits) == (1, 1)
    assert (await cached.progress.report(learner, Round.CODING)).readiness == first.readiness
    await cached.practice.record_attempt(learner, report("3sum"))
    assert (await cached.progress.report(learner)).attempts == 2
    clock.forward(minutes=15)
    await cached.progress.report(learner)
    assert cache.counts.hits == 1


async def test_a_mock_whose_attempt_was_erased_stays_in_the_history_and_corrects_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    interview = await interviewed(coach, learner, clock)
    async with store.reading(learner.id) as uow:
        (attempt,) = await uow.practice.attempts_in(interview)
    await coach.erasure.forget(learner, "attempt", attempt, "")
    told = await coach.progress.report(learner)
    (coding,) = told.readiness
    assert coding.mocks == 0
    assert [(mock.verdict, mock.predicted) for mock in told.mocks] == [("leaning no hire", None)]
