import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.rubric import Signal, Signals
from maang_mcp.domain.substance import connected, said_by_candidate, substance
from maang_mcp.domain.transcript import Speaker

from .interviews import turns

TERMS = (
    "scalability sharding load balancer cache CDN Kafka consistent hashing replication quorum "
    "microservices eventual consistency leader election bloom filter rate limiting write-ahead log "
    "horizontal scaling partition tolerance API gateway service discovery circuit breaker"
)
PROSE = {
    "english": "I would start by counting the writes, because they decide how many machines we "
    "need. Then I would put a queue in front of the slow part, so that a burst does not reach the "
    "store, and I would measure how long messages wait in it before adding anything else.",
    "german": "Ich würde zuerst die Schreibzugriffe zählen, weil sie entscheiden, wie viele "
    "Rechner wir brauchen, und dann eine Warteschlange vor den langsamen Teil setzen, damit ein "
    "Ansturm den Speicher nicht erreicht.",
    "french": "Je commencerais par compter les écritures, parce qu'elles décident du nombre de "
    "machines, puis je mettrais une file devant la partie lente pour que les pics de charge "
    "n'arrivent pas jusqu'au stockage.",
    "spanish": "Empezaría por contar las escrituras, porque deciden cuántas máquinas hacen falta, "
    "y luego pondría una cola delante de la parte lenta para que los picos no lleguen al almacén.",
    "indonesian": "Saya akan mulai dengan menghitung penulisan karena itu yang menentukan berapa "
    "banyak mesin yang kita perlukan, kemudian saya menaruh antrean di depan bagian yang lambat "
    "untuk menahan lonjakan dari pengguna.",
    "finnish": "Aloittaisin laskemalla kirjoitukset, koska ne ratkaisevat kuinka monta konetta "
    "tarvitaan, ja sitten laittaisin jonon hitaan osan eteen niin että ruuhka ei yllä varastoon "
    "asti, mutta mittaisin myös kuinka kauan viestit odottavat.",
    "polish": "Najpierw policzyłbym zapisy, ponieważ to one decydują o tym, ile maszyn jest nam "
    "potrzebnych, a potem postawiłbym kolejkę przed wolną częścią, żeby nagły ruch nie dotarł do "
    "magazynu danych.",
    "japanese": "まず書き込みの数を数えます。必要な台数はそれで決まるからです。次に遅い部分の前に"
    "キューを置いて、急な負荷が保存先に届かないようにします。" * 3,
}
CODE = """
def smallest(values):
    best = values[0]
    for value in values:
        if value < best:
            best = value
    return best
"""


@pytest.mark.parametrize("language", PROSE)
def test_sentences_are_no_list_of_terms(language: str) -> None:
    assert not substance([PROSE[language]]).terms_only


@pytest.mark.parametrize("text", [TERMS, TERMS.lower(), ", ".join(TERMS.split()), TERMS.upper()])
def test_a_list_of_terms_is_seen_however_it_is_written(text: str) -> None:
    assert substance([text]).terms_only


def test_terms_are_not_hidden_by_a_sentence_in_front_of_them() -> None:
    assert substance(["I would use these.", TERMS, TERMS.title()]).terms_only


@pytest.mark.parametrize("before", ["the ", "I use ", "# "])
def test_terms_are_not_hidden_by_the_same_words_before_each(before: str) -> None:
    assert substance(["\n".join(before + term for term in TERMS.split())]).terms_only


def test_terms_are_not_hidden_by_marks_of_code() -> None:
    fenced = f"```\n{TERMS}\n```"
    calls = "\n".join(f"{term.replace('-', '_')}(x)" for term in TERMS.split())
    assert substance([fenced]).terms_only
    assert substance([calls], has_code=False).terms_only


@pytest.mark.parametrize("said", ["yes " * 80, "um ok so well " * 30, "x = 1\n" * 80])
def test_the_same_words_again_are_no_different_ones(said: str) -> None:
    found = substance([said])
    assert found.words >= 80
    assert found.different <= 12
    assert substance([PROSE["english"]]).different > 40


def test_a_few_words_are_too_few_to_judge() -> None:
    assert not substance(["heap, queue, cache"]).terms_only


def test_code_is_words_but_no_prose() -> None:
    found = substance([CODE])
    assert found.words > 15
    assert found.prose <= 5
    assert not found.terms_only
    assert substance([f"```python\n{CODE}\n```"]).prose == 0


def test_figures_are_counted_in_digits_and_in_words() -> None:
    assert substance(["It went from 900 to 300 ms."]).figures == 2
    assert substance(["We halved it, with a dozen people."]).figures == 2
    assert substance(["It became much faster."]).figures == 0


@pytest.mark.parametrize(
    "said",
    [
        "It went down from fifteen to sixty seconds.",
        "Thirteen people used it.",
        "It cost eighty dollars.",
        "We cut the bill by a quarter.",
        "It now takes a third of the time.",
        "It served double the traffic.",
        "I halved it.",
        "It served 2000 users.",
        "$1,200.50 a month",
        "a 30% cut",
    ],
)
def test_a_quantity_is_a_figure_in_digits_or_in_words(said: str) -> None:
    assert substance([said]).figures


@pytest.mark.parametrize(
    "said",
    [
        "I would put the files into S3.",
        "We looked at the p95 of it on k8s with v2.1.",
        "That was in 2023.",
        "After step 2 I called them.",
        "In phase 1, version 3 of it went out with Python 3.",
        "I stored it as a double, on second thought.",
    ],
)
def test_a_number_that_something_goes_by_is_no_figure(said: str) -> None:
    assert substance([said]).figures == 0


@pytest.mark.parametrize("language", sorted(set(PROSE) - {"english"}))
def test_no_figure_is_missed_in_a_language_whose_number_words_are_not_known(language: str) -> None:
    found = substance([PROSE[language]])
    assert not found.english
    assert Signals(said=found).value(Signal.NO_FIGURE) == 0


def test_a_figure_is_missed_in_english_and_in_a_list_of_terms() -> None:
    for said in (PROSE["english"].replace("first", "now"), TERMS, "It was a success."):
        found = substance([said])
        assert found.english
        assert Signals(said=found).value(Signal.NO_FIGURE) == (not found.figures) == 1


def test_who_acted_is_counted() -> None:
    found = substance(["We decided, and our team shipped. I wrote my part."])
    assert (found.we, found.i) == (2, 2)


def test_saying_a_thing_again_adds_nothing() -> None:
    said = said_by_candidate(turns("a heap", "a heap", (Speaker.INTERVIEWER, "why?"), "so that"))
    assert said == ["a heap", "so that"]


def test_what_the_candidate_was_told_before_is_not_said_by_them() -> None:
    question = "Return the length of the longest stretch without a gap."
    probe = "What would you do if the list did not fit into memory?"
    said = turns(
        f"You want this: {question.upper()}",
        (Speaker.INTERVIEWER, probe),
        f"{probe} I would merge sorted runs.",
    )
    counted = " ".join(said_by_candidate(said, [question]))
    assert " ".join(counted.split()) == "You want this: . ? I would merge sorted runs."


def test_what_the_interviewer_repeats_stays_the_candidates() -> None:
    idea = "I would keep the lines in a sorted list and search it."
    said = turns(idea, (Speaker.INTERVIEWER, f"So you say: {idea}"))
    assert said_by_candidate(said) == [idea]


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_can_be_counted(texts: list[str]) -> None:
    found = substance(texts)
    assert 0 <= found.prose <= found.words
    assert 0 <= connected("\n".join(texts)) <= 1
