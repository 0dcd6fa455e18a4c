"""The log: every record of the process as one line on stderr."""

from __future__ import annotations

import json
import logging
import math
import os
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, TextIO

from maang_mcp.domain.scrubbing import scrub

_LIBRARIES_WITH_HANDLERS: Final = ("fastmcp", "uvicorn", "uvicorn.access", "uvicorn.error")
_NOT_EXTRAS: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "asctime",
    "color_message",  # uvicorn's copy of the message, with terminal colours
    "message",
    "taskName",
}


def configure_logging(level: str | int = "INFO", stream: TextIO | None = None) -> None:
    """Send every record of the process to `stream` (stderr), replacing all earlier handlers.

    A terminal gets lines for people, anything else JSON lines. Python's warnings become records;
    secrets are scrubbed from all of them.
    """
    stream = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainLines() if stream.isatty() else JsonLines())
    level = level.upper() if isinstance(level, str) else level
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # FastMCP installs a handler of its own when it is imported, unless told not to before
    os.environ.setdefault("FASTMCP_LOG_ENABLED", "false")
    for name in _LIBRARIES_WITH_HANDLERS:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.setLevel(logging.NOTSET)
        library.propagate = True


class JsonLines(logging.Formatter):
    """One JSON object per record: time, level, logger, message, extras, exception."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_fields(record))


class PlainLines(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        time, level, name, message = (str(fields.pop(key)) for key in _CORE)
        exception = fields.pop("exception", None)
        extras = "".join(f" {key}={value}" for key, value in fields.items())
        line = f"{time[11:19]} {level:<7} {name}: {message}{extras}"
        return line if exception is None else f"{line}\n{exception}"


_CORE: Final = ("time", "level", "logger", "message")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _scrubbed(record.getMessage()),
    }
    for key, value in vars(record).items():
        if key not in _NOT_EXTRAS:
            fields.setdefault(key, _plain(value))
    if record.exc_info and record.exc_info[1] is not None:
        full = logging.getLogger().isEnabledFor(logging.DEBUG)
        tell = traceback.format_exception if full else _wordless
        fields["exception"] = _scrubbed("".join(tell(record.exc_info[1])).rstrip())
    return fields


def _wordless(error: BaseException) -> Iterator[str]:
    """A traceback without what the exceptions say, the first cause first."""
    origin = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if origin is not None:
        yield from _wordless(origin)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield "holding\n"
            yield from _wordless(member)


def _plain(value: object) -> object:
    """What JSON can say exactly stays as it is; all else becomes its text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return _scrubbed(str(value))


def _scrubbed(text: str) -> str:
    return scrub(text)[0]
