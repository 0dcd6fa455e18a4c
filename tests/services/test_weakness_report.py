"""The weakness report over any history: nothing untested is weak, no number stands without n."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from tests.factories import SteppingClock, report
from tests.lives import ASKED, interviewed, weaken


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_untested_is_called_weak_and_no_number_stands_without_n(
    coach: Coach, learner: Learner, clock: SteppingClock, seed: int
) -> None:
    dice = Random(seed)
    problems = dice.sample(sorted(catalogue(), key=lambda problem: problem.slug), 6)
    tried: set[str] = set()
    for n in range(dice.randrange(1, 18)):
        problem = dice.choice(problems)
        outcome = dice.choice(list(Outcome))
        culprit = None if outcome is Outcome.SOLVED else dice.choice([None, *problem.skills])
        tried |= {*problem.skills, *([culprit] if culprit else [])}
        clock.forward(hours=dice.choice([0, 2, 30, 900]))
        await coach.practice.record_attempt(
            learner,
            report(
                problem.slug,
                outcome,
                round=problem.round,
                minutes=dice.choice([None, 9.0, 60.0]),
                mistakes=tuple(dice.sample(list(Mistake), n % 3)),
                culprit_skill=culprit,
            ),
        )
    families = {skill_graph()[name].family for name in tried}
    for round in (None, *Round):
        told = await coach.coaching.weakness_report(learner, round=round, limit=50)
        assert not set(told.untested) & tried
        for weakness in (*told.weaknesses, *told.resolved):
            assert weakness.kind not in ("skill", "pattern") or weakness.name in tried | families
            assert weakness.n >= 1
            assert 0 <= weakness.severity <= 10
            assert 0 <= weakness.confidence <= 1
        for strength in told.strengths:
            assert strength.skill in tried
            assert strength.n >= 1
            assert 0 < strength.mastery < 1
            assert 0.6 <= strength.confidence <= 1
        if not told.enough_evidence:
            assert (told.weaknesses, told.strengths) == ([], [])
            assert "Not enough evidence yet" in told.status


async def test_a_round_narrows_strengths_as_well(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    hard = [p for p in catalogue().search(skill="dp-1d") if p.difficulty is Difficulty.HARD]
    for problem in hard[:12]:
        clock.forward(hours=9)
        await coach.practice.record_attempt(learner, report(problem.slug, minutes=8))
    coding = await coach.coaching.weakness_report(learner, round=Round.CODING)
    assert coding.strengths
    assert (await coach.coaching.weakness_report(learner, round=Round.BEHAVIORAL)).strengths == []


async def test_a_round_nobody_practised_has_no_evidence_and_says_so(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, round=Round.SYSTEM_DESIGN)
    assert told.status == "Not enough evidence yet: no system design attempt is on record."
    assert (told.weaknesses, told.strengths, told.resolved) == ([], [], [])


async def test_an_overcome_mistake_is_told_under_the_round_it_occurred_in(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    opened = await weaken(coach, learner, clock)
    assert "wrong_pattern" in opened
    resolved: list[str] = []
    for problem in catalogue().search(skill="trees", round=Round.CODING)[:50]:
        clock.forward(hours=20)
        resolved += (
            await coach.practice.record_attempt(learner, report(problem.slug, minutes=8))
        ).resolved
        if "wrong_pattern" in resolved:
            break
    for round in (Round.CODING, Round.BEHAVIORAL):
        told = await coach.coaching.weakness_report(learner, round=round)
        overcome = {weakness.name for weakness in told.resolved}
        assert ("wrong_pattern" in overcome) == (round is Round.CODING)


async def test_a_low_rubric_dimension_is_told_with_its_mocks_trend_and_advice(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    for question in (ASKED, "two-sum", "3sum", "coin-change"):
        clock.forward(days=1)
        await interviewed(coach, learner, clock, question, score=2)
    told = await coach.coaching.weakness_report(learner, round=Round.CODING, limit=50)
    low = [weakness for weakness in told.weaknesses if weakness.kind == "dimension"]
    assert {weakness.name for weakness in low} == {
        "coding: communication",
        "coding: problem_solving",
        "coding: technical_competency",
        "coding: testing",
    }
    assert {weakness.name for weakness in low} <= {
        weakness.name
        for weakness in (await coach.coaching.weakness_report(learner, limit=50)).weaknesses
    }
    for weakness in low:
        assert (weakness.n, weakness.label, len(weakness.evidence)) == (4, "established", 3)
        assert weakness.recommendation
        assert all(cited.uri.startswith("maang://interviews/") for cited in weakness.evidence)


async def test_every_cited_attempt_carries_what_was_predicted_of_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, limit=50)
    cited = [one for weakness in told.weaknesses for one in weakness.evidence]
    assert cited
    assert all(one.predicted is not None and 0 < one.predicted < 1 for one in cited)


async def test_a_solver_who_is_always_late_has_a_weakness_of_pace_in_that_round(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    easy = sorted(p.slug for p in catalogue() if p.round is Round.CODING and p.difficulty == "easy")
    for slug in easy[:8]:
        clock.forward(days=1)
        await coach.practice.record_attempt(learner, report(slug, minutes=45))
    told = await coach.coaching.weakness_report(learner, round=Round.CODING, limit=50)
    (pace,) = (weakness for weakness in told.weaknesses if weakness.kind == "pace")
    assert (pace.name, pace.n, pace.label) == ("coding", 8, "established")


async def test_severity_is_measured_at_what_the_target_level_asks(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)

    async def severity(level: str) -> tuple[float, float]:
        await coach.learners.update_profile(learner, {"target_level": level})
        told = await coach.coaching.weakness_report(learner, skill="sliding-window")
        (found,) = (w for w in told.weaknesses if w.name == "sliding-window")
        return found.severity, found.confidence

    mid, senior, staff = [await severity(level) for level in ("mid", "senior", "staff")]
    assert mid == senior
    assert staff[0] > mid[0]
    assert staff[1] == mid[1]


async def test_a_level_that_a_company_has_no_rung_for_is_read_on_the_common_ladder(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    goal = {"target_level": "L3", "target_companies": ["Amazon"]}
    await coach.learners.update_profile(learner, goal)
    assert (await coach.coaching.weakness_report(learner)).weaknesses
    assert (await coach.progress.report(learner)).level == "entry"


async def test_opened_dates_stay_while_the_weakness_does(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    before = await coach.coaching.weakness_report(learner, skill="sliding-window")
    (found,) = (w for w in before.weaknesses if w.name == "sliding-window")
    assert found.opened is not None
    clock.forward(days=3)
    await coach.practice.record_attempt(learner, report("two-sum", minutes=9))
    after = await coach.coaching.weakness_report(learner, skill="sliding-window")
    (still,) = (w for w in after.weaknesses if w.name == "sliding-window")
    assert (still.opened, still.resolved) == (found.opened, None)
    assert clock().date() - found.opened > timedelta(days=3)
