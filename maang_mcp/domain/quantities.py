"""Whether a sentence states a quantity: so many of something, not any number.

A figure counts with a unit, a currency, a percentage, a thing that is counted, or as one end of a
change from one to another, and only where the sentence leads up to it ("by 40 %", "40 % of"): a
figure thrown in counts for nothing. Years, dates, times of day, versions, and the numbers that
things go by (team 7, sprint 14) are no quantities. Of numbers in words only measures count, for
"the two teams" measures nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from .english import CONNECTING, PREPOSITIONS, STARTERS, SUBJECTS
from .sentences import Sentence, is_verb, is_word

# ruff: noqa: SIM905  # word lists read best as words

_FIGURE: Final = re.compile(r"([$\u20ac\u00a3\u00a5])?(\d[\d,]*(?:\.\d+)?)(%|[a-z]+)?")
_IN_WORDS: Final = frozenset(
    """
    zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion dozen
    """.split()
)
_RATE: Final = frozenset({"a", "each", "every", "per"})
_MEASURES: Final = frozenset(
    """
    bps cent cents day days dollar dollars eur euro euros fold gb gigabytes h hour hours kb
    kilobytes mb megabytes microseconds millisecond milliseconds min mins minute minutes month
    months ms ns pct percent percentage point points pound pounds pp qps quarters rps rupees second
    seconds tb terabytes times us usd week weeks x year years
    """.split()
)
_COUNTED: Final = frozenset(
    """
    accounts alerts apps bugs builds calls candidates clients commits cores crashes customers
    defects deploys deployments developers devices downloads engineers errors escalations failures
    hosts incidents installs issues jobs lines machines markets merchants orders outages pages
    patients people pods queries regressions releases reports requests reviews sales schools servers
    services sessions shops sites stores students subscribers teams tests tickets transactions
    users visitors votes
    """.split()
)
_GLUED: Final = frozenset(
    "x k m b bn mm ms s h hr hrs min mins gb mb tb kb qps rps d w pp bps".split()
)
_NAMED_BY_NUMBER: Final = frozenset(
    """
    android angular area article building chapter class day django division episode epic figure
    floor group gate grade http ios issue item iteration java java's jira label layer level line
    mark milestone no node number option p page part phase platform pod postgres pr priority
    problem python question rails react release room ruby scala section sev severity slide spring
    sprint squad stage step story studio swift table task team ticket tier track tribe unit v
    version wave web week windows
    """.split()
)
_MONTHS: Final = frozenset(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec
    """.split()
)
_WHEN: Final = (
    frozenset(
        "autumn during early fall h1 h2 in late mid q1 q2 q3 q4 since spring summer until winter"
        " year".split()
    )
    | _MONTHS
)
_ABOUT: Final = frozenset(
    """
    about almost another approximately around roughly nearly over under only just least most than up
    exactly some further extra additional whole full
    """.split()
)
_FURTHER: Final = (("other",), ("more",))
_MORE: Final = frozenset(
    "fewer less more faster slower cheaper lower higher shorter longer better quicker".split()
)
_CHANGES: Final = frozenset(
    """
    added boosted climbed cut dropped fell gained grew improved increased jumped lifted lowered
    raised reduced rose saved shortened shrank slashed trimmed won
    """.split()
)
_MULTIPLIED: Final = frozenset("doubled tripled trebled quadrupled halved".split())
_NOT_PLURAL: Final = frozenset(
    "across always as business gas is its less perhaps plus process status this thus versus was "
    "has does goes".split()
)


def states_quantity(sentence: Sentence) -> bool:
    """Whether the sentence states one; of a stretch that is no sentence it says nothing."""
    tokens = sentence.tokens
    return any(_is_quantity(tokens, at) for at in range(len(tokens)))


def _is_quantity(tokens: tuple[str, ...], at: int) -> bool:
    token, after = tokens[at], tokens[at + 1 : at + 4]
    if token in _MULTIPLIED:
        return bool(after) and after[0] in CONNECTING
    if token == "half":
        return at > 0 and (tokens[at - 1] in {"by", "in"} or after[:1] in {("the",), ("of",)})
    if token in {"third", "thirds", "quarter", "quarters", "fifth", "tenth"}:
        return at > 0 and tokens[at - 1] in {"a", "one", "two", "three"} and after[:1] == ("of",)
    if token in _IN_WORDS:
        measured = _measured(after) or (token == "zero" and tokens[at - 1] == "to")
        return measured and _led_up_to(tokens, at)
    figure = _FIGURE.fullmatch(token)
    if figure is None:
        return False
    sign, digits, glued = figure.groups()
    if glued is not None and glued != "%" and glued not in _GLUED:
        return False
    strong = bool(sign or glued or (after and after[0] in {"percent", "pct", "%"}))
    if not strong and not _counts(tokens, at, digits):
        return False
    return _led_up_to(tokens, at)


def _counts(tokens: tuple[str, ...], at: int, digits: str) -> bool:
    """Whether a bare number is of something, rather than a date or a name."""
    before, after = tokens[:at][-4:], tokens[at + 1 : at + 5]
    last = before[-1] if before else ""
    if last in _NAMED_BY_NUMBER or last in _MONTHS or (after and after[0] in _MONTHS - {"may"}):
        return False
    is_year = re.fullmatch(r"(?:19|20)\d\d", digits) is not None
    if is_year:
        return last not in _WHEN and bool(after) and after[0] in _MEASURES | _COUNTED
    if _measured(after) or (after and after[0] in _MORE):
        return True
    if any(_is_plural(word) for word in _noun_phrase(after)):
        return True
    return _is_end_of_change(before, after)


def _is_end_of_change(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """ "from 900 to 310", unless it is a version that changes."""
    if not before or before[-1] != "from" or set(before) & _NAMED_BY_NUMBER:
        return False
    return any(one == "to" and _is_number(other) for one, other in pairwise(after))


def _is_number(token: str) -> bool:
    figure = _FIGURE.fullmatch(token)
    return figure is not None and re.fullmatch(r"(?:19|20)\d\d", figure[2]) is None


def _measured(after: tuple[str, ...]) -> bool:
    """Whether a unit follows ("two hundred hours"), or what it is a rate by ("30 a week")."""
    rest = after[1:] if after and after[0] in _IN_WORDS | _RATE else after
    return bool(rest) and rest[0] in _MEASURES


def _noun_phrase(after: tuple[str, ...]) -> tuple[str, ...]:
    """The next words up to one that connects, two at most; "other" and the like left out."""
    found: list[str] = []
    rest = after[1:] if after[:1] in _FURTHER else after
    for word in rest[:2]:
        if not is_word(word) or word in CONNECTING or word in SUBJECTS:
            break
        found.append(word)
    return tuple(found)


def _is_plural(word: str) -> bool:
    if word in _COUNTED:
        return True
    return len(word) > 3 and word.endswith("s") and word not in _NOT_PLURAL


def _led_up_to(tokens: tuple[str, ...], at: int) -> bool:
    """Whether the sentence leads to the number, or goes on from it."""
    after = tokens[at + 1 : at + 4]
    if after and after[0] in STARTERS - _RATE:
        return False
    start = at
    while start and tokens[start - 1] in _ABOUT:
        start -= 1
    if start < at or (after and (after[0] == "of" or after[0] in _MORE)):
        return True
    if start == 0:
        return "of" in after
    if not any(word in CONNECTING or word in SUBJECTS for word in tokens[:start]):
        # What stands in front of a sentence may have been put there: "saved 40% The outages ..."
        rest = after[1:] if after[:1] and after[0] in _MEASURES | _COUNTED else after
        if rest and rest[0] not in PREPOSITIONS and rest[0] not in _RATE and rest[0] != ",":
            return False
    before = tokens[start - 1]
    if before in CONNECTING or is_verb(before) or before == "(":
        return True
    near = tokens[max(0, start - 4) : start]
    return "," not in near and any(word in _CHANGES for word in near)
