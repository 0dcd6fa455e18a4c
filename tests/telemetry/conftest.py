import io
import logging
from collections.abc import Iterator

import pytest

from maang_mcp.telemetry import configure_logging


@pytest.fixture(autouse=True)
def logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FASTMCP_LOG_ENABLED", "")  # so that it is put back afterwards
    monkeypatch.delenv("FASTMCP_LOG_ENABLED")
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers.clear()
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(stream=stream)
    return stream
