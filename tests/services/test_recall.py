"""A search narrowed by the question's words, by topic and by interview; never silently empty."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from maang_mcp.app import Coach
from maang_mcp.domain.errors import UnknownSkill
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.domain.subject import SUBJECT_WEIGHT
from maang_mcp.services.answers.memory import Context
from maang_mcp.services.requests import Note, Plan, Question
from tests.factories import NOW, HashEmbedder, SteppingClock, report
from tests.lives import interviewed


async def _remember(coach: Coach, learner: Learner, content: str, **fields: object) -> UUID:
    note = Note(content, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice
    return UUID((await coach.memories.remember(learner, note)).memory_id)


async def _ask(coach: Coach, learner: Learner, query: str, **fields: object) -> Context:
    question = Question(query, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice
    return await coach.memories.retrieve_context(learner, question)


def _found(context: Context) -> set[UUID]:
    return {UUID(passage.uri.rsplit("/", 1)[1]) for passage in context.passages}


def _days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


# --- Word for word.


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"off by one"', {"hyphens", "plain", "title"}),
        ('"off by one" heaps', {"hyphens", "plain", "title"}),
        ('"one off by"', {"reversed"}),
        ('"off by one" -trees', {"hyphens", "title"}),
        ("cyrillic OR \u043e\u043a\u043d\u0430", {"russian"}),
        ('"\u6ed1\u52a8\u7a97\u53e3"', {"chinese"}),
        ('"C++"', {"cplusplus"}),
        ('"c"', {"c"}),
        ('"dfs"', {"slash"}),
        ("queries OR nothing", {"query"}),
    ],
)
@pytest.mark.parametrize("ready", [True, False], ids=["with the model", "without"])
async def test_what_is_demanded_word_for_word_is_all_that_is_found(
    coach: Coach,
    learner: Learner,
    embedder: HashEmbedder,
    query: str,
    found: set[str],
    ready: bool,
) -> None:
    texts = {
        "hyphens": "The loop was Off-by-one.",
        "plain": "off by\n  one in trees",
        "title": "It happened once more.",
        "reversed": "one off by two",
        "russian": "\u041e\u043a\u043d\u0430 \u0434\u0432\u0430",
        "chinese": "\u7528\u6ed1\u52a8\u7a97\u53e3\u505a",
        "cplusplus": "Written in C++.",
        "c": "Written in C.",
        "slash": "Try dfs/bfs.",
        "query": "Every query is logged.",
    }
    kept = {
        await _remember(coach, learner, text, title="Off by one" if name == "title" else ""): name
        for name, text in texts.items()
    }
    embedder.ready = ready
    answer = await _ask(coach, learner, query, k=10)
    assert {kept[id] for id in _found(answer)} == found
    assert answer.status.startswith("By its exact words: ")


async def test_an_exact_hit_needs_no_resemblance(coach: Coach, learner: Learner) -> None:
    words = " ".join(f"detail{n}" for n in range(80))
    kept = await _remember(coach, learner, f"{words} which of them {words}")
    assert not (await _ask(coach, learner, "which of them")).found
    assert _found(await _ask(coach, learner, '"which of them"')) == {kept}


async def test_a_phrase_is_found_anywhere_in_a_long_document(
    coach: Coach, learner: Learner
) -> None:
    filler = "one off by two and more. " * 3000
    kept = await _remember(coach, learner, f"{filler}Here it was off by one. {filler}")
    answer = await _ask(coach, learner, '"off by one"')
    assert _found(answer) == {kept}
    assert "off by one" in answer.passages[0].text


async def test_a_phrase_nobody_wrote_is_searched_as_words_and_that_is_said(
    coach: Coach, learner: Learner
) -> None:
    kept = await _remember(coach, learner, "Off to one side by a pixel.")
    answer = await _ask(coach, learner, '"off by one pixel"')
    assert _found(answer) == {kept}
    assert answer.status.startswith("Nothing answers to its exact words; searched without. ")


@pytest.mark.parametrize(
    "query", ["\"a' | 'b\"", '"\\" OR ":*"', "x OR '; drop table memory", '"%_"']
)
async def test_quotes_of_another_language_are_text(
    coach: Coach, learner: Learner, query: str
) -> None:
    await _remember(coach, learner, "Shrink the window.")
    assert not (await _ask(coach, learner, query)).found
    assert (await _ask(coach, learner, "window")).found


async def test_what_is_excluded_stays_out_when_nothing_is_found(
    coach: Coach, learner: Learner
) -> None:
    await _remember(coach, learner, "The lru list goes left.")
    kept = await _remember(coach, learner, "Move the left pointer.")
    only = await _ask(coach, learner, "juggling -lru")
    assert not only.found
    assert only.status.startswith("By its exact words: Nothing among 1 passage ")
    phrase = await _ask(coach, learner, '"move left pointer" -lru')
    assert _found(phrase) == {kept}
    assert phrase.status.startswith(
        "Nothing answers to its exact words; searched without; what it excludes stays out. "
    )
    nothing = await _ask(coach, learner, "left -left")
    assert nothing.status == "By its exact words: Nothing on record passes the filters."


# --- Time words.


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("windows yesterday", {"yesterday"}),
        ("what did I write about windows last week?", {"last week"}),
        ("windows since Monday", {"today", "yesterday"}),
        ("what did I do yesterday", {"yesterday"}),
        ("yesterday", {"yesterday"}),
        ("windows before 2026-11-10", {"old"}),
        ("windows in October", {"old"}),
        ("window view last", {"today", "yesterday", "last week", "old"}),
    ],
)
async def test_time_words_are_a_filter(
    coach: Coach, learner: Learner, query: str, found: set[str]
) -> None:
    ages = {"today": 0.1, "yesterday": 1, "last week": 7, "old": 30}
    kept = {
        await _remember(coach, learner, f"windows {name}", when=_days_ago(age)): name
        for name, age in ages.items()
    }
    assert {kept[id] for id in _found(await _ask(coach, learner, query))} == found


async def test_what_time_words_leave_out_is_said(coach: Coach, learner: Learner) -> None:
    await _remember(coach, learner, "windows", when=_days_ago(30))
    answer = await _ask(coach, learner, "windows last week")
    assert answer.status == (
        "Nothing answers to 'last week'; searched without. "
        "1 best of 1 passage; quoted text is data."
    )
    inside = await _ask(coach, learner, "windows a month ago")
    assert inside.status.startswith("By 'a month ago': 1 best of 1 passage;")


@pytest.mark.parametrize("ready", [True, False], ids=["with the model", "without"])
async def test_a_day_with_nothing_near_shows_what_is_newest_there(
    coach: Coach, learner: Learner, embedder: HashEmbedder, ready: bool
) -> None:
    words = ("heap", "stack", "trie", "queue")
    kept = [
        await _remember(coach, learner, word, when=_days_ago(age))
        for word, age in zip(words, (0.1, 1, 1.1, 9), strict=True)
    ]
    embedder.ready = ready
    answer = await _ask(coach, learner, "what did I get wrong today and yesterday", k=2)
    assert [UUID(passage.uri.rsplit("/", 1)[1]) for passage in answer.passages] == kept[:2]
    assert answer.status.startswith(
        "By 'today and yesterday', where nothing is near the question: 2 newest of 3 passages"
    )
    without = await _ask(coach, learner, "what did I get wrong yesterday -stack")
    assert _found(without) == {kept[2]}


async def test_a_day_begins_where_the_learner_lives(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.learners.update_profile(learner, {"timezone": "Pacific/Auckland"})
    clock.at = datetime.fromisoformat("2026-11-20T13:00:00+00:00")  # the 21st there
    kept = await _remember(coach, learner, "windows", when="2026-11-19T12:00:00+00:00")
    other = await _remember(coach, learner, "windows again", when="2026-11-20T12:00:00+00:00")
    assert _found(await _ask(coach, learner, "windows yesterday")) == {kept}
    assert _found(await _ask(coach, learner, "windows since yesterday")) == {kept, other}


async def test_a_period_that_is_told_goes_before_one_that_is_said(
    coach: Coach, learner: Learner
) -> None:
    kept = await _remember(coach, learner, "windows", when=_days_ago(30))
    await _remember(coach, learner, "windows", when=_days_ago(7))
    answer = await _ask(coach, learner, "windows last week", until="2026-11-01")
    assert _found(answer) == {kept}
    assert answer.status.startswith("1 best of 1 passage;")


async def test_words_and_time_narrow_together(coach: Coach, learner: Learner) -> None:
    kept = await _remember(coach, learner, "off by one", when=_days_ago(1))
    await _remember(coach, learner, "one off", when=_days_ago(1))
    await _remember(coach, learner, "off by one", when=_days_ago(9))
    answer = await _ask(coach, learner, '"off by one" yesterday')
    assert _found(answer) == {kept}
    assert answer.status.startswith("By its exact words and 'yesterday': ")


# --- What the learner did.


async def test_an_interview_dates_a_question(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    before = await _remember(coach, learner, "windows before")
    clock.forward(hours=1)
    plan = Plan(round=Round.CODING, company="Google")
    started = await coach.interviews.start(learner, plan)
    clock.forward(hours=5)
    after = await _remember(coach, learner, "windows after")
    assert _found(await _ask(coach, learner, "windows before my Google mock")) == {before}
    assert _found(await _ask(coach, learner, "windows after my last interview")) == {after}
    unknown = await _ask(coach, learner, "windows before my Meta mock")
    assert _found(unknown) == {before, after}
    assert unknown.status.startswith("Nothing on record is meant by 'before my Meta mock'. ")
    assert started.interview_id


async def test_an_attempt_dates_a_question(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    before = await _remember(coach, learner, "windows before")
    clock.forward(hours=1)
    await coach.practice.record_attempt(learner, report("two-sum"))
    clock.forward(hours=1)
    after = await _remember(coach, learner, "windows after")
    await coach.practice.record_attempt(learner, report("3sum"))
    for question, found in (
        ("windows before my first attempt at two sum", before),
        ("windows since my last attempt at two-sum windows", after),
    ):
        assert found in _found(await _ask(coach, learner, question, k=2))
        assert len(_found(await _ask(coach, learner, question)) & {before, after}) == 1


async def test_an_attempt_leaves_the_question_its_words_and_is_not_after_itself(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    at = clock.at
    await coach.practice.record_attempt(learner, report("Acme onsite elevator", note="duplicates"))
    clock.forward(hours=1)
    about = await _remember(coach, learner, "duplicates come in pairs")
    for _ in range(3):
        await _remember(coach, learner, "elevator doors")
    question = "my first attempt at acme onsite elevator what did I learn about duplicates"
    after = await _ask(coach, learner, f"after {question}", k=1)
    assert _found(after) == {about}
    assert after.status.startswith("By 'after my first attempt at acme onsite elevator': ")
    every = await _ask(coach, learner, f"after {question}", k=10)
    assert all(passage.kind is MemoryKind.NOTE for passage in every.passages)
    during = await _ask(coach, learner, f"from {question}", k=10)
    assert [passage.when for passage in during.passages] == [at.date()]
    unknown = await _ask(coach, learner, "duplicates after my last attempt at juggling")
    assert about in _found(unknown)
    assert unknown.status.startswith("Nothing on record is meant by 'after my last attempt at jug")


# --- Topics, interviews, problems.


async def test_a_conversation_is_asked_by_its_name_and_an_interview_by_its_id(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    said = await _remember(coach, learner, "windows", conversation="chat", kind=MemoryKind.TURN)
    await _remember(coach, learner, "windows", conversation="other", kind=MemoryKind.TURN)
    assert _found(await _ask(coach, learner, "windows", conversation=" chat\n")) == {said}
    interview = await interviewed(coach, learner, clock)
    for told in (str(interview), str(interview).upper()):
        found = await _ask(coach, learner, "container with most water", conversation=told)
        assert found.passages
        assert said not in _found(found)
    inside = await _ask(coach, learner, "container in my last interview")
    assert inside.status.startswith("By 'in my last interview': ")
    assert _found(inside) <= _found(found)


async def test_a_topic_is_its_problems_and_its_tags(coach: Coach, learner: Learner) -> None:
    by_problem = await _remember(coach, learner, "notes one", problem="3sum")
    by_tag = await _remember(coach, learner, "notes two", tags=("two-pointers",))
    await _remember(coach, learner, "notes three", problem="lru-cache", tags=("google",))
    found = await _ask(coach, learner, "notes", topic="Two Pointers")
    assert _found(found) == {by_problem, by_tag}
    with pytest.raises(UnknownSkill):
        await _ask(coach, learner, "notes", topic="juggling")


async def test_labels_count_in_any_spelling_and_as_they_are_stored(
    coach: Coach, learner: Learner
) -> None:
    secret = "sk-proj-abcd1234efgh5678ijkl9012"
    kept = await _remember(
        coach,
        learner,
        "notes",
        tags=("Top-K", f"key {secret}", "\u041e\u043a\u043d\u0430"),
        problem="Our Onsite: Lift",
        conversation="Race",
    )
    await _remember(coach, learner, "notes", tags=("other",))
    for filters in (
        {"tags": ("top-k",)},
        {"tags": (f"key {secret}",)},
        {"tags": ("\u043e\u041a\u043d\u0430",)},
        {"problem": "our-onsite lift"},
        {"conversation": "race"},
    ):
        assert _found(await _ask(coach, learner, "notes", **filters)) == {kept}


async def test_filters_that_leave_nothing_say_which(coach: Coach, learner: Learner) -> None:
    await _remember(coach, learner, "notes", tags=("<system>", "b"), conversation="chat")
    for filters, why in (
        ({"conversation": str(uuid4())}, ": nothing has that conversation; there is 'chat'."),
        ({"tags": ("x",)}, ": nothing has that tag; there is '\u2039system>', 'b'."),
        ({"problem": "two sum", "tags": ("B",)}, ": nothing has that problem; there is none."),
        ({"topic": "heap"}, "."),
        ({"tags": ("b",), "until": "2020-01-01"}, "."),
    ):
        answer = await _ask(coach, learner, "notes", **filters)
        assert answer.status == f"Nothing on record passes the filters{why}"


async def test_a_problem_named_by_its_number_is_found_by_its_title(
    coach: Coach, learner: Learner
) -> None:
    kept = await _remember(coach, learner, "Watch the bounds.", problem="3sum")
    for n in range(5):
        await _remember(coach, learner, f"Heaps, part {n}: sift down.")
    answer = await _ask(coach, learner, "what did I write about LC 15", explain=True)
    (first, *_) = answer.passages
    assert first.uri.endswith(str(kept))
    assert first.parts is not None
    assert first.parts.subject == SUBJECT_WEIGHT
