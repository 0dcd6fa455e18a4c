import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.wording import RUN, Heard, fold

TOLD = "Each carriage reports how loud it is.\nReturn the quietest stretch of k carriages."


@pytest.mark.parametrize(
    "said",
    [
        TOLD,
        TOLD.upper(),
        TOLD.replace(" ", "  "),
        TOLD.replace(".", "!"),
        TOLD.replace("carriage", "carri\u200bage"),
    ],
)
def test_what_is_read_back_is_not_ones_own(said: str) -> None:
    assert fold(Heard([TOLD]).own(said)).strip(".! ") == ""


def test_what_stands_around_a_repetition_stays() -> None:
    own = Heard([TOLD]).own(f"So you say: {TOLD} I would slide a window over it.")
    assert " ".join(own.split()) == "So you say: . I would slide a window over it."


def test_words_of_the_question_in_an_order_of_ones_own_are_ones_own() -> None:
    said = "The quietest stretch has k carriages, and each carriage is as loud as it reports."
    assert Heard([TOLD]).own(said) == said


def test_a_few_words_in_a_row_repeat_nothing() -> None:
    words = TOLD.split()
    heard = Heard([TOLD])
    assert heard.own(" ".join(words[: RUN - 1])).split() == words[: RUN - 1]
    assert heard.own(" ".join(words[:RUN])).split() == []


def test_an_accent_does_not_hide_a_repetition_however_it_is_written() -> None:
    told = "la première différence était déjà très élevée"
    assert (
        not Heard([told]).own("la premie\u0300re diffe\u0301rence était déjà très élevée").strip()
    )


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=20)


@given(st.lists(WORDS, max_size=3), WORDS)
def test_exactly_the_words_within_a_run_that_was_heard_are_repeated(
    told: list[list[str]], said: list[str]
) -> None:
    runs = [heard[place : place + RUN] for heard in told for place in range(len(heard) - RUN + 1)]
    repeated = {
        place
        for start in range(len(said) - RUN + 1)
        if said[start : start + RUN] in runs
        for place in range(start, start + RUN)
    }
    heard = Heard(map(" ".join, told))
    kept = [word for place, word in enumerate(said) if place not in repeated]
    text = " ".join(said)
    assert heard.own(text).split() == kept
    assert [text[start:stop] for start, stop in heard.own_words(text)] == kept
