"""The table of costs: every operation is one the product has today."""

from __future__ import annotations

import pytest

from benchmarks import operations


def test_every_operation_that_is_timed_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "HISTORIES", (10, 20))
    monkeypatch.setattr(operations, "PROBLEMS", 60)
    timed = operations.operations()
    assert len({operation.name for operation in timed}) == len(timed)
    assert all(operation.run() is not None for operation in timed)
