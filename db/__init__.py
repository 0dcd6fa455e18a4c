"""The store: async Postgres + pgvector.

`open_store` and the two values it gives out are the only names the floors above use.
"""

from __future__ import annotations

from .store import Content, Store, StoreFacts, open_store
from .unit_of_work import UnitOfWork

__all__ = ["Content", "Store", "StoreFacts", "UnitOfWork", "open_store"]
