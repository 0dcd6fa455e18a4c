import re
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest

from maang_mcp.content.files import read
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.questions import QUESTION_FILES, questions
from maang_mcp.domain.attempt import Mistake
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.interview import LONGEST
from maang_mcp.domain.level import Level
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.question import CodingQuestion
from maang_mcp.domain.skills import Round

from .words import code_in

BANK = [question for question in questions().values() if isinstance(question, CodingQuestion)]
CODING_MISTAKES = frozenset(Mistake) - {
    Mistake.REQUIREMENTS,
    Mistake.ESTIMATION,
    Mistake.TRADE_OFFS,
    Mistake.BOTTLENECK,
    Mistake.NO_METRICS,
    Mistake.NO_RESULT,
    Mistake.TOO_LONG,
}
GIVEN = {"linked-list", "design"}
"""Skills that a statement cannot help naming: the input is a list, the task is a design."""
KNOWN = Catalogue(catalogue(), skill_graph())
"""What can be practised alone, without the bank."""
EACH = pytest.mark.parametrize("question", BANK, ids=lambda question: question.slug)


def test_the_bank_asks_at_every_difficulty() -> None:
    asked = [question.difficulty for question in BANK]
    assert len(asked) >= 60
    for difficulty in Difficulty:
        assert asked.count(difficulty) >= 12


def test_every_skill_of_the_graph_is_the_first_of_a_question() -> None:
    asked = {question.skills[0] for question in BANK}
    assert {skill.id for skill in skill_graph().of_round(Round.CODING)} <= asked


def test_the_bank_is_read_once() -> None:
    assert questions() is questions()


@EACH
def test_a_question_trains_coding_skills_of_the_graph(question: CodingQuestion) -> None:
    for skill in question.skills:
        assert skill_graph()[skill].round is question.round is Round.CODING


@EACH
def test_a_question_is_not_mistaken_for_a_known_problem(question: CodingQuestion) -> None:
    assert KNOWN.resolve(question.slug) is None
    assert KNOWN.resolve(question.title) is None


@EACH
def test_no_hint_holds_code(question: CodingQuestion) -> None:
    for hint in question.hints:
        assert code_in(hint) == []


@EACH
def test_hints_give_away_more_with_each_level(question: CodingQuestion) -> None:
    orientation, _, _, outline = question.hints
    assert orientation.rstrip().endswith("?")
    assert len(outline) > len(orientation)
    assert max(map(len, question.hints)) <= 600


@EACH
def test_no_hint_stands_in_what_is_shown_before_it_is_unlocked(question: CodingQuestion) -> None:
    shown = str(question.brief) + str(question.guide)
    for hint in question.hints:
        for sentence in re.split(r"(?<=[.?!;:])\s", hint):
            assert sentence not in shown or len(sentence.split()) < 5


@EACH
def test_the_candidate_is_not_told_which_skill_is_meant(question: CodingQuestion) -> None:
    shown = str(question.brief).casefold()
    for skill in set(question.skills) - GIVEN:
        for name in (skill_graph()[skill].name, skill.replace("-", " ")):
            assert name.casefold() not in shown
    assert not re.search(r"\bo\(", shown)


@EACH
def test_the_interviewer_has_all_that_the_round_needs(question: CodingQuestion) -> None:
    guide = question.guide
    assert guide.expected_time.startswith("O(")
    assert guide.expected_space.startswith("O(")
    assert min(len(guide.look_for), len(guide.follow_ups), len(guide.clarifications)) >= 3
    assert len(question.brief.examples) >= 2
    mistakes = [common.mistake for common in guide.common_mistakes]
    assert len(mistakes) >= 3
    assert len(set(mistakes)) == len(mistakes)
    assert set(mistakes) <= CODING_MISTAKES


@EACH
def test_more_senior_candidates_get_less_time(question: CodingQuestion) -> None:
    minutes = [question.minutes[level] for level in Level]
    assert minutes == sorted(minutes, reverse=True)
    assert 10 <= min(minutes) <= max(minutes) <= LONGEST


def test_harder_questions_get_more_time() -> None:
    typical = [
        mean(q.minutes[Level.MID] for q in BANK if q.difficulty is difficulty)
        for difficulty in Difficulty
    ]
    assert typical == sorted(typical)


VALID_FILE = Path(__file__).parents[2] / "maang_mcp/content/questions/coding/tide-log.toml"
VALID = VALID_FILE.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('title = "Back', 'titel = "Back', "title"),
        ("constraints = [", "constrains = []\nconstraints = [", "nobody reads brief.constrains"),
        ('difficulty = "medium"', 'difficulty = "middling"', "difficulty"),
        ("entry = 33, ", "", "minutes for every level"),
        ("entry = 33", "entry = 0", "minutes for every level"),
        ('skills = ["prefix-sum", "arrays-hashing"]', "skills = []", "needs skills"),
        ('"arrays-hashing"]', '"prefix-sum"]', "needs skills, each once"),
        ('slug = "tide-log"', 'slug = " "', "empty text"),
        ('mistake = "boundary"', 'mistake = "bad_luck"', "mistake"),
        ("hints = [", 'hints = [\n  "One more?",', "hints"),
        ("[brief]", "[brief", "tide.toml"),
        ('why = "The', 'wy = "The', "nobody reads brief.examples.0.wy"),
    ],
)
def test_a_flaw_in_a_file_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in VALID
    flawed = tmp_path / "tide.toml"
    flawed.write_text(VALID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"tide\.toml: ") as refusal:
        read(flawed, QUESTION_FILES[Round.CODING])
    assert complaint in str(refusal.value)


def test_the_same_hint_twice_is_refused() -> None:
    question = questions()["tide-log"]
    assert isinstance(question, CodingQuestion)
    with pytest.raises(ValueError, match="same hint twice"):
        replace(question, hints=(question.hints[0],) * 4)
