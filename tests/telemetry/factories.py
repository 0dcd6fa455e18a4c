"""What the tests of this folder talk about."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from maang_mcp.telemetry import CallDetails, CallKind, CallOutcome, learner_tag


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """The records on the stream."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def call(**changes: Any) -> CallDetails:
    values: dict[str, Any] = {
        "kind": CallKind.TOOL,
        "name": "record_attempt",
        "learner": learner_tag("ada"),
        "transport": "stdio",
        "protocol": "2025-11-25",
        "started": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "duration_ms": 12.34,
        "outcome": CallOutcome.OK,
        "result_bytes": 900,
    }
    return CallDetails(**values | changes)
