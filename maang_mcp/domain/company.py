"""Companies as learners name them: who asked a problem, by their own account.

What ships with the product claims nothing about who asks what; these tags are the learner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from . import naming
from .errors import InvalidInput
from .scrubbing import clean_text, scrub

MOST: Final = 20
"""Companies that one attempt may name."""
LONGEST: Final = 100
"""Characters of a name."""
_LEGAL_FORMS: Final = frozenset(
    {"ag", "co", "com", "company", "corp", "corporation", "gmbh", "inc", "incorporated"}
    | {"limited", "llc", "ltd", "plc", "se"}
)


@dataclass(frozen=True, slots=True)
class Company:
    """A company: `name` as it was told, `key` by which two spellings of it are one."""

    name: str
    key: str


def company(told: str) -> Company:
    """The company of a name; spelling, punctuation and legal form tell no two of them apart.

    Raises InvalidInput for a name without a letter or digit, and for one that is too long.
    """
    name = scrub(" ".join(clean_text(told).split()))[0]
    spelt = list(naming.words(name))
    if not spelt or len(name) > LONGEST:
        raise InvalidInput(
            f"{name[:40]!r} is no name of a company.",
            hint=f"Name it in at most {LONGEST} characters, as in 'Google'.",
        )
    while len(spelt) > 1 and spelt[-1] in _LEGAL_FORMS:
        spelt.pop()
    return Company(name, naming.key(spelt))


def companies(told: Iterable[str]) -> tuple[Company, ...]:
    """Each company once, in the order told; empty names are none. Raises as `company` does."""
    found: dict[str, Company] = {}
    for one in (company(name) for name in told if name.strip()):
        found.setdefault(one.key, one)
    if len(found) > MOST:
        raise InvalidInput(f"An attempt names at most {MOST} companies, not {len(found)}.")
    return tuple(found.values())
