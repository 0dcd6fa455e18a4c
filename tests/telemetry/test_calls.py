import io

from maang_mcp.telemetry import CallDetails, CallOutcome, learner_tag, log_calls, notify
from tests.telemetry.factories import call, lines


def test_a_call_is_one_line_that_names_no_learner(stream: io.StringIO) -> None:
    log_calls(call())

    (line,) = lines(stream)
    del line["time"]
    assert line == {
        "level": "INFO",
        "logger": "maang_mcp.telemetry.calls",
        "message": "tool record_attempt ok",
        "action": "call",
        "kind": "tool",
        "component": "record_attempt",
        "outcome": "ok",
        "learner": learner_tag("ada"),
        "transport": "stdio",
        "protocol": "2025-11-25",
        "started": "2026-11-20T09:30:00.000+00:00",
        "duration_ms": 12.3,
        "error": None,
        "result_bytes": 900,
    }


def test_only_a_broken_call_is_a_warning(stream: io.StringIO) -> None:
    log_calls(call(outcome=CallOutcome.REFUSED, error="UnknownProblem"))
    log_calls(call(outcome=CallOutcome.FAILED, error="KeyError"))

    told = [(line["level"], line["error"]) for line in lines(stream)]
    assert told == [("INFO", "UnknownProblem"), ("WARNING", "KeyError")]


def test_a_hook_that_raises_harms_nobody(stream: io.StringIO) -> None:
    heard: list[CallDetails] = []

    def broken(details: CallDetails) -> None:
        raise RuntimeError(details.name)

    notify([broken, heard.append], call())

    assert heard == [call()]
    assert [line["message"] for line in lines(stream)] == ["A call hook failed"]


def test_a_learner_tag_is_steady_and_can_be_keyed() -> None:
    assert learner_tag("ada") == learner_tag("ada")
    assert len({learner_tag("ada"), learner_tag("bob"), learner_tag("ada", key=b"k")}) == 3
    assert "ada" not in learner_tag("ada")
