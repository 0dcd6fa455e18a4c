import re
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from maang_mcp.content.files import beside, read
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.questions import QUESTION_FILES
from maang_mcp.content.rounds import rounds
from maang_mcp.domain import hints
from maang_mcp.domain.attempt import Mistake
from maang_mcp.domain.level import Level
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.question import DesignQuestion
from maang_mcp.domain.rubric import Score, Signals, apply_ceilings, hint_cost
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label, verdict

from .words import code_in

ADAPTER = QUESTION_FILES[Round.SYSTEM_DESIGN]
FILES = {
    file.name.removesuffix(".toml"): file
    for file in (beside("questions") / Round.SYSTEM_DESIGN).iterdir()
    if file.name.endswith(".toml")
}
BANK: dict[str, DesignQuestion] = {slug: read(FILES[slug], ADAPTER) for slug in sorted(FILES)}
AGENDA, RUBRIC = rounds()[Round.SYSTEM_DESIGN]
DESIGN_MISTAKES = {
    Mistake.REQUIREMENTS,
    Mistake.ESTIMATION,
    Mistake.TRADE_OFFS,
    Mistake.BOTTLENECK,
    Mistake.COMMUNICATION,
    Mistake.DATA_STRUCTURE,
    Mistake.RIGOR,
}
PHASE_TOKENS = 550
"""What one phase of a guide may cost; a whole answer stays under 1,000."""

EACH = pytest.mark.parametrize("question", BANK.values(), ids=BANK)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!;:])\s", text)


def signals_of(question: DesignQuestion) -> list[str]:
    return [
        text
        for phase in question.guide.signals.values()
        for side in (phase.strong, phase.weak)
        for text in side.values()
    ]


def test_the_bank_asks_at_every_difficulty() -> None:
    asked = Counter(question.difficulty for question in BANK.values())
    assert asked.total() >= 24
    for difficulty in Difficulty:
        assert asked[difficulty] >= 4


def test_every_skill_of_the_round_has_a_question() -> None:
    asked = {skill for question in BANK.values() for skill in question.skills}
    assert asked == {skill.id for skill in skill_graph().of_round(Round.SYSTEM_DESIGN)}


def test_harder_questions_get_more_time() -> None:
    typical = [
        mean(q.minutes[Level.MID] for q in BANK.values() if q.difficulty is difficulty)
        for difficulty in Difficulty
    ]
    assert typical == sorted(typical)


def test_no_signal_is_said_of_two_things() -> None:
    said = Counter(text for question in BANK.values() for text in signals_of(question))
    assert [text for text, times in said.items() if times > 1] == []


def test_no_hint_serves_two_questions() -> None:
    given = Counter(hint for question in BANK.values() for hint in question.hints)
    assert max(given.values()) == 1


@EACH
def test_a_question_is_the_topic_of_the_catalogue_and_shares_its_history(
    question: DesignQuestion,
) -> None:
    topic = catalogue().get(question.slug)
    assert topic is not None
    assert topic is catalogue().resolve(question.title, round=Round.SYSTEM_DESIGN)
    assert BANK[question.slug] is question
    assert topic.round is question.round is Round.SYSTEM_DESIGN
    assert (topic.title, topic.difficulty, topic.skills) == (
        question.title,
        question.difficulty,
        question.skills,
    )


@EACH
def test_the_statement_is_short_and_open(question: DesignQuestion) -> None:
    brief = question.brief
    assert 2 <= len(re.findall(r"[.?!](?:\s|$)", brief.statement)) <= 4
    assert len(brief.constraints) <= 1
    assert not brief.examples
    assert not brief.files
    assert not re.search(r"\d", brief.statement)


@EACH
def test_the_candidate_is_not_told_which_skill_is_meant(question: DesignQuestion) -> None:
    shown = str(question.brief).casefold()
    for skill in question.skills:
        for name in (skill_graph()[skill].name, skill.replace("-", " ")):
            assert name.casefold() not in shown


@EACH
def test_senior_candidates_get_no_more_time(question: DesignQuestion) -> None:
    minutes = [question.minutes[level] for level in Level]
    assert minutes == sorted(minutes, reverse=True)
    assert 35 <= min(minutes) <= max(minutes) <= 50


@EACH
def test_hints_lead_from_a_question_to_an_outline_in_words(question: DesignQuestion) -> None:
    orientation, part, _, outline = question.hints
    assert orientation.rstrip().endswith("?")
    assert len(outline) == max(map(len, question.hints)) <= 600
    assert not part.rstrip().endswith("?")
    for hint in question.hints:
        assert code_in(hint) == []


@EACH
def test_no_hint_stands_in_what_is_shown_before_it_is_unlocked(question: DesignQuestion) -> None:
    shown = str(question.brief) + str(question.guide)
    for hint in question.hints:
        for sentence in sentences(hint):
            assert sentence not in shown or len(sentence.split()) < 5


@EACH
def test_there_is_enough_to_discover_to_estimate_and_to_go_into(question: DesignQuestion) -> None:
    guide = question.guide
    asked = [requirement.asked for requirement in guide.requirements]
    assert len(set(asked)) == len(asked) >= 6
    assert all(text.endswith("?") for text in asked)
    assert sum(bool(re.search(r"\d", item.answer)) for item in guide.requirements) >= 3
    topics = [dive.topic for dive in guide.deep_dives]
    assert len(set(topics)) == len(topics) >= 4
    assert {len(dive.probes) for dive in guide.deep_dives} <= {2, 3}
    choices = [trade_off.choice for trade_off in guide.trade_offs]
    assert len(set(choices)) == len(choices) >= 4
    assert all(item.against and item.turns_on for item in guide.trade_offs)


@EACH
def test_every_estimate_is_a_figure_with_its_reasoning(question: DesignQuestion) -> None:
    estimates = question.guide.estimates
    assert len({estimate.quantity for estimate in estimates}) == len(estimates) >= 4
    words = r"\d|\b(?:one|two|three|four|five|six|eight|ten|half|third|fifths)\b"
    for estimate in estimates:
        assert re.search(words, estimate.figure)
        assert re.search(words, estimate.reasoning)


@EACH
def test_common_mistakes_are_those_of_a_design_and_differ(question: DesignQuestion) -> None:
    mistakes = [common.mistake for common in question.guide.common_mistakes]
    assert len(set(mistakes)) == len(mistakes) >= 3
    assert set(mistakes) <= DESIGN_MISTAKES


@EACH
def test_every_phase_has_signals_of_one_concrete_sentence(question: DesignQuestion) -> None:
    assert tuple(question.guide.signals) == AGENDA.names
    for text in signals_of(question):
        assert 8 <= len(text.split()) <= 22
        assert re.fullmatch(r"[A-Z](?:[^.?!]|\.\d)*\.", text)


@EACH
@pytest.mark.parametrize("level", Level)
def test_a_phase_hands_over_its_own_part_of_the_guide_and_little_more(
    question: DesignQuestion, level: Level
) -> None:
    own = {
        "requirements": {"if_asked"},
        "estimation": {"figures", "if_asked"},
        "high_level_design": {"common_mistakes"},
        "deep_dives": {"menu"},
        "trade_offs": {"weigh"},
    }
    for phase in AGENDA.names:
        notes = question.guide.notes(phase, level)
        assert set(notes) == own.get(phase, set()) | {"strong", "weak"}
        assert all(notes.values())
        assert len(str(notes).encode()) / 4 <= PHASE_TOKENS


def test_a_design_round_goes_from_requirements_to_trade_offs() -> None:
    assert AGENDA.names == (
        "requirements",
        "estimation",
        "api_and_data",
        "high_level_design",
        "deep_dives",
        "trade_offs",
    )


def test_a_design_round_is_judged_on_five_dimensions() -> None:
    assert RUBRIC.names == (
        "requirements_and_scoping",
        "high_level_design",
        "deep_dive",
        "trade_offs_and_bottlenecks",
        "communication",
    )
    assert [item.name for item in RUBRIC.dimensions if item.core] == [
        "high_level_design",
        "deep_dive",
    ]


@pytest.mark.parametrize("given", [3, 4])
def test_the_insight_as_a_hint_makes_no_hire(given: int) -> None:
    best = [Score(name, 4, ("I would split by customer",)) for name in RUBRIC.names]
    found = verdict(apply_ceilings(best, Signals(hints_given=given), RUBRIC), Level.MID, RUBRIC)
    assert found.label is Label.LEANING_NO_HIRE


def test_every_hint_costs_something() -> None:
    for level in range(1, hints.MOST + 1):
        assert "can score" in hint_cost(level, RUBRIC)


VALID = FILES["design-url-shortener"].read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[guide.signals.estimation.weak]\nentry", "[guide.signals.estimation.weak]\n# ", "level"),
        ('shows_as = "Never', 'shows = "Never', "shows_as"),
        ('mistake = "bottleneck"', 'mistake = "bad_luck"', "mistake"),
        ("[[guide.trade_offs]]", "[[guide.tradeoffs]]", "nobody reads guide.tradeoffs"),
        ('turns_on = "', 'why = "x"\nturns_on = "', "nobody reads guide.trade_offs.0.why"),
    ],
)
def test_a_flaw_in_a_file_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in VALID
    flawed = tmp_path / "flawed.toml"
    flawed.write_text(VALID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"flawed\.toml: ") as refusal:
        read(flawed, ADAPTER)
    assert complaint in str(refusal.value)
