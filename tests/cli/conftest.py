"""A process as the command line finds it, and as it was before, afterwards."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of whoever runs the tests, and the log put back: commands take it over."""
    for name in [name for name in os.environ if name.startswith("MAANG_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
    gc.enable()
