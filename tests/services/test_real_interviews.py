"""Real interviews: told once, held against what was believed then, and erased without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loops import loop_rounds
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import Conflict, InvalidInput, UnknownInterview
from maang_mcp.domain.level import Level
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.progress import Progress, ReadinessShown
from maang_mcp.services.requests import RealReport
from tests.factories import SteppingClock, report
from tests.lives import interviewed

from .test_progress import practise

PASSED, REJECTED = RealResult.PASSED, RealResult.REJECTED


async def told(coach: Coach, learner: Learner, result: RealResult, **fields: Any) -> UUID:
    """A real interview as the learner tells it; its id."""
    shown = await coach.learners.update_profile(learner, {}, RealReport(result, **fields))
    assert shown.real_interview_id is not None
    return UUID(shown.real_interview_id)


async def ready(coach: Coach, learner: Learner, round: Round = Round.CODING) -> ReadinessShown:
    (found,) = (await coach.progress.report(learner, round)).readiness
    return found


def chance(found: ReadinessShown) -> float:
    assert found.probability is not None
    return found.probability


async def practised(
    coach: Coach, learner: Learner, clock: SteppingClock, round: Round = Round.CODING
) -> None:
    """Ten attempts at a round, and an hour of rest."""
    await practise(coach, learner, clock, 10, round=round, hours=7, minutes=9)
    clock.forward(hours=1)


@pytest.mark.parametrize("result", RealResult)
async def test_a_real_result_corrects_the_readiness_of_its_round(
    coach: Coach, learner: Learner, clock: SteppingClock, result: RealResult
) -> None:
    await practised(coach, learner, clock)
    before = await ready(coach, learner)
    assert (before.real, before.uncorrected) == (0, None)
    id = await told(coach, learner, result, round=Round.CODING, company="Google")
    report = await coach.progress.report(learner)
    after = report.readiness[0]
    assert (after.real, after.mocks, after.n, after.uncorrected) == (1, 0, 10, before.probability)
    assert (chance(after) > chance(before)) == (result is PASSED)
    assert abs(chance(after) - chance(before)) > 0.05
    assert after.low is not None
    assert after.high is not None
    assert after.low < chance(after) < after.high
    (shown,) = report.real_interviews
    assert shown.id == str(id)
    assert (shown.on, shown.result, shown.round) == (clock().date(), result, "coding")
    assert (shown.company, shown.estimated) == ("Google", before.probability)


async def test_a_real_result_weighs_more_than_a_mock(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    for who in (learner, other):
        await practised(coach, who, clock)
    real = await told(coach, learner, REJECTED, round=Round.CODING)
    mock = await interviewed(coach, other, clock, score=1)
    rejected, failed = await ready(coach, learner), await ready(coach, other)
    assert (rejected.real, failed.mocks) == (1, 1)
    assert rejected.uncorrected is not None
    assert failed.uncorrected is not None
    assert rejected.uncorrected - chance(rejected) > failed.uncorrected - chance(failed) > 0
    assert real != mock


async def test_without_enough_evidence_a_result_is_kept_and_shown_and_moves_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practise(coach, learner, clock, 9, minutes=9)
    clock.forward(hours=1)
    await told(coach, learner, REJECTED, round=Round.CODING)
    clock.forward(hours=1)
    await practise(coach, learner, clock, 12, minutes=9)
    report = await coach.progress.report(learner)
    (found,) = report.readiness
    assert (found.enough_evidence, found.real, found.uncorrected) == (True, 0, None)
    (shown,) = report.real_interviews
    assert (shown.result, shown.estimated) == ("rejected", None)


async def test_a_result_is_held_against_what_was_believed_before_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    """Told a month late, with much practice in between."""
    await practised(coach, learner, clock)
    then, day = await ready(coach, learner), clock()
    clock.forward(days=20)
    for slug in ("two-sum", "3sum", "coin-change", "lru-cache", "word-break", "course-schedule"):
        await coach.practice.record_attempt(learner, report(slug, Outcome.GAVE_UP))
        clock.forward(days=2)
    assert chance(await ready(coach, learner)) < chance(then)
    await told(coach, learner, PASSED, round=Round.CODING, when=day.isoformat())
    (shown,) = (await coach.progress.report(learner)).real_interviews
    assert shown.estimated == then.probability


async def test_what_was_estimated_counts_the_results_before_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practised(coach, learner, clock)
    await interviewed(coach, learner, clock, score=1)
    clock.forward(hours=1)
    await told(coach, learner, REJECTED, round=Round.CODING)
    clock.forward(hours=1)
    corrected = await ready(coach, learner)
    assert (corrected.real, corrected.mocks) == (1, 1)
    await told(coach, learner, REJECTED, round=Round.CODING)
    latest, first = (await coach.progress.report(learner)).real_interviews
    assert latest.estimated == corrected.probability
    assert first.estimated is not None
    assert (latest.estimated or 0) < first.estimated
    assert (await ready(coach, learner)).real == 2


async def test_a_rejected_loop_counts_less_against_a_round_than_its_own_rejection(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    assert Round.CODING in loop_rounds(Level.MID, "Google")
    other = Learner.of(f"other-{uuid4()}")
    for who in (learner, other):
        await practised(coach, who, clock)
    before = await ready(coach, learner)
    await told(coach, learner, REJECTED, company="Google")
    await told(coach, other, REJECTED, company="Google", round=Round.CODING)
    loop, own = await ready(coach, learner), await ready(coach, other)
    assert (loop.real, own.real) == (1, 1)
    assert chance(own) < chance(loop) <= chance(before)
    report = await coach.progress.report(learner)
    assert [one.round for one in report.readiness] == [Round.CODING]
    (shown,) = report.real_interviews
    assert (shown.round, shown.estimated) == (None, None)


async def test_a_loop_with_evidence_on_every_round_is_estimated_as_a_whole(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    rounds = sorted(set(loop_rounds(Level.MID, None)))
    for round in rounds:
        await practised(coach, learner, clock, round)
    before = {one.round: one for one in (await coach.progress.report(learner)).readiness}
    await told(coach, learner, PASSED)
    report = await coach.progress.report(learner)
    (shown,) = report.real_interviews
    assert shown.estimated is not None
    assert 0 < shown.estimated <= min(chance(before[round]) for round in rounds)
    for one in report.readiness:
        assert one.real == 1
        assert chance(one) > chance(before[one.round])


async def test_the_same_report_under_the_same_id_changes_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practised(coach, learner, clock)
    id = uuid4()
    asked = RealReport(REJECTED, Round.CODING, "Google", "3 days ago", id)
    first = await coach.learners.update_profile(learner, {}, asked)
    seen = await coach.progress.report(learner)
    clock.forward(minutes=9)
    assert await coach.learners.update_profile(learner, {}, asked) == first
    assert await coach.progress.report(learner) == seen
    clock.forward(days=2)
    assert await coach.learners.update_profile(learner, {}, asked) == first
    for other in (
        replace(asked, result=PASSED),
        replace(asked, round=None),
        replace(asked, company="Meta"),
        replace(asked, when="4 days ago"),
        replace(asked, when="yesterday"),
        replace(asked, when=clock().isoformat()),
    ):
        with pytest.raises(Conflict, match="different real interview"):
            await coach.learners.update_profile(learner, {"name": "Eve"}, other)
    assert (await coach.learners.profile(learner)).name is None
    assert len((await coach.progress.report(learner)).real_interviews) == 1


async def test_a_report_changes_no_field_of_the_profile_and_goes_along_with_one(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.learners.update_profile(learner, {"name": "Ada", "target_level": "L5"})
    before = await coach.learners.profile(learner)
    alone = await coach.learners.update_profile(learner, {}, RealReport(PASSED))
    assert alone.status == (
        "On record: whole loop, passed; too little evidence for an estimate before it."
    )
    assert await coach.learners.profile(learner) == before
    both = await coach.learners.update_profile(
        learner, {"name": "Grace"}, RealReport(REJECTED, Round.SYSTEM_DESIGN, " Acme,  Inc. ")
    )
    assert both.name == "Grace"
    assert both.status.startswith("On record: system design round at Acme, Inc., rejected; ")
    assert both.status.endswith(" Updated: name.")
    assert both.next_actions[0] == "progress_report"
    async with store.reading(learner.id) as uow:
        (first, second) = await uow.real_interviews.all()
        trail = await uow.learner._connection.execute(text("SELECT action FROM audit_event"))
        actions = sorted(trail.scalars())
    assert (first.round, second.company, second.level) == (None, "Acme, Inc.", Level.SENIOR)
    assert actions == 2 * ["record_real_interview"] + 2 * ["update_profile"]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (RealReport(company="Google"), "passed or rejected"),
        (RealReport(round=Round.CODING), "passed or rejected"),
        (RealReport(when="yesterday"), "passed or rejected"),
        (RealReport(id=UUID(int=7)), "passed or rejected"),
        (RealReport(PASSED, when="2031-01-01"), "future"),
        (RealReport(PASSED, when="whenever"), "not a date"),
        (RealReport(PASSED, company="?!"), "no name of a company"),
        (RealReport(PASSED, company="x" * 101), "no name of a company"),
    ],
)
async def test_a_report_that_makes_no_sense_is_refused_and_changes_nothing(
    coach: Coach, learner: Learner, report: RealReport, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await coach.learners.update_profile(learner, {"name": "Ada"}, report)
    assert words in refused.value.explain()
    assert (await coach.learners.profile(learner)).name is None
    assert (await coach.progress.report(learner)).real_interviews == []


async def test_a_forgotten_real_interview_might_never_have_been(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practised(coach, learner, clock)
    before = await coach.progress.report(learner)
    id = await told(coach, learner, REJECTED, round=Round.CODING)
    assert await coach.progress.report(learner) != before
    stranger = Learner.of(f"stranger-{uuid4()}")
    with pytest.raises(UnknownInterview, match="No real interview") as refused:
        await coach.erasure.forget(stranger, "real_interview", id, "")
    assert "progress_report" in refused.value.explain()
    erased = await coach.erasure.forget(learner, "real_interview", id, "")
    assert erased.erased == f"real_interview {id}"
    assert await coach.progress.report(learner) == before
    with pytest.raises(UnknownInterview):
        await coach.erasure.forget(learner, "real_interview", id, "")


async def test_a_replay_leaves_real_results_where_they_were(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await practised(coach, learner, clock)
    await told(coach, learner, REJECTED, round=Round.CODING, when="yesterday")
    seen = await coach.progress.report(learner)
    await coach.practice.replay(learner)
    assert await coach.progress.report(learner) == seen


async def test_an_attempt_told_late_changes_what_a_result_is_held_against(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    """What is derived follows the record; what was told stays as it was told."""
    await practise(coach, learner, clock, 9, minutes=9, hours=7)
    clock.forward(hours=1)
    await told(coach, learner, REJECTED, round=Round.CODING)
    clock.forward(hours=1)
    late = (clock() - timedelta(hours=5)).isoformat()
    await coach.practice.record_attempt(learner, report("word-ladder", when=late))
    report_now = await coach.progress.report(learner)
    assert (report_now.readiness[0].n, report_now.readiness[0].real) == (10, 1)
    assert report_now.real_interviews[0].estimated is None


async def test_a_round_filter_leaves_out_other_rounds_and_keeps_whole_loops(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for round in (Round.CODING, Round.BEHAVIORAL, None):
        clock.forward(days=1)
        await told(coach, learner, PASSED, round=round)

    def shown(report: Progress) -> list[Round | None]:
        return [one.round for one in report.real_interviews]

    assert shown(await coach.progress.report(learner)) == [None, Round.BEHAVIORAL]
    assert shown(await coach.progress.report(learner, Round.CODING)) == [None, Round.CODING]
