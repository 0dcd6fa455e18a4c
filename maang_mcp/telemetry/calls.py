"""One finished call, and who is told of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol

logger = logging.getLogger(__name__)


class CallKind(StrEnum):
    TOOL = "tool"
    RESOURCE = "resource"
    PROMPT = "prompt"


class CallOutcome(StrEnum):
    """How a call ended: answered, refused on purpose (a CoachError), or broken."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CallDetails:
    """One finished call, told without anything the learner wrote.

    `name` is the name under which the component is registered (a resource's URI template, never the
    URI asked for; "unknown" for what the catalogue does not hold), `learner` a `learner_tag`,
    `protocol` the MCP version that was spoken, `error` the class of the exception, and
    `result_bytes` the size of the answer as JSON, None if there was none.
    """

    kind: CallKind
    name: str
    learner: str
    transport: str
    protocol: str
    started: datetime
    duration_ms: float
    outcome: CallOutcome
    error: str | None = None
    result_bytes: int | None = None


class CallHook(Protocol):
    """Is told of every finished call; must be quick, for the event loop waits."""

    def __call__(self, details: CallDetails, /) -> None: ...


def learner_tag(learner: object, *, key: bytes = b"") -> str:
    """Twelve hexadecimal digits for a learner: enough to follow one through the log.

    Whoever knows an id can compute its tag, unless a `key` (at most 64 bytes) is given.
    """
    return blake2b(str(learner).encode(), digest_size=6, key=key).hexdigest()


def notify(hooks: Iterable[CallHook], details: CallDetails) -> None:
    """Tell every hook; one that raises is logged and harms neither the call nor the next hook."""
    for hook in hooks:
        try:
            hook(details)
        except Exception:  # any error: the call has been answered, and telling of it is secondary
            logger.exception("A call hook failed", extra={"hook": type(hook).__name__})


def log_calls(details: CallDetails) -> None:
    """One line per call; a broken one is a warning."""
    logger.log(
        logging.WARNING if details.outcome is CallOutcome.FAILED else logging.INFO,
        "%s %s %s",
        details.kind,
        details.name,
        details.outcome,
        extra={
            "action": "call",
            "kind": details.kind,
            "component": details.name,
            "outcome": details.outcome,
            "learner": details.learner,
            "transport": details.transport,
            "protocol": details.protocol,
            "started": details.started.isoformat(timespec="milliseconds"),
            "duration_ms": round(details.duration_ms, 1),
            "error": details.error,
            "result_bytes": details.result_bytes,
        },
    )
