"""What stands between the model and the MCP server, applied to the whole app."""

from .idempotency import IdempotencyKeys
from .lean_tools import LeanTools
from .required_tools import RequiredTools
from .slim_results import SlimMcpResults
from .usage_log import UsageLog

__all__ = ["IdempotencyKeys", "LeanTools", "RequiredTools", "SlimMcpResults", "UsageLog"]
