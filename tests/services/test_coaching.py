"""Advice: the same until something is on record, within what was asked, honest when thin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.errors import InvalidInput, UnknownProblem, UnknownSkill
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.practice import NextProblem
from maang_mcp.services.requests import Status, Wanted
from tests.factories import NOW, HashEmbedder, Ids, SteppingClock, report
from tests.lives import CUSTOM, live, weaken

ANY = Wanted()
CODING = Wanted(round=Round.CODING)


# --- What to practise next.


async def test_the_next_problem_stays_the_same_until_something_is_recorded(
    coach: Coach, learner: Learner
) -> None:
    proposed = []
    for _ in range(12):
        first = await coach.coaching.next_problem(learner, CODING)
        assert first.problem is not None
        for _ in range(2):
            assert await coach.coaching.next_problem(learner, CODING) == first
        proposed.append(first.problem.problem)
        await coach.practice.record_attempt(learner, report(first.problem.problem))
    assert len(set(proposed)) == 12


async def test_the_next_problem_says_why_and_how_likely_it_is_solved(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.coaching.next_problem(learner, CODING)
    assert answer.problem is not None
    assert answer.skill in answer.problem.skills
    assert answer.success_probability is not None
    assert 0 < answer.success_probability < 1
    assert answer.status.startswith(f"Next: {answer.problem.title} (")
    assert answer.reason in answer.status
    assert (answer.problem.attempts, answer.problem.last) == (0, None)


async def test_a_due_review_comes_first_and_a_sitting_is_not_all_reviews(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    practised = ["two-sum", "3sum", "coin-change", "binary-search", "climbing-stairs"]
    for problem in practised:
        await coach.practice.record_attempt(learner, report(problem, Outcome.FAILED))
    clock.forward(days=60)
    proposed = []
    for _ in range(4):
        answer = await coach.coaching.next_problem(learner, CODING)
        assert answer.problem is not None
        proposed.append(answer.problem.problem)
        await coach.practice.record_attempt(learner, report(answer.problem.problem))
        clock.forward(minutes=40)
    assert proposed[0] in practised
    assert 1 <= sum(problem in practised for problem in proposed) <= 2


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(skill="graphs"), lambda p: _topic("graphs") & set(p.skills)),
        (Wanted(difficulty=Difficulty.HARD), lambda p: p.difficulty is Difficulty.HARD),
        (Wanted(max_minutes=20), lambda p: p.minutes <= 20),
        (Wanted(list_name="Blind 75"), lambda p: "blind75" in p.lists),
        (Wanted(round=Round.SYSTEM_DESIGN), lambda p: p.round is Round.SYSTEM_DESIGN),
        (
            Wanted(skill="trees", difficulty=Difficulty.EASY, list_name="neetcode 150"),
            lambda p: "neetcode150" in p.lists and p.difficulty is Difficulty.EASY,
        ),
    ],
    ids=["skill", "difficulty", "minutes", "list", "round", "several"],
)
async def test_the_next_problem_is_one_of_those_asked_for(
    coach: Coach, learner: Learner, wanted: Wanted, fits: object
) -> None:
    assert callable(fits)
    for _ in range(3):
        answer = await coach.coaching.next_problem(learner, wanted)
        assert answer.problem is not None
        assert fits(catalogue().get(answer.problem.problem))
        await coach.practice.record_attempt(learner, report(answer.problem.problem))


async def test_a_round_that_is_not_given_is_that_of_the_skill_and_else_coding(
    coach: Coach, learner: Learner
) -> None:
    for skill in skill_graph().values():
        answer = await coach.coaching.next_problem(learner, Wanted(skill=skill.id))
        assert _round(answer) is skill.round
    for wanted in (Wanted(), Wanted(max_minutes=60), Wanted(difficulty=Difficulty.MEDIUM)):
        assert _round(await coach.coaching.next_problem(learner, wanted)) is Round.CODING


async def test_a_review_is_proposed_with_the_day_it_was_due_and_its_attempts(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    recorded = await coach.practice.record_attempt(learner, report("two-sum", Outcome.FAILED))
    clock.forward(days=20)
    answer = await coach.coaching.next_problem(learner, Wanted(kind=Practice.REVIEW))
    assert answer.problem is not None
    assert (answer.problem.problem, answer.problem.due) == ("two-sum", recorded.next_review)
    assert answer.n == 1
    fresh = await coach.coaching.next_problem(learner, Wanted(kind=Practice.EXPLORE))
    assert fresh.problem is not None
    assert (fresh.problem.due, fresh.n) == (None, 0)


async def test_the_next_review_is_one_that_fits(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    soon = await coach.practice.record_attempt(learner, report("coin-change", Outcome.FAILED))
    later = await coach.practice.record_attempt(learner, report("two-sum", minutes=9))
    assert soon.next_review < later.next_review
    reviews = Wanted(kind=Practice.REVIEW, difficulty=Difficulty.EASY)
    answer = await coach.coaching.next_problem(learner, reviews)
    assert answer.status == (
        f"No review that fits is due now. The next review is due on {later.next_review}. "
        "Ask for another kind."
    )


async def test_that_everything_that_fits_is_practised_is_said(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    said = []
    for problem in ("two-sum", "coin-change", "3sum"):
        await coach.practice.record_attempt(learner, report(problem, companies=("Acme",)))
        answer = await coach.coaching.next_problem(learner, Wanted(company="Acme"))
        said.append(answer.status.split(". ")[0])
    assert said == [
        "The one Acme problem that fits is practised",
        "Both Acme problems that fit are practised",
        "All 3 Acme problems that fit are practised",
    ]
    dues = [
        one.due
        for one in (await coach.library.search_problems(learner, Wanted(company="Acme"))).problems
        if one.due
    ]
    assert f" The next review is due on {min(dues)}. Loosen a filter" in answer.status


async def test_a_filter_nobody_knows_is_refused(coach: Coach, learner: Learner) -> None:
    for wanted, error in (
        (Wanted(skill="telepathy"), UnknownSkill),
        (Wanted(list_name="the grocery list"), InvalidInput),
    ):
        with pytest.raises(error):
            await coach.coaching.next_problem(learner, wanted)
        with pytest.raises(error):
            await coach.library.search_problems(learner, wanted)


async def test_that_nothing_fits_is_said(coach: Coach, learner: Learner) -> None:
    answer = await coach.coaching.next_problem(learner, Wanted(max_minutes=1))
    assert (answer.problem, answer.success_probability) == (None, None)
    assert "No problem fits" in answer.status
    assert answer.next_actions == ["search_problems"]


async def test_a_mock_is_only_offered_for_rounds_that_can_be_interviewed(
    coach: Coach, learner: Learner
) -> None:
    for round in Round:
        answer = await coach.coaching.next_problem(learner, Wanted(round=round))
        assert ("start_interview" in answer.next_actions) == (round in rounds()), round


# --- What there is.


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("any", {"two-sum", "3sum", "coin-change", "binary-search"}),
        ("new", {"binary-search"}),
        ("attempted", {"two-sum", "3sum", "coin-change"}),
        ("solved", {"two-sum", "coin-change"}),
        ("due", {"3sum"}),
    ],
)
async def test_problems_are_searched_by_how_they_went(
    coach: Coach, learner: Learner, clock: SteppingClock, status: Status, found: set[str]
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum"))
    await coach.practice.record_attempt(learner, report("3sum"))
    clock.forward(days=1)
    await coach.practice.record_attempt(learner, report("3sum", Outcome.FAILED))
    await coach.practice.record_attempt(learner, report("coin-change", Outcome.SOLVED_WITH_HINTS))
    clock.forward(days=1)
    problems = await coach.library.search_problems(learner, ANY, status=status, limit=5_000)
    slugs = {problem.problem for problem in problems.problems}
    named = {"two-sum", "3sum", "coin-change", "binary-search"}
    assert slugs & named == found
    assert problems.total == len(problems.problems)


async def test_a_search_tells_how_many_there_are_and_shows_the_best(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report("3sum", Outcome.FAILED))
    problems = await coach.library.search_problems(learner, Wanted(query="3 sum"), limit=2)
    first = problems.problems[0]
    assert (first.problem, first.attempts, first.last) == ("3sum", 1, Outcome.FAILED)
    assert first.due is not None
    assert first.due > NOW.date()
    assert len(problems.problems) == 2 < problems.total
    assert problems.status == f"{problems.total} problems found, 2 shown."


async def test_a_problem_is_shown_with_its_lists_its_difficulty_and_who_can_open_it(
    coach: Coach, learner: Learner
) -> None:
    shown = await coach.library.problem(learner, "max consecutive ones 3")
    assert (shown.number, shown.lists) == (1004, ["leetcode75"])
    assert shown.item_source == "contest rating"
    assert (shown.item_difficulty, shown.item_variance) == (-0.03, 0.15)
    assert not shown.subscriber_only
    assert (await coach.library.problem(learner, "meeting rooms 2")).subscriber_only


async def test_a_search_without_a_match_says_so(coach: Coach, learner: Learner) -> None:
    problems = await coach.library.search_problems(learner, Wanted(max_minutes=1))
    assert (problems.total, problems.problems) == (0, [])
    assert problems.status == "No problem matches; loosen a filter."


async def test_a_problem_of_ones_own_is_found_like_any_other(
    coach: Coach, learner: Learner
) -> None:
    recorded = await coach.practice.record_attempt(learner, report(CUSTOM, skills=("heap",)))
    found = await coach.library.search_problems(learner, Wanted(query="elevator scheduler"))
    assert found.problems[0].problem == recorded.problem
    shown = await coach.library.problem(learner, "acme onsite elevator scheduler")
    assert (shown.problem, shown.skills) == (recorded.problem, ["heap"])
    with pytest.raises(UnknownProblem):
        await coach.library.problem(Learner.of(f"other-{uuid4()}"), CUSTOM)


async def test_an_unknown_problem_is_refused_with_what_is_near(
    coach: Coach, learner: Learner
) -> None:
    with pytest.raises(UnknownProblem, match=r"near it: .*two-sum"):
        await coach.library.problem(learner, "two sums of threes")


# --- Where it hurts.


async def test_nothing_on_record_is_not_enough_evidence(coach: Coach, learner: Learner) -> None:
    report = await coach.coaching.weakness_report(learner)
    assert report.status == "Not enough evidence yet: 0 of at least 5 attempts."
    assert (report.enough_evidence, report.weaknesses, report.strengths) == (False, [], [])
    assert report.untested
    assert {skill_graph()[name].round for name in report.untested} == {Round.CODING}


async def test_a_few_solved_problems_name_no_weakness(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for problem in ("two-sum", "3sum", "coin-change", "binary-search", "climbing-stairs"):
        clock.forward(days=1)
        await coach.practice.record_attempt(learner, report(problem, minutes=10))
    told = await coach.coaching.weakness_report(learner)
    assert told.enough_evidence
    assert told.weaknesses == []
    assert told.status == "Nothing is sure enough to be called a weakness yet (5 attempts)."


async def test_what_is_suspected_most_is_named_while_nothing_is_sure(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for problem in ("two-sum", "binary-search", "climbing-stairs", "valid-anagram", "coin-change"):
        clock.forward(days=1)
        outcome = Outcome.GAVE_UP if problem == "coin-change" else Outcome.SOLVED
        await coach.practice.record_attempt(learner, report(problem, outcome, minutes=10))
    told = await coach.coaching.weakness_report(learner)
    suspected = told.weaknesses[0]
    assert (told.enough_evidence, suspected.kind, suspected.label) == (True, "skill", "watch")
    assert told.status == (
        "Nothing is sure enough to be called a weakness yet (5 attempts); most suspected: "
        f"{skill_graph()[suspected.name].name}, n {suspected.n}, "
        f"confidence {suspected.confidence:.2f}."
    )


async def test_a_skill_nobody_practised_is_not_called_weak(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, skill="tries")
    assert told.status == "Not enough evidence yet: nothing on record needs that skill."
    assert (told.weaknesses, told.untested) == ([], ["tries"])


async def test_a_skill_that_is_not_surely_weak_is_told_with_what_is_on_record(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    windows = catalogue().search(skill="sliding-window", round=Round.CODING)
    told = [
        ("two-sum", Outcome.SOLVED),
        *((one.slug, Outcome.FAILED) for one in windows[:1]),
        *((one.slug, Outcome.SOLVED) for one in windows[1:3]),
        ("binary-search", Outcome.SOLVED),
    ]
    for problem, outcome in told:
        clock.forward(days=1)
        await coach.practice.record_attempt(learner, report(problem, outcome, minutes=10))
    answer = await coach.coaching.weakness_report(learner, skill="sliding window")
    assert answer.status.startswith("Sliding window: 3 attempts, 1 of them not solved; ")


async def test_how_sure_it_is_that_a_named_skill_is_weak_is_said(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    windows = catalogue().search(skill="sliding-window", round=Round.CODING)
    for problem in ("two-sum", "binary-search", "climbing-stairs", windows[0].slug):
        clock.forward(days=1)
        outcome = Outcome.FAILED if problem == windows[0].slug else Outcome.SOLVED
        await coach.practice.record_attempt(learner, report(problem, outcome, minutes=10))
    clock.forward(days=1)
    await coach.practice.record_attempt(learner, report(windows[1].slug, Outcome.SOLVED_WITH_HINTS))
    answer = await coach.coaching.weakness_report(learner, skill="sliding window")
    (found,) = (w for w in answer.weaknesses if w.name == "sliding-window")
    assert answer.status == (
        "Sliding window: 2 attempts, 1 of them not solved; "
        f"confidence {found.confidence:.2f} is too little to call it a weakness yet."
    )


async def test_every_citation_leads_to_what_it_cites(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await live(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, limit=20)
    cited = [citation for weakness in told.weaknesses for citation in weakness.evidence]
    assert cited
    for citation in cited:
        kind, id = citation.uri.removeprefix("maang://").split("/")
        if kind == "attempts":
            shown = await coach.practice.show(learner, UUID(id))
            assert (shown.problem, shown.outcome) == (citation.problem, citation.outcome)
        else:
            assert (await coach.interviews.show(learner, UUID(id))).question == citation.problem


async def test_the_surest_and_gravest_weakness_comes_first(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, limit=20)
    labels = [weakness.label for weakness in told.weaknesses]
    assert labels == sorted(labels, key=["established", "likely", "watch"].index)
    assert "Sliding window (" in told.status
    assert "sliding-window" not in told.status
    assert len((await coach.coaching.weakness_report(learner, limit=1)).weaknesses) == 1


async def test_a_topic_narrows_the_report_to_its_skills(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    told = await coach.coaching.weakness_report(learner, skill="Sliding Window", limit=20)
    family = skill_graph()["sliding-window"].family
    assert {weakness.name for weakness in told.weaknesses} <= {"sliding-window", family}
    assert told.weaknesses
    with pytest.raises(UnknownSkill):
        await coach.coaching.weakness_report(learner, skill="telepathy")


async def test_a_round_narrows_the_report_to_what_came_from_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    stories = [p.slug for p in catalogue() if p.round is Round.BEHAVIORAL][:9]
    for slug in stories:
        clock.forward(hours=5)
        await coach.practice.record_attempt(
            learner, report(slug, Outcome.FAILED, mistakes=(Mistake.NO_METRICS,))
        )
    every = await coach.coaching.weakness_report(learner, limit=99)
    by_round = {
        round: await coach.coaching.weakness_report(learner, round=round, limit=99)
        for round in Round
    }
    names = {round: {(w.kind, w.name) for w in told.weaknesses} for round, told in by_round.items()}
    assert ("mistake", "no_metrics") in names[Round.BEHAVIORAL]
    assert ("mistake", "wrong_pattern") in names[Round.CODING]
    assert ("skill", "sliding-window") in names[Round.CODING]
    assert names[Round.CODING].isdisjoint(names[Round.BEHAVIORAL])
    assert names[Round.SYSTEM_DESIGN] == set()
    assert set().union(*names.values()) == {(w.kind, w.name) for w in every.weaknesses}
    for round, told in by_round.items():
        assert {skill_graph()[name].round for name in told.untested} <= {round}


async def test_findings_older_than_asked_for_are_left_out(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await weaken(coach, learner, clock)
    last = clock().date()
    clock.forward(days=20)
    assert (await coach.coaching.weakness_report(learner, since=str(last))).weaknesses
    later = str(last + timedelta(days=1))
    assert (await coach.coaching.weakness_report(learner, since=later)).weaknesses == []
    with pytest.raises(InvalidInput):
        await coach.coaching.weakness_report(learner, since="recently")


async def test_an_overcome_weakness_is_told_with_the_days_it_opened_and_closed(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    assert "sliding-window" in await weaken(coach, learner, clock)
    opened_by = clock().date()
    resolved: list[str] = []
    windows = catalogue().search(skill="sliding-window", round=Round.CODING)
    for problem in [*windows[8:], *windows]:
        clock.forward(days=2)
        resolved += (
            await coach.practice.record_attempt(learner, report(problem.slug, minutes=8))
        ).resolved
        if "sliding-window" in resolved:
            break
    told = await coach.coaching.weakness_report(learner, skill="sliding-window")
    (overcome,) = (w for w in told.resolved if (w.kind, w.name) == ("skill", "sliding-window"))
    assert overcome.opened is not None
    assert NOW.date() < overcome.opened <= opened_by
    assert overcome.resolved == clock().date()
    elsewhere = await coach.coaching.weakness_report(learner, skill="graphs")
    assert elsewhere.resolved == []
    assert "sliding-window" in await weaken(coach, learner, clock)
    again = await coach.coaching.weakness_report(learner, skill="sliding-window", limit=9)
    assert "sliding-window" in {weakness.name for weakness in again.weaknesses}
    assert "sliding-window" not in {weakness.name for weakness in again.resolved}


async def test_a_cached_report_is_given_only_to_the_same_question(
    coach: Coach, learner: Learner, store: Store, embedder: HashEmbedder, clock: SteppingClock
) -> None:
    cache = InProcessCache()
    cached = wire(store, cache, embedder, clock, Ids())
    await weaken(coach, learner, clock)
    asked: list[dict[str, Any]] = [
        {},
        {"limit": 1},
        {"skill": "sliding window"},
        {"round": Round.BEHAVIORAL},
        {"since": "today"},
    ]
    fresh = [await coach.coaching.weakness_report(learner, **each) for each in asked]
    for _ in range(2):
        assert [await cached.coaching.weakness_report(learner, **each) for each in asked] == fresh
    assert (cache.counts.misses, cache.counts.hits) == (5, 5)
    await cached.practice.record_attempt(learner, report("two-sum"))
    told = await cached.coaching.weakness_report(learner)
    assert told.attempts == fresh[0].attempts + 1


def _round(answer: NextProblem) -> Round | None:
    found = answer.problem and catalogue().get(answer.problem.problem)
    return found.round if found else None


def _topic(name: str) -> set[str]:
    return {skill.id for skill in skill_graph().topic(name)}
