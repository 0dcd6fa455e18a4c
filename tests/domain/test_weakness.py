"""The weakness report: what it says, what it refuses to say, and when a weakness opens."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.habits import ADVICE
from maang_mcp.domain.mastery import Belief, LearnerState, SkillState, mastery
from maang_mcp.domain.skills import Round
from maang_mcp.domain.weakness import (
    AttemptEvidence,
    DimensionScore,
    Label,
    Trend,
    Weakness,
    WeaknessKind,
    WeaknessReport,
    label,
    surest_first,
    transitions,
)

from .learners import GOLDEN, START, after, evidence, golden_learner, graph, history, skill

SOLVED, FAILED, GAVE_UP = Outcome.SOLVED, Outcome.FAILED, Outcome.GAVE_UP
SKILLS = graph(skill("arrays"), skill("trees", prerequisites=("arrays",)), skill("heaps"))


def report(
    *attempts: tuple[str, Outcome], every: float = 1.0, read: float | None = None
) -> WeaknessReport:
    state, recorded = history(*attempts, every=every)
    at = after(len(attempts) * every if read is None else read)
    return weakness_report(state, SKILLS, recorded, at)


def of_kind(found: WeaknessReport, kind: WeaknessKind) -> list[Weakness]:
    return [weakness for weakness in found.weaknesses if weakness.kind is kind]


def habits(recorded: list[AttemptEvidence], kind: WeaknessKind) -> list[Weakness]:
    return of_kind(weakness_report(LearnerState.new(), SKILLS, recorded, after(100)), kind)


def scores(
    *values: float, dimension: str = "testing", round: Round = Round.CODING
) -> list[DimensionScore]:
    return [
        DimensionScore(round, dimension, value, after(n), UUID(int=900 + n), "lru-cache")
        for n, value in enumerate(values)
    ]


def test_the_golden_learners_severities_and_confidences_are_reproduced() -> None:
    state, seen, at = golden_learner()
    skills = graph(*(skill(name, family=name) for name in GOLDEN["report"]))
    recorded = [
        replace(
            evidence(n),
            expected=observation.expected,
            skill_changes=observation.skill_changes,
            skill_levels=observation.skill_levels,
        )
        for n, observation in enumerate(seen)
    ]
    found = weakness_report(state, skills, recorded, at)
    weak = {weakness.name: weakness for weakness in found.weaknesses}
    below = {name for name in GOLDEN["report"] if state.skills[name].mean < 0}
    assert weak.keys() == below
    for name, weakness in weak.items():
        n, expected, severity, confidence = GOLDEN["report"][name]
        assert weakness.n == n
        assert (weakness.expected, weakness.severity, weakness.confidence) == pytest.approx(
            (expected, severity, confidence), abs=1e-9
        )
    means = [state.skills[weakness.name].mean for weakness in found.weaknesses]
    assert means == sorted(means)
    assert found.weaknesses[0].name == "tree"
    assert found.weaknesses[0].label is Label.ESTABLISHED


def test_four_attempts_name_nothing_and_say_so() -> None:
    found = report(*4 * [("trees", GAVE_UP)])
    assert not found.enough_evidence
    assert found.weaknesses == ()
    assert found.strengths == ()
    assert found.note == "Not enough evidence yet: 4 of at least 5 attempts."
    assert found.untested == ("arrays", "heaps")


def test_skills_nobody_tried_are_listed_apart_by_how_often_they_are_asked() -> None:
    skills = graph(skill("arrays"), skill("rare", frequency=0.1), skill("usual", frequency=0.9))
    state, recorded = history(*6 * [("arrays", GAVE_UP)])
    found = weakness_report(state, skills, recorded, after(6))
    assert found.untested == ("usual", "rare")
    assert {weakness.name for weakness in found.weaknesses} <= {"arrays", "family"}
    assert "2 of 3 skills are untested" in found.note


def test_repeated_failure_at_one_skill_becomes_an_established_weakness_with_its_evidence() -> None:
    found = report(*12 * [("arrays", SOLVED), ("trees", GAVE_UP)])
    [weakness] = [w for w in of_kind(found, WeaknessKind.SKILL) if w.name == "trees"]
    assert weakness.label is Label.ESTABLISHED
    assert weakness.n == 12
    assert weakness.severity > 5
    assert len(weakness.evidence) == 3
    assert all(cited.contribution < 0 and cited.outcome is GAVE_UP for cited in weakness.evidence)
    assert weakness.recommendation == (
        "Practise Trees on problems you would expect to solve two times in three."
    )
    assert [strength.skill for strength in found.strengths] == ["arrays"]


def test_the_most_surprising_failures_are_cited_first() -> None:
    state, recorded = history(
        ("trees", GAVE_UP), *6 * [("trees", SOLVED)], *6 * [("trees", GAVE_UP)]
    )
    found = weakness_report(state, SKILLS, recorded, after(13))
    [weakness] = of_kind(found, WeaknessKind.SKILL)
    changes = {r.attempt.id: r.skill_changes["trees"] for r in recorded}
    worst = sorted(changes, key=changes.__getitem__)[:3]
    assert [cited.attempt_id for cited in weakness.evidence] == worst
    assert worst[0] == recorded[7].attempt.id


def test_two_failures_are_only_watched() -> None:
    found = report(*6 * [("arrays", SOLVED)], *2 * [("trees", GAVE_UP)])
    [weakness] = of_kind(found, WeaknessKind.SKILL)
    assert weakness.label is Label.WATCH
    assert "Nothing is certain enough" in found.note


def test_the_recommendation_begins_with_an_untested_or_weak_prerequisite() -> None:
    untested = report(*6 * [("heaps", SOLVED), ("trees", GAVE_UP)])
    [weakness] = of_kind(untested, WeaknessKind.SKILL)
    assert weakness.recommendation.startswith("Try Arrays first")
    weak = report(*8 * [("heaps", SOLVED), ("trees", GAVE_UP), ("arrays", GAVE_UP)])
    advice = {w.name: w.recommendation for w in of_kind(weak, WeaknessKind.SKILL)}
    assert advice["trees"] == "Begin with Arrays, which Trees rests on: it is weak too."


def test_a_family_of_tried_skills_is_reported_as_a_pattern() -> None:
    skills = graph(
        skill("dfs", "graphs"), skill("bfs", "graphs"), skill("arrays", "linear"), skill("sorting")
    )
    state, recorded = history(*6 * [("arrays", SOLVED), ("dfs", GAVE_UP), ("bfs", GAVE_UP)])
    found = weakness_report(state, skills, recorded, after(18))
    [pattern] = of_kind(found, WeaknessKind.PATTERN)
    single = max(w.confidence for w in of_kind(found, WeaknessKind.SKILL))
    assert pattern.name == "graphs"
    assert pattern.n == 12
    assert pattern.confidence > single


def test_a_skill_at_the_bar_is_no_weakness_however_far_below_the_others() -> None:
    state, recorded = history(*6 * [("arrays", SOLVED)], *3 * [("trees", FAILED)])
    strong = replace(state, ability=Belief(6.0, 0.1))
    assert mastery(strong, "trees", after(9)) > 0.75
    assert of_kind(weakness_report(strong, SKILLS, recorded, after(9)), WeaknessKind.SKILL) == []


@pytest.mark.parametrize(
    ("attempts", "trend"),
    [
        ([("trees", GAVE_UP)] * 8, Trend.UNKNOWN),
        ([("trees", GAVE_UP)] * 30, Trend.STEADY),
        ([("trees", SOLVED)] * 8 + [("trees", GAVE_UP)] * 11, Trend.DECLINING),
    ],
)
def test_a_trend_compares_with_ten_attempts_ago(
    attempts: list[tuple[str, Outcome]], trend: Trend
) -> None:
    found = report(*attempts, every=0.1)
    assert [w.trend for w in of_kind(found, WeaknessKind.SKILL) if w.name == "trees"] == [trend]


def test_a_trend_needs_no_ten_attempts_after_thirty_days() -> None:
    attempts = [*5 * [("arrays", SOLVED)], *3 * [("trees", GAVE_UP)]]
    early = report(*attempts, read=20)
    late = report(*attempts, read=60)
    assert [w.trend for w in of_kind(early, WeaknessKind.SKILL)] == [Trend.UNKNOWN]
    assert [w.trend for w in of_kind(late, WeaknessKind.SKILL)] == [Trend.STEADY]


def test_improvement_shows_while_the_weakness_is_still_there() -> None:
    state, recorded = history(*12 * [("trees", GAVE_UP)])
    better = replace(
        state,
        ability=Belief(0.2, 0.2),
        skills={"trees": SkillState("trees", -0.1, 0.2, 0.3, 12, after(12))},
    )
    [weakness] = of_kind(weakness_report(better, SKILLS, recorded, after(12)), WeaknessKind.SKILL)
    assert weakness.trend is Trend.IMPROVING


@given(
    st.lists(
        st.tuples(st.sampled_from(["arrays", "trees", "heaps"]), st.sampled_from(Outcome)),
        max_size=25,
    ),
    st.floats(0, 10_000),
)
def test_no_report_leaves_its_scales(attempts: list[tuple[str, Outcome]], wait: float) -> None:
    found = report(*attempts, read=len(attempts) + wait)
    tested = {name for name, _ in attempts}
    assert set(found.untested) == set(SKILLS) - tested
    assert found.attempts == len(attempts)
    for weakness in found.weaknesses:
        assert 0 <= weakness.severity <= 10
        assert 0 <= weakness.confidence <= 1
        assert weakness.n > 0
        assert weakness.kind is not WeaknessKind.SKILL or weakness.name in tested
    for strength in found.strengths:
        assert strength.skill in tested


def test_the_order_in_which_the_history_is_handed_over_does_not_matter() -> None:
    state, recorded = history(*8 * [("trees", SOLVED)], *11 * [("trees", GAVE_UP)], every=0.1)
    forwards = weakness_report(state, SKILLS, recorded, after(2))
    assert weakness_report(state, SKILLS, recorded[::-1], after(2)) == forwards
    assert [w.trend for w in of_kind(forwards, WeaknessKind.SKILL)] == [Trend.DECLINING]


def test_every_mistake_has_its_advice() -> None:
    assert ADVICE.keys() == set(Mistake)


def test_a_mistake_in_most_attempts_is_a_weakness_and_a_single_one_is_not() -> None:
    recorded = [evidence(n, mistakes=(Mistake.EDGE_CASE,)) for n in range(7)]
    recorded += [evidence(7, mistakes=(Mistake.RIGOR,)), *map(evidence, range(8, 12))]
    [weakness] = habits(recorded, WeaknessKind.MISTAKE)
    assert weakness.name == "edge_case"
    assert weakness.label is Label.ESTABLISHED
    assert weakness.n == 12
    assert weakness.severity == pytest.approx(10 * 8 / 22)
    assert [cited.problem for cited in weakness.evidence] == ["problem-6", "problem-5", "problem-4"]
    assert habits(recorded[::-1], WeaknessKind.MISTAKE) == [weakness]


def test_a_mistake_twice_is_only_watched() -> None:
    recorded = [evidence(n, mistakes=(Mistake.EDGE_CASE,)) for n in range(2)]
    recorded += [evidence(n) for n in range(2, 6)]
    assert [w.label for w in habits(recorded, WeaknessKind.MISTAKE)] == [Label.WATCH]


def test_a_mistake_must_stand_out_from_the_learners_others() -> None:
    usual = (Mistake.BOUNDARY, Mistake.TESTING, Mistake.RIGOR)
    alone = [evidence(n, mistakes=usual[:1] if n % 3 else ()) for n in range(30)]
    amid = [evidence(n, mistakes=usual if n % 3 else ()) for n in range(30)]
    [single] = habits(alone, WeaknessKind.MISTAKE)
    same = habits(amid, WeaknessKind.MISTAKE)
    assert single.label is Label.ESTABLISHED
    assert len(same) == 3
    assert {weakness.label for weakness in same} == {Label.WATCH}


def test_a_mistake_a_little_ahead_of_equally_common_ones_is_no_habit() -> None:
    usual = (Mistake.BOUNDARY, Mistake.TESTING, Mistake.RIGOR)
    recorded = [evidence(n, mistakes=(usual[n % 3],)) for n in range(40)]
    recorded += [evidence(n, mistakes=usual[:1]) for n in range(40, 46)]
    found = habits(recorded, WeaknessKind.MISTAKE)
    assert [weakness.label for weakness in found] == [Label.WATCH] * 3


def test_mistakes_made_every_time_are_no_impossible_bar_for_each_other() -> None:
    every_time = (Mistake.BOUNDARY, Mistake.TESTING)
    found = habits([evidence(n, mistakes=every_time) for n in range(10)], WeaknessKind.MISTAKE)
    assert [weakness.confidence for weakness in found] == [0.0, 0.0]


def test_a_mistake_is_counted_against_the_rounds_it_occurs_in() -> None:
    recorded = [evidence(n) for n in range(30)]
    recorded += [
        evidence(n, round=Round.BEHAVIORAL, mistakes=(Mistake.NO_METRICS,)) for n in range(30, 36)
    ]
    [weakness] = habits(recorded, WeaknessKind.MISTAKE)
    assert weakness.n == 6
    assert weakness.label is Label.ESTABLISHED


def test_a_mistake_left_behind_improves_and_then_leaves_the_report() -> None:
    early = [evidence(n, mistakes=(Mistake.EDGE_CASE,)) for n in range(8)]
    [weakness] = habits([*early, *map(evidence, range(8, 16))], WeaknessKind.MISTAKE)
    assert weakness.trend is Trend.IMPROVING
    assert habits([*early, *map(evidence, range(8, 60))], WeaknessKind.MISTAKE) == []


def test_solving_alone_but_too_late_too_often_is_a_weakness_of_pace() -> None:
    slow = [evidence(n, SOLVED, minutes=52.5) for n in range(5)]
    quick = [evidence(n, SOLVED, minutes=20) for n in range(5, 8)]
    failed = [evidence(n, FAILED, minutes=90) for n in range(8, 12)]
    [weakness] = habits(slow + quick + failed, WeaknessKind.PACE)
    assert weakness.name == "coding"
    assert weakness.n == 8
    assert weakness.severity == 5.0
    assert weakness.confidence == pytest.approx(0.96567, abs=1e-5)  # P(Beta(6, 6) > 1/4)
    assert weakness.label is Label.ESTABLISHED
    assert "5 of 8 solutions came after the limit, the median at 1.5" in weakness.recommendation
    assert habits(quick + failed, WeaknessKind.PACE) == []
    assert habits([evidence(n, SOLVED) for n in range(9)], WeaknessKind.PACE) == []


def test_low_rubric_scores_are_shrunk_towards_the_bar() -> None:
    _, recorded = history(*5 * [("arrays", SOLVED)])
    state = LearnerState.new()

    def diagnose(*values: float) -> list[Weakness]:
        found = weakness_report(state, SKILLS, recorded, after(9), scores=scores(*values))
        return of_kind(found, WeaknessKind.DIMENSION)

    [once] = diagnose(1)
    [thrice] = diagnose(2, 2, 2)
    assert once.label is Label.WATCH
    assert once.severity == pytest.approx(10 * (3 - 7 / 3) / 2)
    assert thrice.label is Label.ESTABLISHED
    assert (thrice.name, thrice.n) == ("coding: testing", 3)
    assert thrice.evidence[0].interview_id == UUID(int=902)
    assert thrice.evidence[0].contribution == -1
    assert diagnose(3, 4, 3) == []
    [better] = diagnose(1, 1, 1, 1, 1, 3, 3, 3, 3, 3)
    assert better.trend is Trend.IMPROVING


def test_a_dimension_of_one_round_is_not_that_of_another() -> None:
    _, recorded = history(*5 * [("arrays", SOLVED)])
    told = [
        *scores(2, 2, 2, dimension="communication"),
        *scores(4, 4, 4, dimension="communication", round=Round.SYSTEM_DESIGN),
    ]
    found = weakness_report(LearnerState.new(), SKILLS, recorded, after(9), scores=told)
    [weakness] = of_kind(found, WeaknessKind.DIMENSION)
    assert (weakness.name, weakness.n) == ("coding: communication", 3)
    assert weakness.label is Label.ESTABLISHED
    assert "in coding" in weakness.recommendation


@pytest.mark.parametrize(
    ("confidence", "n", "expected"),
    [
        (0.9, 2, Label.WATCH),
        (0.59, 30, Label.WATCH),
        (0.6, 3, Label.LIKELY),
        (0.8, 3, Label.ESTABLISHED),
    ],
)
def test_a_word_needs_confidence_and_observations(
    confidence: float, n: int, expected: Label
) -> None:
    assert label(confidence, n) is expected


def weakness(confidence: float, severity: float = 5.0) -> Weakness:
    return Weakness(
        WeaknessKind.SKILL,
        "trees",
        severity,
        confidence,
        label(confidence, 9),
        9,
        Trend.STEADY,
        (),
        "Practise.",
    )


def reported(*found: Weakness) -> WeaknessReport:
    return WeaknessReport(found, (), (), 20, enough_evidence=True, note="")


def test_weaknesses_are_told_surest_first_and_a_skill_before_its_pattern() -> None:
    def named(name: str, label: Label, severity: float, kind: WeaknessKind) -> Weakness:
        return Weakness(kind, name, severity, 0.7, label, 5, Trend.STEADY, (), "")

    skill, pattern, mistake = WeaknessKind.SKILL, WeaknessKind.PATTERN, WeaknessKind.MISTAKE
    told = [
        named("watched", Label.WATCH, 9.0, skill),
        named("family", Label.LIKELY, 8.0, pattern),
        named("mild", Label.LIKELY, 2.0, skill),
        named("habit", Label.LIKELY, 3.0, mistake),
        named("grave", Label.LIKELY, 4.0, skill),
        named("surest", Label.ESTABLISHED, 1.0, skill),
    ]
    names = [weakness.name for weakness in surest_first(told)]
    assert names == ["surest", "grave", "habit", "mild", "family", "watched"]
    assert [weakness.name for weakness in surest_first(told[::-1])] == names


def test_a_weakness_opens_once_it_is_likely_and_severe() -> None:
    opened, resolved = transitions((), reported(weakness(0.7)), START)
    assert [(w.name, w.opened_at, w.resolved_at) for w in opened] == [("trees", START, None)]
    assert resolved == ()
    for weak in (weakness(0.55), weakness(0.9, severity=1.5)):
        assert transitions((), reported(weak), START) == ((), ())


def test_an_open_weakness_outlasts_a_dip_and_closes_when_it_is_gone() -> None:
    before = replace(weakness(0.7), opened_at=START)
    for dip in (weakness(0.7), weakness(0.45), weakness(0.5, severity=1.5)):
        assert transitions([before], reported(dip), after(5)) == ((), ())
    for gone in (reported(weakness(0.39)), reported(weakness(0.7, severity=0.5)), reported()):
        opened, [resolved] = transitions([before], gone, after(5))
        assert opened == ()
        assert (resolved.opened_at, resolved.resolved_at) == (START, after(5))


def test_a_weakness_is_never_resolved_before_it_was_opened() -> None:
    before = replace(weakness(0.7), opened_at=after(5))
    _, [resolved] = transitions([before], reported(), START)
    assert resolved.resolved_at == after(5)


def test_a_report_without_enough_evidence_opens_and_closes_nothing() -> None:
    thin = replace(reported(), enough_evidence=False)
    assert transitions([replace(weakness(0.7), opened_at=START)], thin, after(1)) == ((), ())


@settings(deadline=None)  # one example is dozens of reports
@given(st.lists(st.sampled_from(Outcome), min_size=6, max_size=40))
def test_nothing_opens_and_closes_on_the_same_attempt(outcomes: list[Outcome]) -> None:
    open_now: dict[str, Weakness] = {}
    for n in range(5, len(outcomes) + 1):
        found = report(*[("trees", outcome) for outcome in outcomes[:n]])
        opened, resolved = transitions(list(open_now.values()), found, after(n))
        assert {w.name for w in opened}.isdisjoint(w.name for w in resolved)
        assert {w.name for w in resolved} <= open_now.keys()
        assert {w.name for w in opened}.isdisjoint(open_now)
        open_now |= {w.name: w for w in opened}
        for gone in resolved:
            del open_now[gone.name]
