"""What a story lacks, and that keywords are no way round it."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.star import STAR, Part
from maang_mcp.domain.story_critique import ADVICE, Finding, Flaw, Status, critique, status_of

from .stories import TOLD, flaws, read, status, telling, written

KEYWORDS: Final = """
    result metric metrics impact 40% $1M 3x 99.9% 1200 I I led owned drove improved reduced saved
    increased launched delivered ownership leadership latency throughput revenue customers users
    hours ms kafka redis scalable data-driven strategic stakeholders STAR situation task action
    Amazon Google percent team success kpi roi
    """.split()  # noqa: SIM905  # a word list reads best as words
STORIES = {
    "ready": written(),
    "no metric": telling(result="The restarts by hand stopped, and the festival sold out."),
    "vague": telling(result="It went well and everyone was happy."),
    "we": telling(action=TOLD[Part.ACTION].replace("I ", "we ")),
    "nobody": telling(action="The retries were moved into a queue that the bank could not block."),
    "no result": telling(result=""),
    "fragments": telling(result="fewer lost orders, happier venue"),
    "short": "S: The bank called us. T: I had to answer the phone. A: I wrote back to their lawyer."
    " R: We saved 7 hours for the bank.",
    "unlabelled": " ".join(TOLD.values()),
    "empty": "",
}
RANK = {status: rank for rank, status in enumerate(Status)}


def test_a_story_told_well_is_ready() -> None:
    assert critique(read(written())) == ()
    assert status(written()) is Status.READY


@pytest.mark.parametrize(
    "content",
    [
        """\
Context - Our warehouse team packed parcels from printed lists. Each week about 30 parcels went to
the wrong city because two lists looked alike, and every one of them cost us a courier and an
apology.

My task - I led the packing software and had promised my director a fix before the Christmas rush.

What I did - I spent two shifts at the packing tables and noticed that people read only the last
line of a list. So I drew three new layouts on paper, let the packers choose, and built the one
they liked in four days. The printer vendor refused to change its driver. I disagreed with my
director about replacing it, showed him what a month of delay would cost, and wrote a small
converter instead.

Outcome - Wrong parcels went down from 30 a week to 2, and the packers asked for the same layout
on the returns desk.
""",
        """\
S: A junior colleague's merge took the booking page down on a Friday afternoon. She was close to
tears, and two managers were already asking whose fault it was.
T: As the incident lead I had to bring the page back and keep the team willing to speak up.
A: - I rolled the release back and told the managers when they would hear from me next.
- Then I sat down with her, and we read the change together until she found the cause herself.
- In the review I described my own worst outage first. I proposed that no release goes out without
a second pair of eyes, and I wrote the check into the pipeline that evening.
R: The page was back after 11 minutes. In the following year the team shipped 140 releases, and
none of them had to be rolled back for that reason.
""",
    ],
)
def test_stories_in_other_styles_are_ready(content: str) -> None:
    assert flaws(content) == set()


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (telling(situation=""), Flaw.NO_SITUATION),
        (telling(task=""), Flaw.NO_TASK),
        (telling(action=""), Flaw.NO_ACTION),
        (telling(result=""), Flaw.NO_RESULT),
        (telling(task=f"{TOLD[Part.TASK]} {', '.join(KEYWORDS)}"), Flaw.LIST_OF_TERMS),
        (telling(situation="It was slow."), Flaw.THIN_SITUATION),
        (telling(task="I had to speed it up."), Flaw.THIN_TASK),
        (telling(action="I rewrote it."), Flaw.THIN_ACTION),
        (telling(result="It fell by 40%."), Flaw.THIN_RESULT),
        (STORIES["nobody"], Flaw.NO_OWN_ACTION),
        (STORIES["we"], Flaw.WE_NOT_I),
        (STORIES["vague"], Flaw.VAGUE_RESULT),
        (STORIES["no metric"], Flaw.NO_METRICS),
        (telling(result="In 2024 team 7 moved on to version 3.11 of it."), Flaw.NO_METRICS),
        (STORIES["short"], Flaw.TOO_SHORT),
    ],
)
def test_each_flaw_is_found(content: str, flaw: Flaw) -> None:
    found = critique(read(content))
    assert flaw in {finding.flaw for finding in found}
    assert status_of(found) is not Status.READY


@pytest.mark.parametrize(
    "task",
    [
        "I had to speed it up.",
        "I was asked to do it.",
        "It was on me to do it.",
        "I had to fix it. It had to be fast.",
    ],
)
def test_a_plain_sentence_is_thin_and_neither_missing_nor_a_list(task: str) -> None:
    found = critique(read(telling(task=task)))
    assert [one.flaw for one in found] == [Flaw.THIN_TASK]
    assert found[0].missing is None
    assert status_of(found) is Status.DRAFT


def test_a_thin_sentence_beside_one_that_tells_something_is_nothing_to_mend() -> None:
    task = f"{TOLD[Part.TASK]} I had to speed it up."
    assert flaws(telling(task=task)) == set()


def test_a_thin_sentence_said_before_is_no_part_of_its_own() -> None:
    found = flaws(telling(situation="I had to fix it.", task="I had to fix it."))
    assert found == {Flaw.THIN_SITUATION, Flaw.NO_TASK, Flaw.LIST_OF_TERMS}


def test_too_long_begins_after_three_minutes() -> None:
    sentence = "I asked the bank for the log of day %d and read it."
    long = " ".join(f"{sentence % day}" for day in range(30))
    assert Flaw.TOO_LONG not in flaws(telling(action=long[: len(long) // 2]))
    assert flaws(telling(action=long * 2)) >= {Flaw.TOO_LONG}


def test_we_may_be_said_as_long_as_i_is_said_as_often() -> None:
    action = TOLD[Part.ACTION] + " We met the bank. We called it. We had lunch with them."
    assert Flaw.WE_NOT_I not in flaws(telling(action=action))
    assert Flaw.WE_NOT_I in flaws(telling(action=f"{action} We left. We laughed."))


def test_a_number_makes_up_for_vague_words() -> None:
    result = "It went really well: lost orders fell to 0.03% of all."
    assert flaws(telling(result=result)) == set()


def test_a_story_in_another_language_is_not_judged() -> None:
    content = (
        "Situation: Unsere Datenbank fiel im März jede Nacht aus, und niemand wusste, woran das"
        " lag. Task: Ich sollte es herausfinden. Action: Ich habe die Protokolle gelesen und einen"
        " Fehler in der Sicherung gefunden. Result: Danach lief sie ohne Ausfall durch."
    )
    assert flaws(content) == {Flaw.NOT_ENGLISH}
    assert status(content) is Status.DRAFT


@pytest.mark.parametrize(
    "content",
    [
        "Situation: result. Task: metric. Action: I. Result: 40%.",
        "STAR situation task action result metric impact 40% I ownership leadership",
        written(dict.fromkeys(STAR, "I, result, metric, 40%, impact, led, owned, delivered")),
        written(dict.fromkeys(STAR, "I led the result with a metric of 40% and the impact of it.")),
        written(dict.fromkeys(STAR, "of I the to result 40% was and by it in from led the a we")),
        written(dict.fromkeys(STAR, TOLD[Part.RESULT])),
    ],
)
def test_keywords_a_template_and_repetition_stay_a_draft(content: str) -> None:
    assert status(content) is Status.DRAFT


def test_what_is_missing_is_named() -> None:
    found = critique(read(telling(task="", result="")))
    assert [one.missing for one in found if one.missing] == [Part.TASK, Part.RESULT]
    assert Finding(Flaw.TOO_LONG).missing is None


@pytest.mark.parametrize("flaw", Flaw)
def test_each_finding_says_what_to_do(flaw: Flaw) -> None:
    assert Finding(flaw).advice == ADVICE[flaw]
    assert re.fullmatch(r"[A-Z'].{20,160}[.?]", ADVICE[flaw])


# --- Nothing but telling it better makes a story better.


@given(st.sampled_from(sorted(STORIES)), st.sets(st.sampled_from(Part)))
def test_deleting_parts_never_improves_a_story(name: str, gone: set[Part]) -> None:
    parts = read(STORIES[name]).parts
    rest = {part: said for part, said in parts.items() if part not in gone}
    assert RANK[status(written(rest))] <= RANK[status(written(parts))]


@given(
    name=st.sampled_from(sorted(STORIES)),
    part=st.sampled_from(Part),
    words=st.lists(st.sampled_from(KEYWORDS), min_size=1, max_size=60),
    separator=st.sampled_from([" ", ", ", "; ", ". ", "\n", "\n- ", " / "]),
    in_front=st.booleans(),
)
def test_adding_keywords_never_improves_a_story(
    name: str, part: Part, words: list[str], separator: str, in_front: bool
) -> None:
    parts = dict.fromkeys(STAR, "") | dict(read(STORIES[name]).parts)
    said, stuffing = parts.get(part, ""), separator.join(words)
    parts[part] = f"{stuffing}. {said}" if in_front else f"{said} {stuffing}"
    assert RANK[status(written(parts))] <= RANK[status(STORIES[name])]


@pytest.mark.parametrize(
    "stuffing", ["40%", "led 40%", "40% result", "I, led, 40%,", "I 40% led 3x"]
)
@pytest.mark.parametrize("name", ["no metric", "vague", "nobody", "we"])
def test_keywords_run_into_a_sentence_do_not_improve_it(name: str, stuffing: str) -> None:
    parts = read(STORIES[name]).parts
    stuffed = {part: f"{stuffing} {said}" for part, said in parts.items()}
    assert RANK[status(written(stuffed))] <= RANK[status(STORIES[name])]


@given(st.lists(st.sampled_from([*KEYWORDS, *(f"{part}:" for part in Part), "S:", "\n", ","])))
def test_keywords_alone_are_a_draft(words: list[str]) -> None:
    assert status(" ".join(words)) is Status.DRAFT


@given(
    st.sampled_from(sorted(STORIES)),
    st.sampled_from([str.upper, str.lower, str.swapcase]),
    st.sampled_from([" ", "  ", "\t", "\n", "\r\n", " \n\n\t "]),
)
def test_case_and_white_space_change_nothing(name: str, case: object, space: str) -> None:
    told = STORIES[name]
    changed = case(re.sub(r"[ \n]", lambda _: space, told))  # type: ignore[operator]  # a function of a text
    assert flaws(changed) == flaws(told)
