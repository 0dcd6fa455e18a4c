import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from statistics import mean

import pytest

from maang_mcp.content.files import read
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.principles import principles, resolve_principle
from maang_mcp.content.questions import QUESTION_FILES, questions
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.level import Level
from maang_mcp.domain.naming import words
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.question import BehavioralQuestion
from maang_mcp.domain.skills import Round

BANK = [question for question in questions().values() if isinstance(question, BehavioralQuestion)]
KNOWN = Catalogue(catalogue(), skill_graph())
"""What can be practised alone, without the bank."""
EACH = pytest.mark.parametrize("question", BANK, ids=lambda question: question.slug)
LEAST = 3
"""Questions for each skill and each of Amazon's principles, so that a second mock differs."""


def texts(question: BehavioralQuestion) -> list[str]:
    """Everything the interviewer is given of a question."""
    guide = question.guide
    signals = (*guide.signals.strong.values(), *guide.signals.weak.values())
    return [*guide.probes, *guide.red_flags, *guide.reflection, *signals]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def test_there_are_sixty_questions_and_some_at_every_difficulty() -> None:
    assert len(BANK) >= 60
    asked = Counter(question.difficulty for question in BANK)
    assert all(asked[difficulty] >= 6 for difficulty in Difficulty)


def test_every_behavioral_skill_has_several_questions() -> None:
    asked = Counter(skill for question in BANK for skill in question.skills)
    for skill in skill_graph().of_round(Round.BEHAVIORAL):
        assert asked[skill.id] >= LEAST, skill.id


def test_every_skill_comes_first_in_a_question() -> None:
    first = {question.skills[0] for question in BANK}
    assert first == {skill.id for skill in skill_graph().of_round(Round.BEHAVIORAL)}


def test_every_principle_is_asked_about_and_each_of_amazons_several_times() -> None:
    asked = Counter(name for question in BANK for name in question.guide.principles)
    for principle in principles():
        least = LEAST if principle.company == "Amazon" else 1
        assert asked[principle.name] >= least, principle.name


def test_every_behavioral_question_of_the_catalogue_can_be_interviewed() -> None:
    known = {problem.slug for problem in catalogue() if problem.round is Round.BEHAVIORAL}
    assert known <= {question.slug for question in BANK}


def test_titles_differ() -> None:
    titles = [words(question.title) for question in BANK]
    assert len(set(titles)) == len(titles)


def test_no_text_is_used_twice_in_the_bank() -> None:
    said = Counter(
        words(text) for question in BANK for text in (question.brief.statement, *texts(question))
    )
    assert [" ".join(text) for text, times in said.items() if times > 1] == []


def test_harder_questions_get_more_time() -> None:
    typical = [
        mean(q.minutes[Level.MID] for q in BANK if q.difficulty is difficulty)
        for difficulty in Difficulty
    ]
    assert typical == sorted(set(typical))


@EACH
def test_a_question_is_the_one_of_the_catalogue_or_a_new_one(question: BehavioralQuestion) -> None:
    known = KNOWN.resolve(question.slug)
    assert KNOWN.resolve(question.title) == known
    if known is not None:
        assert (known.slug, known.round) == (question.slug, Round.BEHAVIORAL)
        assert known.title == question.title
        assert known.difficulty is question.difficulty
        assert known.skills == question.skills


@EACH
def test_a_question_trains_behavioral_skills_of_the_graph(question: BehavioralQuestion) -> None:
    for skill in question.skills:
        assert skill_graph()[skill].round is Round.BEHAVIORAL


@EACH
def test_larger_stories_of_more_senior_candidates_get_more_time(
    question: BehavioralQuestion,
) -> None:
    minutes = [question.minutes[level] for level in Level]
    assert minutes == sorted(minutes)
    assert 10 <= minutes[0] <= minutes[-1] <= 20


@EACH
def test_a_question_is_put_in_two_sentences_and_asks_something(
    question: BehavioralQuestion,
) -> None:
    statement = question.brief.statement
    assert len(sentences(statement)) <= 2
    assert "?" in statement
    assert len(statement) <= 240


@EACH
def test_the_candidate_is_not_told_which_principle_is_meant(question: BehavioralQuestion) -> None:
    shown = f" {' '.join(words(question.brief.statement))} "
    for name in question.guide.principles:
        assert f" {' '.join(words(name))} " not in shown


@EACH
def test_every_principle_named_is_known_and_one_of_them_fits_the_skills(
    question: BehavioralQuestion,
) -> None:
    named = question.guide.principles
    assert 1 <= len(set(named)) == len(named) <= 4
    found = [resolve_principle(name) for name in named]
    assert [principle.name for principle in found if principle] == list(named)
    shown = {skill for principle in found if principle for skill in principle.skills}
    assert shown & set(question.skills)


@EACH
def test_the_interviewer_has_all_that_the_round_needs(question: BehavioralQuestion) -> None:
    guide = question.guide
    assert len(guide.probes) >= 5
    assert len(guide.red_flags) >= 4
    assert len(guide.reflection) >= 2
    assert sum(probe.endswith("?") for probe in guide.probes) >= 4
    assert all(asked.endswith("?") for asked in guide.reflection)
    for phase in rounds()[Round.BEHAVIORAL][0].phases:
        assert guide.notes(phase.name, Level.SENIOR)


@EACH
def test_a_signal_is_one_sentence_of_some_substance(question: BehavioralQuestion) -> None:
    signals = question.guide.signals
    for level in Level:
        strong, weak = signals.strong[level], signals.weak[level]
        for signal in (strong, weak):
            assert len(sentences(signal)) == 1
            assert signal.endswith(".")
            assert len(signal) <= 180
        assert len(strong.split()) >= 12
        assert len(weak.split()) >= 7


@EACH
def test_the_interviewer_is_told_the_signals_of_the_level_alone(
    question: BehavioralQuestion,
) -> None:
    told = str(question.guide.notes("question", Level.MID))
    assert question.guide.signals.strong[Level.MID] in told
    assert question.guide.signals.strong[Level.STAFF] not in told
    assert question.guide.probes[0] not in told


@EACH
def test_the_texts_are_plain(question: BehavioralQuestion) -> None:
    for text in (question.title, question.brief.statement, *texts(question)):
        assert text.isascii()
        assert text == " ".join(text.split())
        assert text[0].isupper()


def test_a_round_asks_probes_and_looks_back_on_four_dimensions() -> None:
    spec, rubric = rounds()[Round.BEHAVIORAL]
    assert [phase.name for phase in spec.phases] == ["question", "probes", "reflection"]
    assert rubric.names == ("situation_and_task", "ownership_of_actions", "impact", "reflection")
    assert [item.name for item in rubric.dimensions if item.core] == [
        "ownership_of_actions",
        "impact",
    ]


VALID = (
    files("maang_mcp.content") / "questions" / "behavioral" / "conflict-with-a-coworker.toml"
).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[brief]", 'hints = ["Think of a friend."]\n[brief]', "hints"),
        ("red_flags = [", "red_flag = [", "red_flags"),
        ("[guide.signals.weak]\nentry", "[guide.signals.weak]\nintern", "weak"),
        ('"conflict", "collaboration"', '"conflict", "conflict"', "needs skills, each once"),
        ("[guide]\n", "[guide]\nvalues = []\n", "nobody reads guide.values"),
    ],
)
def test_a_flaw_in_a_file_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in VALID
    flawed = tmp_path / "flawed.toml"
    flawed.write_text(VALID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"flawed\.toml: ") as refusal:
        read(flawed, QUESTION_FILES[Round.BEHAVIORAL])
    assert complaint in str(refusal.value)
