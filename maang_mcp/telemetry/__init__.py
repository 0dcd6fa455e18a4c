"""What an operator sees: log lines on stderr, and figures about calls.

stdout belongs to JSON-RPC, so nothing here ever writes to it. Neither lines nor figures carry what
a learner wrote: a call is told by its registered name, its learner by a tag, an error by its class
and the lines of code it passed through. What an error says, which may quote the learner, is logged
at level DEBUG only.
"""

from .calls import (
    CallDetails,
    CallHook,
    CallKind,
    CallOutcome,
    learner_tag,
    log_calls,
    notify,
)
from .logs import configure_logging
from .metrics import CallMetrics

__all__ = [
    "CallDetails",
    "CallHook",
    "CallKind",
    "CallMetrics",
    "CallOutcome",
    "configure_logging",
    "learner_tag",
    "log_calls",
    "notify",
]
