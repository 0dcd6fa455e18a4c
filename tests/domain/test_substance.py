import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_who_acted_is_counted() -> None:
    found = substance(["We decided, and our team shipped. I wrote my part."])
    assert (found.we, found.i) == (2, 2)


def test_saying_a_thing_again_adds_nothing() -> None:
    said = said_by_candidate(turns("a heap", "a heap", (Speaker.INTERVIEWER, "why?"), "so that"))
    assert said == ["a heap", "so that"]


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_can_be_counted(texts: list[str]) -> None:
    found = substance(texts)
    assert 0 <= found.prose <= found.words
    assert 0 <= connected("\n".join(texts)) <= 1
