"""Words as BM25 sees them: normalisation, terms, sparse vectors.

Okapi BM25 (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework") splits into a
document side that is known when a passage is written and a query side that changes as the
collection grows. The document side becomes a sparse vector of term weights, the query side one of
inverse document frequencies; their inner product is the BM25 score, so that one exact scan in the
store answers densely and lexically at once.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer  # type: ignore[import-not-found] # a C extension without type information

DIMENSION = 2**20
"""Terms are hashed into this many places; two of a learner's words seldom share one."""

MAX_TERMS = 200
"""Heaviest terms kept of one passage, so that its index entry fits one B-tree tuple."""

K1 = 1.2
B = 0.75
AVERAGE_LENGTH = 60.0
"""Terms of a passage of ordinary length; fixed, so that a stored weight never goes stale."""

_STOPWORDS = frozenset(
    """
    a about above after again against ain all also am an and any are aren as at be because been
    before being below between both but by can cannot could couldn d did didn do does doesn doing
    don down during each few for from further get got had hadn has hasn have haven having he her
    here hers herself him himself his how i if in into is isn it its itself just ll m ma me might
    mightn more most mustn my myself needn no nor not now of off on once only or other our ours
    ourselves out over own re s same shan she should shouldn so some such t than that the their
    theirs them themselves then there these they this those through to too under until up us ve
    very was wasn we were weren what when where which while who whom why will with won would wouldn
    y you your yours yourself yourselves
    """.split()  # noqa: SIM905 - as a list literal it would fill three screens
)

_ABBREVIATIONS = {
    "bfs": ("breadth", "first", "search"),
    "bst": ("binary", "search", "tree"),
    "dfs": ("depth", "first", "search"),
    "dp": ("dynamic", "programming"),
    "dsu": ("disjoint", "set", "union", "find"),
    "hashmap": ("hash", "map"),
    "lca": ("lowest", "common", "ancestor"),
    "lcs": ("longest", "common", "subsequence"),
    "lfu": ("least", "frequently", "used"),
    "lis": ("longest", "increasing", "subsequence"),
    "lru": ("least", "recently", "used"),
    "mst": ("minimum", "spanning", "tree"),
    "tle": ("time", "limit", "exceeded"),
}

_IRREGULAR = {
    form: word
    for form, _, word in (
        pair.partition(":")
        for pair in """
        ate:eat beaten:beat became:become began:begin begun:begin bent:bend bought:buy broke:break
        broken:break brought:bring built:build came:come caught:catch children:child chose:choose
        chosen:choose dealt:deal drank:drink drawn:draw drew:draw driven:drive drove:drive
        drunk:drink eaten:eat fallen:fall fed:feed feet:foot fell:fall felt:feel flew:fly flown:fly
        forgave:forgive forgot:forget forgotten:forget fought:fight found:find froze:freeze
        frozen:freeze gave:give given:give gone:go grew:grow grown:grow halves:half heard:hear
        held:hold hidden:hide hung:hang indices:index kept:keep knew:know known:know leaves:leaf
        led:lead lent:lend lost:lose made:make matrices:matrix meant:mean men:man met:meet
        mice:mouse paid:pay people:person ran:run rang:ring ridden:ride rode:ride said:say sang:sing
        sat:sit saw:see seen:see sent:send shook:shake shown:show slept:sleep sold:sell sought:seek
        spent:spend spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike
        stuck:stick sung:sing swam:swim swept:sweep taken:take taught:teach teeth:tooth
        thought:think threw:throw thrown:throw told:tell took:take understood:understand
        vertices:vertex went:go woke:wake women:woman won:win wore:wear worn:wear written:write
        wrote:write
        """.split()  # noqa: SIM905 - as a list literal it would fill a screen
    )
}
"""Forms no stemmer undoes. Left out is what means something else in the trade: bit, bound, left."""

_SPELLINGS = (
    (re.compile(r"\bc\+\+", re.IGNORECASE), " cplusplus "),
    (re.compile(r"\b([cf])#", re.IGNORECASE), r" \1sharp "),
    (re.compile(r"(?<!\w)\.net\b", re.IGNORECASE), " dotnet "),
    (re.compile(r"\b(\w+)\.js\b", re.IGNORECASE), r" \1js "),
)
_BIG_O = "bigo"
_COMPLEXITY = re.compile(r"\b[oO]\s?\(((?:[^()\n]|\([^()\n]*\)){1,40})\)")
_SEAM = re.compile(r"[-_]|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
_PART = re.compile(r"[^\W\d_]+|\d+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Pairs of (index, weight), by ascending index; indices are 0-based and below `DIMENSION`."""

    elements: tuple[tuple[int, float], ...]


def normalise(text: str) -> str:
    """One spelling for what is written in several: width, accents, C++, O(n log n)."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    plain = _COMPLEXITY.sub(_complexity, _THOUSANDS.sub("", plain))
    for spelling, word in _SPELLINGS:
        plain = spelling.sub(word, plain)
    return plain


def terms(text: str) -> list[str]:
    """The stemmed terms of a text, with repetitions, without stopwords.

    Irregular forms count as their word: who asks "when did I lose" means "I lost".
    A compound counts as its parts and as one word, so that `two-sum`, `twoSum`, `two_sum` and
    "Two Sum" find each other, and so do "k-th" and "kth", "3sum" and "3 sum". The trade's
    abbreviations count as what they stand for, too.
    """
    stem = Stemmer.Stemmer("english").stemWord  # one per call: stemmers are not for sharing
    words = (word for word in _words(normalise(text)) if word not in _STOPWORDS)
    return [stem(_IRREGULAR.get(word, word)) for word in words]


def document_vector(text: str) -> SparseVector:
    """The document side of BM25 with k1 = 1.2, b = 0.75 and a fixed average length of 60 terms."""
    counts = Counter(terms(text))
    length = counts.total()
    saturation = K1 * (1 - B + B * length / AVERAGE_LENGTH)
    weights: dict[int, float] = {}
    for term, count in counts.most_common(MAX_TERMS):
        index = _index(term)
        weights[index] = weights.get(index, 0.0) + count * (K1 + 1) / (count + saturation)
    return SparseVector(tuple(sorted(weights.items())))


def query_terms(text: str) -> tuple[int, ...]:
    """The distinct vector indices of a query's terms, in the order of their first mention."""
    return tuple(dict.fromkeys(map(_index, terms(text))))


def idf(document_frequency: int, documents: int) -> float:
    """Inverse document frequency, ln(1 + (N - df + 0.5) / (df + 0.5)): the query side of BM25.

    Never negative. The store computes the same expression in SQL over the learner's passages.
    """
    return math.log1p((documents - document_frequency + 0.5) / (document_frequency + 0.5))


def _index(term: str) -> int:
    return zlib.crc32(term.encode()) % DIMENSION


def _complexity(match: re.Match[str]) -> str:
    return f" {_BIG_O}{''.join(_PART.findall(match[1].lower()))} "


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        token = match[0]
        if _IDEOGRAPHS.search(token):
            yield from _bigrams(token)
            continue
        parts = [part.lower() for part in _SEAM.split(token) if part]
        whole = "".join(parts)
        yield whole
        yield from _ABBREVIATIONS.get(whole, ())
        if len(parts) > 1:
            yield from (part for part in parts if len(part) > 1)
        elif not whole.startswith(_BIG_O):
            yield from (part for part in _PART.findall(whole) if part != whole)


def _bigrams(token: str) -> Iterator[str]:
    """Scripts written without spaces are matched by pairs of characters."""
    for run in _IDEOGRAPHS.findall(token):
        yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
