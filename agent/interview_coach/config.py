"""What the agent reads from its environment: three variables, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

DEFAULT_MODEL: Final = "gemini-3.5-flash"

MODEL_VARIABLE: Final = "MAANG_AGENT_MODEL"
URL_VARIABLE: Final = "MAANG_MCP_URL"
TOKEN_VARIABLE: Final = "MAANG_MCP_TOKEN"


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """Which model speaks, and which MCP server remembers.

    `model` is any name ADK's registry resolves. An empty `mcp_url` means a server of the agent's
    own, started over stdio; otherwise it is the address of a streamable HTTP endpoint, and
    `mcp_token` is sent to it as a bearer token.

    Raises:
        ValueError: the address is not an http(s) URL.
    """

    model: str = DEFAULT_MODEL
    mcp_url: str = ""
    mcp_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.mcp_url:
            address = urlsplit(self.mcp_url)
            if address.scheme not in ("http", "https") or not address.hostname:
                raise ValueError(
                    f"{URL_VARIABLE} must be an http:// or https:// address such as"
                    f" http://127.0.0.1:8765/mcp, or empty to start the server here;"
                    f" got {self.mcp_url!r}."
                )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """The configuration as `environ` states it; blank counts as unset."""

        def read(name: str) -> str:
            return environ.get(name, "").strip()

        return cls(
            model=read(MODEL_VARIABLE) or DEFAULT_MODEL,
            mcp_url=read(URL_VARIABLE),
            mcp_token=read(TOKEN_VARIABLE),
        )
