import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import EvidenceNotFound
from maang_mcp.domain.evidence import verify_quotes
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.transcript import Speaker, Turn

from .interviews import turns

CANDIDATE, INTERVIEWER = Speaker

SAID = turns(
    (INTERVIEWER, "How would you test it? Well done so far."),
    "I’d keep a “running total” —\n  and a hash map,  so it’s O(n log n) overall…",
    "hmm... sort it by the end, then go through once",
    "Dann würde ich die Lücke zuerst prüfen",
    "まず入力をソートして、それから走査します",
)


def verify(*quotes: str, score: int = 2, transcript: list[Turn] | None = None) -> None:
    said = SAID if transcript is None else transcript
    verify_quotes([Score("testing", score, quotes)], said)


@pytest.mark.parametrize(
    "quote",
    [
        "I'd keep a \"running total\" - and a hash map, so it's O(n log n) overall",
        "i'd KEEP a\n\trunning total".replace("running total", '"running total"'),
        "O(n log n)",
        '"and a hash map"',
        "  a hash map, so  ",
        "a hash map.",
        "hmm... sort it by the end",
        "sort it by ... go through once",
        "sort it by … go through once",
        "hash map [...] log n) overall",
        "...then go through once...",
        "[...] then go through once",
        "wurde ich die Lu\u0308cke zuerst",
        "I’d\u200b keep a",
        "それから走査します",
    ],
)
def test_a_quote_may_differ_as_copies_do(quote: str) -> None:
    verify(quote)


@pytest.mark.parametrize(
    "quote",
    [
        "I would keep a running total",
        "a hash map, so it's O(n) overall",
        "then go through twice",
        "go through once ... sort it by",
        "running total ... sort it by the end",
        "hash map ... go through once",
        "sort it by ... the end, then ... go through once",
        "the candidate: hash map overall",
    ],
)
def test_a_quote_nobody_said_is_refused_by_name(quote: str) -> None:
    with pytest.raises(EvidenceNotFound, match="testing") as refusal:
        verify(quote)
    assert quote in refusal.value.message
    assert "interview_step" in refusal.value.explain()


@pytest.mark.parametrize(
    "quote",
    ["", "a", "map", "hash", "so it's", "overall…", "...", "it ... once", '"" ... ""', "、。"],
)
def test_a_scrap_is_no_evidence(quote: str) -> None:
    with pytest.raises(EvidenceNotFound, match="too short"):
        verify(quote)


def test_every_score_needs_a_quote() -> None:
    with pytest.raises(EvidenceNotFound, match="'testing' is scored without a quote"):
        verify()


def test_one_invented_quote_among_true_ones_is_found() -> None:
    with pytest.raises(EvidenceNotFound, match="never said this"):
        verify("then go through once", "I never said this")


@pytest.mark.parametrize("score", [3, 4])
def test_the_bar_is_not_reached_on_the_interviewers_words(score: int) -> None:
    with pytest.raises(EvidenceNotFound, match="interviewer's words alone") as refusal:
        verify("Well done so far", score=score)
    assert "what the candidate said" in refusal.value.explain()
    verify("Well done so far", "then go through once", score=score)


def test_below_the_bar_the_interviewers_question_may_show_what_was_missing() -> None:
    verify("How would you test it?", score=2)


def test_an_empty_transcript_holds_no_evidence_and_what_to_do_is_said() -> None:
    with pytest.raises(EvidenceNotFound, match="Nothing was said") as refusal:
        verify("then go through once", transcript=[])
    assert "action=abandon" in refusal.value.explain()


QUESTION = "Return the length of the longest stretch of days without a gap."
READ_BACK = turns(
    (INTERVIEWER, "Would it still work if the list did not fit into memory?"),
    f"So you want me to {QUESTION.lower()} I would sort the days.",
    "Would it still work if the list did not fit into memory? I would merge runs.",
)


@pytest.mark.parametrize(
    "quote",
    [
        QUESTION,
        "the longest stretch",
        "if the list did not fit into memory",
        "return the length of the longest stretch of days without a gap. I would",
        "the longest stretch ... without a gap",
    ],
)
def test_what_the_candidate_only_read_back_shows_nothing_at_the_bar(quote: str) -> None:
    low, high = (Score("testing", score, (quote,)) for score in (2, 3))
    verify_quotes([low], READ_BACK, [QUESTION])
    with pytest.raises(EvidenceNotFound, match="only repeat the question") as refusal:
        verify_quotes([high], READ_BACK, [QUESTION])
    assert "testing" in refusal.value.message
    verify_quotes([Score("testing", 3, (quote, "I would sort the days"))], READ_BACK, [QUESTION])


def test_a_quote_that_goes_on_from_the_question_is_the_candidates() -> None:
    for quote in ("memory? I would merge runs", "a gap. I would sort the days"):
        verify_quotes([Score("testing", 4, (quote,))], READ_BACK, [QUESTION])


def test_the_candidates_words_stay_theirs_when_the_interviewer_repeats_them() -> None:
    idea = "I would keep the lines in a sorted list"
    verify(idea, score=4, transcript=turns(idea, (INTERVIEWER, f"You said: {idea}"), idea))


def on(*quotes: str, score: int = 3) -> list[Score]:
    return [Score(f"dimension_{n}", score, (quote,)) for n, quote in enumerate(quotes)]


ONE, OTHER = "sort it by the end", "then go through once"


def test_one_quote_shows_two_dimensions_and_no_third() -> None:
    verify_quotes(on(ONE, OTHER, OTHER, ONE), SAID)
    with pytest.raises(EvidenceNotFound, match="given for 3 dimensions") as refusal:
        verify_quotes(on(ONE, "Sort it by the end.", OTHER, ONE), SAID)
    assert "quote for each what shows it" in refusal.value.explain()


def test_below_the_bar_one_quote_may_stand_for_everything_that_is_missing() -> None:
    verify_quotes(on(*[ONE] * 5, score=2), SAID)


def test_a_quote_that_is_given_everywhere_harms_none_that_has_another() -> None:
    scores = [
        Score(name, 3, (ONE, own))
        for name, own in zip("abc", (OTHER, "hmm... sort it", "zuerst prüfen"), strict=True)
    ]
    verify_quotes(scores, SAID)


def test_a_long_quote_is_cut_in_the_error() -> None:
    with pytest.raises(EvidenceNotFound) as refusal:
        verify("never said " * 500)
    assert len(refusal.value.message) < 250


@given(
    st.lists(st.text(max_size=30), max_size=3),
    st.text(max_size=30),
    st.sampled_from(["sort by end", "use “two” heaps", "a naïve idea — O(n)"]),
    st.text(max_size=30),
    st.data(),
)
def test_any_telling_piece_of_the_transcript_verifies(
    others: list[str], before: str, core: str, after: str, data: st.DataObject
) -> None:
    text = before + core + after
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(len(before + core), len(text)))
    verify(text[start:end], score=4, transcript=turns(*others, text))


SYLLABLES = st.lists(st.sampled_from(["abba", "baab", " ", "  ", "\n"]), max_size=8).map("".join)
QUOTES = st.tuples(SYLLABLES, st.sampled_from(["abba baab", "baab  abba"]), SYLLABLES).map("".join)


@given(st.lists(SYLLABLES | QUOTES, min_size=1, max_size=4), QUOTES)
def test_a_quote_verifies_exactly_if_it_was_said(said: list[str], quote: str) -> None:
    plain = " ".join(quote.split())
    if any(plain in " ".join(text.split()) for text in said):
        verify(quote, transcript=turns(*said))
    else:
        with pytest.raises(EvidenceNotFound, match="Nobody said"):
            verify(quote, transcript=turns(*said))
