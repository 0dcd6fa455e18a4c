import ast
import re
from collections.abc import Iterator
from statistics import mean

import pytest

from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.attempt import Mistake
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.code_task import Aspect
from maang_mcp.domain.guides import AssistedGuide
from maang_mcp.domain.interview import LONGEST
from maang_mcp.domain.level import Level
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.question import AssistedQuestion, SourceFile
from maang_mcp.domain.rubric import Score, Signals, apply_ceilings
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label, verdict

from .words import code_in

BANK = [question for question in questions().values() if isinstance(question, AssistedQuestion)]
KNOWN = Catalogue(catalogue(), skill_graph())
"""What can be practised alone, without the bank."""
EACH = pytest.mark.parametrize("question", BANK, ids=lambda question: question.slug)
RUN = 6
"""Words in a row that two texts do not share by accident."""
RUNNABLE_IMPORTS = {"bisect", "collections", "heapq", "functools", "itertools", "math", "re"}
NOT_RUNNABLE = (ast.Yield, ast.YieldFrom, ast.Delete, ast.Await, ast.AsyncFunctionDef, ast.With)


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w']+", text.casefold())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def shown_to_the_candidate(question: AssistedQuestion) -> str:
    brief = question.brief
    return "\n".join(
        (
            question.title,
            brief.statement,
            *brief.constraints,
            *(f"{one.input}\n{one.output}\n{one.why}" for one in brief.examples),
            *(f"{file.path}\n{file.text}" for file in brief.files),
        )
    )


def handed_in(question: AssistedQuestion) -> SourceFile:
    named = re.findall(r"Hand in the whole text of `([\w.]+)`", question.brief.statement)
    (found,) = [file for file in question.brief.files if [file.path] == named]
    return found


def codes(question: AssistedQuestion) -> Iterator[str]:
    yield question.code.starter
    yield from (solution.code for solution in question.code.solutions)
    yield from (wrong.code for wrong in question.code.wrong)


def test_the_round_goes_from_decomposing_to_verifying() -> None:
    spec = round_spec(Round.AI_ASSISTED, 45)
    assert spec.names == ("decompose", "direct", "review", "verify")


def test_the_round_is_judged_on_who_was_in_charge_and_who_checked() -> None:
    dimensions = rubric(Round.AI_ASSISTED).dimensions
    assert {one.name: one.core for one in dimensions} == {
        "decomposition": False,
        "directing_the_assistant": True,
        "reviewing_and_testing": True,
        "communication": False,
    }


@pytest.mark.parametrize(
    "signals",
    [
        Signals(tests_failed=1),
        Signals(tested=False),
        Signals(hints_given=3),
        Signals(hints_given=4),
    ],
)
def test_nobody_is_hired_on_code_that_fails_is_untested_or_came_from_the_hints(
    signals: Signals,
) -> None:
    standard = rubric(Round.AI_ASSISTED)
    best = [Score(name, 4, ("I ran the old cases first",)) for name in standard.names]
    found = verdict(apply_ceilings(best, signals, standard), Level.SENIOR, standard)
    assert found.label is Label.LEANING_NO_HIRE


def test_there_is_a_task_for_several_sittings_at_every_difficulty() -> None:
    asked = [question.difficulty for question in BANK]
    assert len(asked) >= 8
    assert min(map(asked.count, Difficulty)) >= 2


def test_each_skill_of_the_round_comes_first_in_some_task() -> None:
    skills = {skill.id for skill in skill_graph().of_round(Round.AI_ASSISTED)}
    assert {question.skills[0] for question in BANK} == skills
    assert len({question.skills for question in BANK}) >= 6


@EACH
def test_a_task_trains_skills_of_its_round(question: AssistedQuestion) -> None:
    assert {skill_graph()[skill].round for skill in question.skills} == {Round.AI_ASSISTED}


@EACH
def test_a_task_is_not_mistaken_for_a_known_problem(question: AssistedQuestion) -> None:
    assert KNOWN.resolve(question.slug) is None
    assert KNOWN.resolve(question.title) is None


@EACH
def test_the_repository_is_read_in_minutes(question: AssistedQuestion) -> None:
    files = question.brief.files
    assert 2 <= len(files) <= 4
    assert len({file.path for file in files}) == len(files)
    assert sum(len(file.text.splitlines()) for file in files) <= 110
    assert all(len(line) <= 110 for file in files for line in file.text.splitlines())


@EACH
def test_the_module_to_hand_in_is_the_file_that_the_candidate_sees(
    question: AssistedQuestion,
) -> None:
    assert question.code.starter == handed_in(question).text


@EACH
def test_what_stands_there_and_what_an_assistant_may_answer_are_both_known_to_be_wrong(
    question: AssistedQuestion,
) -> None:
    first, *others = question.code.wrong
    assert first.code == question.code.starter
    assert Mistake.AI_DEPENDENCY in {wrong.mistake for wrong in others}


@EACH
def test_every_version_of_the_module_stands_alone_and_defines_what_is_called(
    question: AssistedQuestion,
) -> None:
    for code in codes(question):
        tree = ast.parse(code)
        defined = [
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef if question.code.is_class else ast.FunctionDef)
        ]
        assert question.code.entry in defined
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= RUNNABLE_IMPORTS
            if isinstance(node, ast.ImportFrom):
                assert node.module in RUNNABLE_IMPORTS


@EACH
def test_every_version_of_the_module_keeps_to_what_the_sandbox_runs(
    question: AssistedQuestion,
) -> None:
    for code in (*codes(question), question.code.accepts):
        for node in ast.walk(ast.parse(code)):
            assert not isinstance(node, NOT_RUNNABLE)
            if isinstance(node, ast.ClassDef):
                assert not node.bases
                assert not node.decorator_list
            if isinstance(node, ast.FunctionDef) and node.name.startswith("__"):
                assert node.name == "__init__"


@EACH
def test_the_tests_look_at_ordinary_input_at_edges_and_at_size(question: AssistedQuestion) -> None:
    aspects = [test.aspect for test in question.code.hidden]
    assert 2 <= len(question.code.visible) <= 3
    assert len(question.brief.examples) == len(question.code.visible)
    assert aspects.count(Aspect.ORDINARY) >= 3
    assert aspects.count(Aspect.EDGE) >= 4
    assert 1 <= aspects.count(Aspect.SIZE) <= 2
    assert 10 <= len(question.code.tests) <= 14


@EACH
def test_nothing_the_interviewer_knows_stands_in_what_the_candidate_sees(
    question: AssistedQuestion,
) -> None:
    shown = runs_of_words(shown_to_the_candidate(question))
    guide = question.guide
    kept_back = (
        guide.defect,
        *guide.expected_steps,
        *guide.good_directions,
        *guide.traps,
        *guide.checks,
        *(mistake.shows_as for mistake in guide.common_mistakes),
        *question.hints,
    )
    for text in kept_back:
        assert runs_of_words(text) & shown == set(), text


@EACH
def test_no_line_of_a_solution_stands_in_the_files_unless_it_was_there_before(
    question: AssistedQuestion,
) -> None:
    shown = {line.strip() for line in shown_to_the_candidate(question).splitlines()}
    before = {line.strip() for line in question.code.starter.splitlines()}
    for solution in question.code.solutions:
        new = {line.strip() for line in solution.code.splitlines()} - before
        assert not {line for line in new if len(line) >= 20} & shown


@EACH
def test_hints_lead_on_step_by_step_without_code(question: AssistedQuestion) -> None:
    orientation, _, _, outline = question.hints
    assert orientation.endswith("?")
    assert len(outline) > len(orientation)
    assert max(map(len, question.hints)) <= 600
    for hint in question.hints:
        assert code_in(hint) == []


@EACH
def test_no_hint_says_what_the_guide_says(question: AssistedQuestion) -> None:
    guide = runs_of_words(str(question.guide))
    for hint in question.hints:
        assert runs_of_words(hint) & guide == set()


@EACH
def test_the_candidate_is_not_told_which_skill_is_meant(question: AssistedQuestion) -> None:
    shown = shown_to_the_candidate(question).casefold()
    for skill in question.skills:
        for name in (skill_graph()[skill].name, skill.replace("-", " ")):
            assert name.casefold() not in shown
    assert not re.search(r"\bo\(", shown)
    assert "defect" not in shown


@EACH
def test_the_interviewer_has_all_that_the_round_needs(question: AssistedQuestion) -> None:
    guide: AssistedGuide = question.guide
    assert len(guide.defect.split()) >= 12
    assert min(map(len, (guide.expected_steps, guide.good_directions))) >= 4
    assert min(map(len, (guide.checks, guide.clarifications))) >= 4
    assert len(guide.traps) >= 3
    mistakes = [common.mistake for common in guide.common_mistakes]
    assert len(mistakes) >= 3
    assert len(set(mistakes)) == len(mistakes)
    assert {Mistake.AI_DEPENDENCY, Mistake.TESTING} <= set(mistakes)


@EACH
def test_each_phase_of_the_round_gets_its_part_of_the_guide(question: AssistedQuestion) -> None:
    told = {
        phase: question.guide.notes(phase, Level.SENIOR)
        for phase in ("decompose", "direct", "review", "verify")
    }
    assert all(told.values())
    assert [phase for phase, notes in told.items() if "defect" in notes] == ["review"]


@EACH
def test_the_planning_interviewer_is_not_told_what_was_planted(question: AssistedQuestion) -> None:
    told = question.guide.notes("decompose", Level.MID)["expected_steps"]
    assert runs_of_words(question.guide.defect) & runs_of_words(" ".join(told)) == set()


@EACH
def test_more_senior_candidates_get_less_time(question: AssistedQuestion) -> None:
    minutes = [question.minutes[level] for level in Level]
    assert minutes == sorted(minutes, reverse=True)
    assert 10 <= min(minutes) <= max(minutes) <= LONGEST


def test_harder_tasks_get_more_time() -> None:
    typical = [
        mean(q.minutes[Level.MID] for q in BANK if q.difficulty is difficulty)
        for difficulty in Difficulty
    ]
    assert typical == sorted(typical)
