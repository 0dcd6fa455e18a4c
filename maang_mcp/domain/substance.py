"""What can be counted in the candidate's words, whoever grades them.

No count says that an answer is good; each can say that one cannot be: nothing was said, it was a
list of terms, there is no figure in it, the candidate hardly occurs in their own story. Code is
left out of prose.

A list of terms is told from sentences by the words that only hold sentences together, which make up
40 to 60 per cent of English speech and a fifth or more of it in other Latin-script languages, where
they are short (Zipf's law of abbreviation). The bound here is far below; scripts without it are not
judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .quantities import states_quantity
from .sentences import english, sentences
from .transcript import Speaker, Turn
from .wording import Heard

FEWEST_JUDGED: Final = 25
"""Words below which a text is too short to be called a list of terms."""

LEAST_CONNECTED: Final = 0.14
"""Share of connecting words below which a text is a list of terms."""

LEAST_ENGLISH: Final = 0.2
"""Share of small English words, "I" and "we" included, in a text that is taken for English: they
make up 40 to 60 per cent of English speech."""

MOST_OF_ONE: Final = 0.06
"""Share of a text up to which one connecting word counts, about that of "the" in English: before
every term of a list, the same word connects nothing."""

MOST_REPEATED: Final = 3
"""Times that a word counts as a different one: saying it more often adds nothing."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f']+")
_FIGURE: Final = re.compile(
    r"(?<![\w.,])\d(?:[\d.,]*\d)?|\b(?:(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"hundreds?|thousands?|millions?|billions?|dozens?|half|halved|halving|twice|thrice|"
    r"doubled|doubling|tripled|tripling|quadrupled|percent)\b|double\s+(?:the|that|what)\b|"
    r"by\s+(?:an?|one|two|three|four)[\s-]+(?:third|quarter|fifth|tenth)s?\b)",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_NAMED_BY_NUMBER: Final = re.compile(
    r"\b(?:case|chapter|day|figure|http|item|java|layer|level|line|number|option|page|part|phase|"
    r"point|port|python|q|question|room|round|section|sprint|stage|step|team|ticket|tier|type|"
    r"version|week)\s*[#.:]?\s*\Z",
    re.IGNORECASE,
)
_I: Final = re.compile(r"\b(?:i|i'm|i'd|i've|i'll|my|me|myself)\b", re.IGNORECASE)
_WE: Final = re.compile(r"\b(?:we|we're|we'd|we've|we'll|our|us|ourselves)\b", re.IGNORECASE)
_CODE_LINE: Final = re.compile(
    r"^\s*(?:def |class |for .*:\s*$|while .*:\s*$|if .*:\s*$|elif .*:\s*$|else:\s*$|try:\s*$|"
    r"except.*:\s*$|return\b|import |from \w+ import |@\w|#|\w[\w.\[\], ]*\s*[-+*/|&]?=[^=]|"
    r"[\w.]+\(.*\)\s*$|[\])}]+\s*$)"
)
_CODE_BLOCK: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CONNECTING: Final = frozenset(
    """
    aber about adalah after again akan also although always ancak anche another atau auch avec
    because been before being between bisa both cannot cette come como could cuando daha dann
    dans dari dass della dengan desde does doesn't doing don't donc donde door during each
    efter eine einen einer either elle eller else entonces esta este etter että even every
    fordi from gibi have haven't having heeft here hvor inte into it's itself için jest joka
    juga just kanssa karena kemudian kita koska która które kuin lalu like maar mais make
    might miksi minä more most much must mutta myös naar nach need never nicht niet niin nous
    oder olen only oraz other over pada para perche pero plus ponieważ porque pour przez quand
    quando questo rather same saya should sich since sind sitten sobre som some sono sonra
    sont still such sudah tambien tego than that that's their them then there these they
    they're this those through tidak und under until untuk very voor want wasn't weil wenn
    were what when where whether which while will wird with without wordt would wurde yang
    you're your över żeby
    """.split()  # noqa: SIM905  # a word list reads best as words
)
_TERMS: Final = frozenset(
    """
    acl api avg avl aws bfs bst cap cdn cpu crc dag db dbs dfs dns dp ec2 etl fft gcp gpu heap
    jwt k8s key kmp lca lfu log lru map max min mst p95 p99 pod qps ram row s3 set sha sla slo
    sql ssd ssl sum tcp tls top trie ttl udp vm
    """.split()  # noqa: SIM905  # a word list reads best as words
)
"""Short technical terms, which connect nothing."""


@dataclass(frozen=True, slots=True)
class Substance:
    """The counts: `words` of everything said and written, `prose` words outside of code.

    `different` counts each of the words three times at most. `terms_only` says that the prose is a
    list of terms; `figures` counts numbers, not those that something goes by (S3, 2023, step 2),
    `i` and `we` the words by which one speaks of oneself or of a group. Unless the prose is
    `english`, numbers in words, and who acted, cannot be told.
    """

    words: int
    different: int
    prose: int
    terms_only: bool
    figures: int
    i: int
    we: int
    english: bool = True


def substance(texts: Sequence[str], *, has_code: bool = True) -> Substance:
    """The counts over one speaker's texts; where no code is asked for, all of it is prose."""
    whole = "\n".join(texts)
    prose = _prose(whole) if has_code else whole
    words = _TOKEN.findall(prose)
    everything = _TOKEN.findall(whole)
    terms_only = _terms_only(prose)
    return Substance(
        words=len(everything),
        different=_counted(everything, MOST_REPEATED),
        prose=len(words),
        terms_only=terms_only,
        figures=_figures(prose),
        i=len(_I.findall(prose)),
        we=len(_WE.findall(prose)),
        english=terms_only or len(words) < FEWEST_JUDGED or english(prose) >= LEAST_ENGLISH,
    )


def said_by_candidate(transcript: Sequence[Turn], told: Iterable[str] = ()) -> list[str]:
    """The candidate's texts, in order, each once: saying a thing again adds nothing.

    Nor does reading back what the interviewer said before, or anything that was `told` (the
    question, its hints): that is left out.
    """
    heard, said = Heard(told), []
    for turn in transcript:
        if turn.speaker is Speaker.CANDIDATE:
            said.append(heard.own(turn.text))
        else:
            heard.add(turn.text)
    return list(dict.fromkeys(said))


def connected(text: str) -> float:
    """The share, 0 to 1, of the words of a Latin-script text that hold sentences together."""
    words = [word.casefold() for word in _LATIN.findall(text)]
    connecting = [
        word for word in words if (len(word) <= 3 and word not in _TERMS) or word in _CONNECTING
    ]
    most = max(2, round(MOST_OF_ONE * len(words)))
    return _counted(connecting, most) / max(len(words), 1)


def _figures(prose: str) -> int:
    """How many figures there are; of what only looks like a name, the sentence has to tell."""
    counted = sum(
        not _YEAR.fullmatch(found[0])
        and not _NAMED_BY_NUMBER.search(prose, max(found.start() - 20, 0), found.start())
        for found in _FIGURE.finditer(prose)
    )
    return counted or sum(map(states_quantity, sentences(prose)))


def _counted(words: Sequence[str], most: int) -> int:
    """How many words there are, each counted `most` times at most."""
    return sum(min(count, most) for count in Counter(map(str.casefold, words)).values())


def _terms_only(prose: str) -> bool:
    words = _WORD.findall(prose)
    latin = _LATIN.findall(prose)
    if len(latin) < FEWEST_JUDGED or len(latin) < 0.8 * len(words):
        return False
    # An acronym in capitals is a term however short it is.
    spoken = " ".join(word for word in latin if len(word) < 2 or not word.isupper())
    return connected(spoken) * len(_LATIN.findall(spoken)) / len(latin) < LEAST_CONNECTED


def _prose(text: str) -> str:
    """The text without its code; marks of code around words do not make them code."""
    lines = _CODE_BLOCK.sub(_without_code, text).splitlines()
    has_code = any(map(_is_code, text.splitlines()))
    return "\n".join(line for line in lines if not (has_code and _CODE_LINE.match(line)))


def _without_code(block: re.Match[str]) -> str:
    return "\n" if any(map(_is_code, block[0].splitlines())) else block[0]


def _is_code(line: str) -> bool:
    """Whether a line is code and no comment."""
    return _CODE_LINE.match(line) is not None and not line.lstrip().startswith("#")
