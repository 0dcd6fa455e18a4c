"""Answers kept for a few minutes, so that the same question costs one computation.

How an answer goes out of date. Each learner has a generation, a column in Postgres
(`learner.generation`), which every write increments in its own transaction. A read fetches the
generation first and the data after it, and the generation is part of the key: once a write has
committed, nobody asks for an older answer again, and time to live sweeps it away.

The generation is deliberately not kept in the cache. A bump sent to Redis can be lost (the process
dies right after its commit, Redis is away, or evicts the counter) and a stale answer would go on
being served; a bump of an in-process cache is never heard by the next process. A commit cannot be
lost and reaches everybody. The price: one integer read in one round trip before an answer, and one
column of the learner's own row written by each write. So the cache is never told to forget; it gets
and sets, and nothing has to happen for it to be right.

Two bounds follow. Restoring a backup rewinds generations, so a Redis that outlives the restore is
to be flushed (or the time to live waited out); and stores that share one Redis need a `namespace`
each.

Every cache here fails open: whatever happens inside, the caller sees a miss, never an error.
"""

from .answers import Cache, CacheCounts, CacheStatus, Flight, cached
from .in_process import InProcessCache, NoCache
from .keys import cache_key
from .shared import RedisCache

__all__ = [
    "Cache",
    "CacheCounts",
    "CacheStatus",
    "Flight",
    "InProcessCache",
    "NoCache",
    "RedisCache",
    "cache_key",
    "cached",
]
