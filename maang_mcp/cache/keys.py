"""Keys: one per learner, generation and everything else that shapes an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from hashlib import blake2b
from uuid import UUID


def cache_key(learner: str | UUID, generation: int, *parts: object) -> str:
    """The key of one answer: 64 hexadecimal digits that tell nothing of what was asked.

    `parts` begins with the name of the question and holds all that shapes the answer: its
    arguments, the embedder's identity or its absence, the day if the answer depends on it. Values
    may be None, bool, int, float, str, bytes, UUID, date, datetime, and sequences, sets and
    mappings of them; two keys are equal only if all of it is, types included. Anything else is a
    TypeError, because the `repr` of an arbitrary object may hide what sets it apart.
    """
    return blake2b(_encoded((str(learner), generation, parts)), digest_size=32).hexdigest()


def _encoded(part: object) -> bytes:
    """Type, length, content: a sequence written so can be cut in one way only."""
    match part:
        case None:
            tag, body = b"n", b""
        case bool():
            tag, body = b"b", b"1" if part else b"0"
        case int():
            tag, body = b"i", b"%d" % part
        case float():
            tag, body = b"f", part.hex().encode()
        case str():
            # JSON can smuggle in half a surrogate pair, which strict UTF-8 refuses
            tag, body = b"s", part.encode("utf-8", "surrogatepass")
        case bytes():
            tag, body = b"y", part
        case UUID():
            tag, body = b"u", part.bytes
        case date():
            tag, body = b"d", part.isoformat().encode()
        case Sequence():
            tag, body = b"l", b"".join(map(_encoded, part))
        case Set():
            tag, body = b"e", b"".join(sorted(map(_encoded, part)))
        case Mapping():
            tag, body = b"m", b"".join(sorted(map(_encoded, part.items())))
        case _:
            raise TypeError(f"A cache key cannot hold a {type(part).__name__}.")
    return b"%s%d:%s" % (tag, len(body), body)
