"""English sentences, told from keyword lists by their shape.

Nobody parses here. A stretch of text stands as a sentence where it has a verb, the small words that
hold English together, and something of its own to say; lists of terms, of verbs, of the vocabulary
of interview guides, and words in no order have not. The words that hold sentences together make up
40 to 60 per cent of English speech; a fifth is asked for. What is true or well said is not judged.

Case and white space tell nothing apart, and no word that is added to a list makes it a sentence as
long as it is not one of those small words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Final

from .english import (
    ARTICLES,
    BARE_AFTER_ARTICLE,
    BARE_AFTER_I,
    CONNECTING,
    GUIDE_WORDS,
    IRREGULAR_PAST,
    NOT_PAST,
    PRESENT,
    STARTERS,
    SUBJECTS,
    VERBS,
)

LEAST_SHARE: Final = 0.2
"""Of connecting words among the words of a sentence."""
MOST_SHARE: Final = 0.9
FEWEST_OWN: Final = 2
"""Different words of a sentence that are neither connecting nor taken from an interview guide."""
LONGEST_RUN: Final = 6
"""Words in a row, without a verb, that nothing connects."""
MOST_VERBS: Final = 2
"""Verbs of the past in a row, without a comma."""
MOST_ITEMS: Final = 5
"""Items of one or two words between commas, one after the other."""
MOST_GUIDE_WORDS: Final = 2
"""Words of interview guides, figures and "I" in a row, where two are of the first kind."""

MOST_BEFORE_OBJECT: Final = 4
"""Words after a verb among which one connects it with what it is done to."""

_BULLET: Final = re.compile(r"^[ \t]*(?:[-*+\u2022\u2013>]|\(?\d{1,2}[.)])[ \t]+", re.MULTILINE)
_NUMBERED: Final = re.compile(r"(?<!\w)\(?\d{1,2}\)")
_SPACED_PERCENT: Final = re.compile(r"(?<=\d)\s{1,2}%")
_ABBREVIATED: Final = re.compile(r"\b(e\.g|i\.e|vs|approx|etc)\.", re.IGNORECASE)
_END: Final = re.compile(r"[.!?;\u2026]+(?=[\s)\"'*_]|$)")
_TOKEN: Final = re.compile(
    r"[^\W\d_]\w*(?:['/-]\w+)*|[$\u20ac\u00a3\u00a5]?\d(?:[\d.,:/-]*\d)?(?:%|\w+)?|,|\u2014|\("
)
_ADVERBS: Final = frozenset({"also", "then", "first", "next", "never", "even", "just", "still"})


@dataclass(frozen=True)
class Sentence:
    """A stretch of text between two ends: its words, figures and commas, in lower case."""

    tokens: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Without commas."""
        return tuple(token for token in self.tokens if is_word(token) or is_figure(token))

    @cached_property
    def connecting(self) -> int:
        """How many of the words only hold it together."""
        return sum(word in CONNECTING for word in self.words)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The same for sentences that differ in figures and punctuation alone."""
        return tuple(word for word in self.words if not is_figure(word))

    @cached_property
    def stands(self) -> bool:
        """Whether it is a sentence, by its shape."""
        own = set(self.key) - CONNECTING - GUIDE_WORDS - SUBJECTS
        return self._is_formed and len(own) >= FEWEST_OWN and self._share <= MOST_SHARE

    @cached_property
    def is_thin(self) -> bool:
        """Whether it has the shape of a sentence and next to nothing of its own to say, such as "I
        had to speed it up"; one that is full of an interview guide's words is a template."""
        from_guides = sum(word in GUIDE_WORDS for word in self.words)
        return self._is_formed and not self.stands and from_guides <= MOST_GUIDE_WORDS

    @cached_property
    def _is_formed(self) -> bool:
        if not self.words or not self._is_connected or not self._has_verb:
            return False
        return not self._is_list and not self._is_shuffled

    @property
    def led_by(self) -> str | None:
        """ "i" where the speaker does something in it, else "we" where a group occurs; or None.

        "I was there" is no deed, and in a list ("I, led, impact") nothing follows the verb.
        """
        subjects = [(at, word[0]) for at, word in enumerate(self.tokens) if word in SUBJECTS]
        if any(subject == "i" and self._acts(at) for at, subject in subjects):
            return "i"
        return "we" if any(subject == "w" for _, subject in subjects) else None

    def _acts(self, at: int) -> bool:
        rest = self.tokens[at + 1 : at + 9]
        verb = 0
        while verb < len(rest) and (rest[verb] in _ADVERBS or rest[verb].endswith("ly")):
            verb += 1
        if verb >= len(rest) or not is_word(rest[verb]) or rest[verb] in BARE_AFTER_I:
            return False
        if rest[verb] in {"was", "am", "were", "wasn't"} or rest[verb] in GUIDE_WORDS:
            return False
        clause = takewhile(lambda word: word != "," and word not in SUBJECTS, rest[verb + 1 :])
        longest = MOST_BEFORE_OBJECT if is_verb(rest[verb]) else 1
        for place, word in enumerate(tuple(clause)[:longest]):
            if word in CONNECTING:
                return place == 0 or word not in STARTERS
        return any(word in CONNECTING for word in rest[:verb])

    @property
    def _is_connected(self) -> bool:
        distinct = {word for word in self.words if word in CONNECTING}
        # "Lost orders down" is no sentence, "Cut lost orders by half in a week" is one.
        headless = is_past(self.words[0]) and not any(map(is_verb, self.words[1:]))
        needed = 2 if headless or len(self.words) >= 8 else 1
        return len(distinct) >= needed and self._share >= LEAST_SHARE

    @property
    def _share(self) -> float:
        return self.connecting / len(self.words)

    @property
    def _has_verb(self) -> bool:
        words = self.words
        if any(is_verb(word) for word in words):
            return True
        if any(one in SUBJECTS and _says(other) for one, other in pairwise(words)):
            return True
        # The present has no form of its own: "the queue drops a message", "retries cost time".
        triples = zip(words, words[1:], words[2:], strict=False)
        return any(
            _says(one) and _says(other) and (one[-1] == "s") != (other[-1] == "s") and held
            for one, other, held in ((a, b, c in CONNECTING) for a, b, c in triples)
        )

    @property
    def _is_list(self) -> bool:
        run = verbs = guided = guide_words = 0
        for token in self.tokens:
            if is_past(token):
                verbs, run = verbs + 1, 0
            else:
                verbs = 0
            if _says(token) and not is_verb(token):
                run += 1
            elif token in CONNECTING or token in SUBJECTS:
                run = 0
            if token in GUIDE_WORDS or is_figure(token) or token == "i":
                guided, guide_words = guided + 1, guide_words + (token in GUIDE_WORDS)
            elif token != ",":
                guided = guide_words = 0
            too_many = guided > MOST_GUIDE_WORDS and guide_words > 1
            if run > LONGEST_RUN or verbs > MOST_VERBS or too_many:
                return True
        return self._items > MOST_ITEMS

    @property
    def _items(self) -> int:
        longest = items = size = 0
        for token in (*self.tokens, ","):
            if token == ",":
                items = items + 1 if 0 < size <= 2 else 0
                longest, size = max(longest, items), 0
            else:
                size += 1
        return longest

    @property
    def _is_shuffled(self) -> bool:
        pairs = zip(self.tokens, (*self.tokens[1:], ""), strict=True)
        return any(
            (one in ARTICLES and (other in BARE_AFTER_ARTICLE or other == "") and one != other)
            or (one == "i" and other in BARE_AFTER_I)
            for one, other in pairs
        )


def _says(word: str) -> bool:
    return is_word(word) and word not in CONNECTING and word not in SUBJECTS


def sentences(text: str) -> tuple[Sentence, ...]:
    """Everything between two ends of sentences or at a bullet, whether it stands or not."""
    plain = text.casefold().replace("\u2019", "'")
    plain = _SPACED_PERCENT.sub("%", plain)
    plain = _NUMBERED.sub(" ", _BULLET.sub(". ", _ABBREVIATED.sub(r"\1 ", plain)))
    stretches = (tuple(_TOKEN.findall(part)) for part in _END.split(plain))
    return tuple(Sentence(tokens) for tokens in stretches if tokens)


def last_sentence(text: str) -> int:
    """Where in a text its last sentence begins."""
    ends = [match.end() for match in _END.finditer(text)]
    return next((end for end in reversed(ends) if text[end:].strip(" \t\n)\"'*_")), 0)


def english(text: str) -> float:
    """The share, 0 to 1, of the words of a text that are small English words."""
    words = [word for one in sentences(text) for word in one.key]
    return sum(word in CONNECTING or word in SUBJECTS for word in words) / max(len(words), 1)


def is_figure(token: str) -> bool:
    """Whether it is written in digits, a currency sign before them or not."""
    return token[0].isdigit() or (len(token) > 1 and token[1].isdigit() and not token[0].isalpha())


def is_word(token: str) -> bool:
    """Whether it begins with a letter."""
    return token[0].isalpha()


def is_past(token: str) -> bool:
    """Whether it looks like the past of a verb that does something."""
    regular = len(token) > 4 and token.endswith("ed") and token not in NOT_PAST
    return regular or token in IRREGULAR_PAST


def is_verb(token: str) -> bool:
    """Whether it looks like a finite verb, auxiliaries included."""
    return token in VERBS or token in PRESENT or is_past(token)
