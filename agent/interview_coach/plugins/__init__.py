"""What stands between the models and the MCP server, applied to the whole app."""

from .handover import Handover
from .idempotency import IdempotencyKeys
from .leak_guard import LeakGuard
from .lean_tools import LeanTools
from .required_tools import RequiredTools
from .slim_results import SlimMcpResults
from .usage_log import UsageLog

__all__ = [
    "Handover",
    "IdempotencyKeys",
    "LeakGuard",
    "LeanTools",
    "RequiredTools",
    "SlimMcpResults",
    "UsageLog",
]
