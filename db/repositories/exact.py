"""Passages that hold what a question demands word for word, by tsvector and tsquery.

Computed for the learner's own passages when such a question is asked, and kept nowhere: under
row-level security no index on a tsvector can be used (`@@` is not leakproof, so the policy comes
first), and without one a stored column would only make every store larger for a rare question.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from maang_mcp.domain.query import Demand, Phrase

_SPELT_OUT = ("plusplus", "sharp")

# Dashes, quotes and arrows beyond ASCII too: to a database whose locale is C they are letters.
_PUNCTUATION = (
    r"\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f"
    r"\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f"
    r"\u2190-\u245f\u3001-\u3004\u3008-\u3020\uff01-\uff0f"
)
# The same words as domain.query.exact_words makes of a text, in the dialect of Postgres.
_WORDS = rf"""
regexp_replace(regexp_replace(regexp_replace(said, '([a-z])\+\+', '\1plusplus', 'g'),
  '\m([cf])#', '\1sharp', 'g'),
  '([\u3040-\u30ff\u3400-\u9fff])|[{_PUNCTUATION}]+', ' \1 ', 'g')
"""
# Parsing a passage takes 80 us, asking whether the words stand in it at all 4: that comes first.
_HOLDING = text(f"""
SELECT memory_id, chunk
FROM (SELECT c.memory_id, c.chunk,
             lower(concat_ws(' ', m.title, m.speaker, substr(m.content, c.span_start + 1,
               CASE WHEN c.span_end > c.span_start THEN c.span_end - c.span_start
                    ELSE 1200 END))) AS said
      FROM memory_chunk c
      JOIN memory m ON m.learner_id = c.learner_id AND m.id = c.memory_id
      WHERE c.learner_id = :learner
      OFFSET 0) AS passage
WHERE said ~ ALL (CAST(:likely AS text[]))
  AND CASE WHEN said ~ ANY (CAST(:doubtful AS text[]))
           THEN to_tsvector('simple', {_WORDS}) @@ CAST(:demand AS tsquery) ELSE true END
""")


async def passages_holding(
    connection: AsyncConnection, learner: UUID, demand: Demand
) -> list[tuple[UUID, int]]:
    """The passages, by memory and chunk, that meet the demand; titles count as part of them."""
    excluded = [_pattern(phrase) for phrase in demand.never]
    rows = await connection.execute(
        _HOLDING,
        {
            "learner": learner,
            "demand": _tsquery(demand),
            "likely": ["|".join(map(_pattern, group)) for group in demand.every],
            "doubtful": [""] if demand.every else excluded,
        },
    )
    return [(row.memory_id, row.chunk) for row in rows]


def _tsquery(demand: Demand) -> str:
    # Words are letters and digits alone: nothing in them can end the quotes.
    every = [f"({' | '.join(map(_operand, group))})" for group in demand.every]
    return " & ".join((*every, *(f"!{_operand(phrase)}" for phrase in demand.never)))


def _operand(phrase: Phrase) -> str:
    beside = " <-> ".join(f"'{word}'{':*' * phrase.open_ended}" for word in phrase.words)
    return f"({beside})"


def _pattern(phrase: Phrase) -> str:
    """What stands in every text that has the phrase, and in few others; empty, which stands in all,
    where that cannot be said: only ASCII letters are folded alike by every database, and C++ is
    compared otherwise than it is written."""
    if not all(word.isascii() and not word.endswith(_SPELT_OUT) for word in phrase.words):
        return ""
    if phrase.open_ended and any(out.startswith(phrase.words[0][1:]) for out in _SPELT_OUT):
        return ""
    return "[^[:alnum:]]+".join(phrase.words)
