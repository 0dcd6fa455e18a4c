import io
import json
import logging
import subprocess
import sys
import warnings
from datetime import datetime

import pytest

from maang_mcp.telemetry import configure_logging, log_calls, notify
from tests.telemetry.factories import call, lines

log = logging.getLogger("tests.telemetry")

STORY = "how I led " + "the migration"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def fail(story: str) -> None:
    """Raises an error that quotes the learner, caused by another that does."""
    try:
        raise ConnectionError(story)
    except ConnectionError as error:
        raise ValueError(story) from error


def test_a_record_is_one_json_line(stream: io.StringIO) -> None:
    log.info("moved %d skills\nand a half", 3, extra={"action": "record", "minutes": 2.5})

    assert stream.getvalue().count("\n") == 1
    (line,) = lines(stream)
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line == {
        "level": "INFO",
        "logger": "tests.telemetry",
        "message": "moved 3 skills\nand a half",
        "action": "record",
        "minutes": 2.5,
    }


def test_extras_that_json_cannot_say_become_text(stream: io.StringIO) -> None:
    loop: list[object] = []
    loop.append(loop)
    log.info("odd", extra={"nan": float("nan"), "loop": loop, "half": "\ud800", "level": "mine"})

    (line,) = lines(stream)
    assert (line["nan"], line["loop"], line["half"]) == ("nan", "[[...]]", "\ud800")
    assert line["level"] == "INFO"


def test_the_level_decides_what_is_said() -> None:
    stream = io.StringIO()
    configure_logging("warning", stream)
    log.info("unheard")
    log.warning("heard")

    assert [line["message"] for line in lines(stream)] == ["heard"]


def test_an_exception_is_told_without_its_words(stream: io.StringIO) -> None:
    try:
        fail(STORY)
    except ValueError:
        log.exception("it broke")

    (line,) = lines(stream)
    assert "in fail" in line["exception"]
    assert line["exception"].index("builtins.ConnectionError") < line["exception"].index(
        "builtins.ValueError"
    )
    assert STORY not in stream.getvalue()


def test_the_members_of_an_exception_group_are_told(stream: io.StringIO) -> None:
    try:
        try:
            fail(STORY)
        except ValueError as error:
            raise ExceptionGroup("two", [error, KeyError(STORY)]) from None
    except ExceptionGroup:
        log.exception("it broke")

    told = lines(stream)[0]["exception"]
    assert [name for name in ("ExceptionGroup", "ValueError", "KeyError") if name in told] == [
        "ExceptionGroup",
        "ValueError",
        "KeyError",
    ]
    assert STORY not in told


def test_at_level_debug_an_exception_speaks() -> None:
    stream = io.StringIO()
    configure_logging("DEBUG", stream)
    try:
        fail(STORY)
    except ValueError:
        log.exception("it broke")

    assert STORY in lines(stream)[0]["exception"]


def test_secrets_are_scrubbed_from_messages_extras_and_exceptions() -> None:
    stream = io.StringIO()
    configure_logging("DEBUG", stream)
    secret = "sk-proj-" + "a1B2c3D4e5" * 4
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("key %s", secret, extra={"key": secret})

    assert len(lines(stream)) == 1
    assert secret not in stream.getvalue()


def test_stdout_stays_silent(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    log.error("to stderr")
    notify([log_calls], call())

    out, err = capfd.readouterr()
    assert out == ""
    assert [json.loads(line)["level"] for line in err.splitlines()] == ["ERROR", "INFO"]


def test_a_terminal_gets_lines_for_people() -> None:
    stream = Terminal()
    configure_logging(stream=stream)
    try:
        fail(STORY)
    except ValueError:
        log.exception("it broke", extra={"action": "record"})

    first, *rest = stream.getvalue().splitlines()
    assert first[2] == first[5] == ":"
    assert first[8:] == " ERROR   tests.telemetry: it broke action=record"
    assert rest[-1] == "builtins.ValueError"


def test_a_warning_becomes_a_record() -> None:
    stream = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure_logging(stream=stream)
        warnings.warn("old style", DeprecationWarning, stacklevel=1)

    (line,) = lines(stream)
    assert (line["level"], line["logger"]) == ("WARNING", "py.warnings")
    assert "old style" in line["message"]


def test_libraries_with_handlers_of_their_own_are_heard_once() -> None:
    stream, elsewhere = io.StringIO(), io.StringIO()
    library = logging.getLogger("uvicorn.error")
    library.addHandler(logging.StreamHandler(elsewhere))
    library.propagate = False
    configure_logging(stream=stream)
    configure_logging(stream=stream)
    library.info("started", extra={"color_message": "\x1b[1mstarted"})

    assert [line["message"] for line in lines(stream)] == ["started"]
    assert "\\u001b" not in stream.getvalue()
    assert elsewhere.getvalue() == ""


def test_fastmcp_imported_later_does_not_bring_its_own_format() -> None:
    program = (
        "import logging, sys\n"
        "from maang_mcp.telemetry import configure_logging\n"
        "configure_logging()\n"
        "assert 'prometheus_client' not in sys.modules\n"
        "import fastmcp\n"
        "logging.getLogger('fastmcp.server').warning('hello')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout == ""
    assert [json.loads(line)["message"] for line in result.stderr.splitlines()] == ["hello"]
