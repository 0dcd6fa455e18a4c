"""The server over stdin and stdout: every line that comes in is either taken or answered.

The SDK reads the lines and keeps stray output off the wire. What it cannot parse it hands on as
an exception that nobody answers, and the client waits until its patience ends. Here such a line
is parsed again without its lone surrogates, or else answered with an error as section 5.1 of
JSON-RPC 2.0 has it. Lines that parse are not looked at.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any, Final, Self

import anyio
from fastmcp.server.context import reset_transport, set_transport
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError

if TYPE_CHECKING:
    from contextvars import Context
    from types import TracebackType

    from fastmcp import FastMCP
    from mcp.shared._stream_protocols import ReadStream, WriteStream

log = logging.getLogger(__name__)

_ESCAPES: Final = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair: one character
    r"|\\(?!u[dD][89a-fA-F][0-9a-fA-F]{2}).)"  # any other escape, an escaped backslash too
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


async def serve_stdio(server: FastMCP[Any]) -> None:
    """Serves one client until its input ends.

    As `FastMCP.run_stdio_async` does, which leaves no room between the lines and the protocol.
    """
    token = set_transport("stdio")
    try:
        async with server._lifespan_manager(), stdio_server() as (incoming, outgoing):
            protocol = server._mcp_server
            options = protocol.create_initialization_options()
            await protocol.run(AnsweringStream(incoming, outgoing), outgoing, options)
    finally:
        reset_transport(token)


def without_lone_surrogates(line: str) -> str:
    """JSON whose escapes of half a character are U+FFFD instead; whole pairs stay."""
    return _ESCAPES.sub(lambda found: found[1] or r"\ufffd", line)


class AnsweringStream:
    """The messages of `incoming`; for a line that is none, an error goes to `outgoing`."""

    def __init__(
        self,
        incoming: ReadStream[SessionMessage | Exception],
        outgoing: WriteStream[SessionMessage],
    ) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    @property
    def last_context(self) -> Context | None:
        """The context in which the last message was sent; the SDK handles it in that."""
        return getattr(self._incoming, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """The next message. Raises anyio.EndOfStream."""
        while True:
            item = await self._incoming.receive()
            if not isinstance(item, ValidationError):
                return item
            try:
                return _parsed_again(item)
            except ValidationError as error:
                await self._refuse(error)

    async def aclose(self) -> None:
        await self._incoming.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _refuse(self, error: ValidationError) -> None:
        line = _unparsable(error)
        if line is None:
            log.warning("refused a line on stdin: JSON, but no JSON-RPC message")
            told = ErrorData(code=INVALID_REQUEST, message="Not a JSON-RPC 2.0 message")
            answer = JSONRPCError(jsonrpc="2.0", id=_id(_message(error)), error=told)
        elif not line.strip():
            return
        else:
            reason = error.errors(include_url=False, include_input=False)[0]["msg"]
            log.warning("refused a line on stdin: %s", reason)
            if not line.endswith("\n"):
                return  # cut off by the end of input: whoever wrote it is gone
            told = ErrorData(code=PARSE_ERROR, message=f"Parse error: {reason}")
            answer = JSONRPCError(jsonrpc="2.0", id=_id(_leniently(line)), error=told)
        await self._outgoing.send(SessionMessage(answer))


def _parsed_again(error: ValidationError) -> SessionMessage:
    """The message of a line that failed for its lone surrogates alone; else raises the error."""
    line = _unparsable(error)
    mended = without_lone_surrogates(line) if line else line
    if not mended or mended == line:
        raise error
    return SessionMessage(jsonrpc_message_adapter.validate_json(mended, by_name=False))


def _unparsable(error: ValidationError) -> str | None:
    """The whole line when it is not JSON; None when it is, but not a message."""
    first = error.errors(include_url=False)[0]
    return str(first["input"]) if first["type"] == "json_invalid" else None


def _message(error: ValidationError) -> Any:
    """What a line held that is JSON; a field that is missing is reported with all the others."""
    found = error.errors(include_url=False)
    return next((one["input"] for one in found if one["type"] == "missing"), None)


def _leniently(line: str) -> Any:
    """What a line holds that only the strict parser refuses: control characters in strings."""
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None


def _id(message: Any) -> RequestId | None:
    """The id to answer to. A response has one too, but of a request of ours."""
    if not isinstance(message, dict) or "method" not in message:
        return None
    found = message.get("id")
    return found if type(found) in (int, str) else None
