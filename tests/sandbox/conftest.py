from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from maang_mcp.sandbox import Sandbox


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox
