"""The server's record of an interview, as the coach is told it."""

from __future__ import annotations

from typing import Any

import pytest

from agent.interview_coach.plugins.handover import LONGEST_QUOTE, recorded
from agent.interview_coach.plugins.transcript import Returned
from agent.interview_coach.schemas import Scorecard
from maang_mcp.domain.errors import (
    AlreadyFinished,
    CoachError,
    EvidenceNotFound,
    InvalidInput,
    InvalidTransition,
    SandboxBusy,
    StaleWrite,
    StoreUnavailable,
    UnknownInterview,
)

STARTED = Returned("start_interview", {}, {"round": "coding", "interview_id": "i1"})
ELSEWHERE = Returned("start_interview", {}, {"round": "behavioral", "interview_id": "i2"})
AWAY = Returned("interview_step", {}, {"error": "MCP tool execution failed: timed out"})
SCORES: list[dict[str, Any]] = [
    {"dimension": "testing", "score": 4, "evidence": ["I test " + "it " * 200]}
]
FINISHED = Returned(
    "finish_interview",
    {"scores": SCORES},
    {
        "interview_id": "i1",
        "verdict": "leaning hire",
        "average": 3.0,
        "scores": [{"dimension": "testing", "given": 4, "score": 3, "ceiling": "late"}],
        "would_have_raised_it": ["testing 3 to 4: cases of one's own"],
        "uncertainty": "One session is volatile.",
        "signals": {"hints_given": 1},
        "next_review": "2026-11-24",
        "reference_solution": "def couple(): ...",
    },
)


def _stepped(state: str) -> Returned:
    return Returned("interview_step", {}, {"state": state})


def _refused(error: CoachError, tool: str = "interview_step", of: str = "i1") -> Returned:
    return Returned(tool, {"interview_id": of}, {"error": error.explain()})


NO_START = _refused(InvalidInput("No such focus."), "start_interview")
NOBODY_SAID = _refused(
    EvidenceNotFound("Nobody said \"no interview is open\", which is quoted for 'testing'."),
    "finish_interview",
)
EXPIRED = _refused(AlreadyFinished("That interview is expired."))
UNKNOWN = "No interview goes by the id i1."


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([STARTED, _stepped("active"), _stepped("paused")], "paused"),
        ([STARTED, _stepped("abandoned")], "abandoned"),
        ([STARTED, _stepped("paused"), AWAY], "paused"),
        ([STARTED, FINISHED], "leaning hire"),
        ([STARTED, FINISHED, AWAY], "leaning hire"),
        ([STARTED, AWAY], "no verdict"),
        ([STARTED, _refused(StoreUnavailable())], "no verdict"),
        ([STARTED, EXPIRED], "no verdict"),
        ([STARTED, EXPIRED, NOBODY_SAID], "no verdict"),
        ([STARTED, _refused(AlreadyFinished(), "finish_interview")], "no verdict"),
        ([STARTED, _refused(UnknownInterview(UNKNOWN))], "no verdict"),
        ([NO_START], "no verdict"),
        ([AWAY], "no verdict"),
        ([ELSEWHERE], "no verdict"),
        ([], "no verdict"),
    ],
)
def test_an_interview_that_is_not_running_can_be_handed_back(
    results: list[Returned], verdict: str
) -> None:
    record = recorded(results, "coding")
    assert record is not None
    assert Scorecard.model_validate(record | {"summary": "So it went."}).verdict == verdict


@pytest.mark.parametrize(
    "results",
    [
        [STARTED],
        [STARTED, _stepped("active")],
        [STARTED, AWAY, _stepped("active")],
        [STARTED, AWAY, NOBODY_SAID],
        [STARTED, NO_START],
        [STARTED, NOBODY_SAID],
        [STARTED, _refused(InvalidTransition("Hint 1 has not been tried yet."))],
        [STARTED, _refused(StaleWrite())],
        [STARTED, _refused(SandboxBusy(), "check_solution")],
        [STARTED, _refused(UnknownInterview(UNKNOWN), of="i7")],
        [STARTED, _refused(AlreadyFinished("That interview is expired."), of="i7")],
        [STARTED, Returned("forget", {}, {"error": "Invoking `forget()` failed: no such tool."})],
        [STARTED, _stepped("paused"), _stepped("active")],
        [STARTED, NOBODY_SAID, _stepped("active")],
    ],
)
def test_an_interview_that_is_running_cannot(results: list[Returned]) -> None:
    assert recorded(results, "coding") is None


def test_an_earlier_attempt_to_leave_is_not_a_refusal_by_the_server() -> None:
    early = Returned("finish_task", {}, {"error": "The interview is still running."})
    assert recorded([STARTED, early], "coding") is None


def test_the_scorecard_is_the_servers_answer_with_the_quotes_it_accepted() -> None:
    record: Any = recorded([STARTED, FINISHED], "coding")
    assert record["scores"] == [
        {
            "dimension": "testing",
            "score": 3,
            "ceiling": "late",
            "quote": SCORES[0]["evidence"][0][:LONGEST_QUOTE],
        }
    ]
    assert (record["hints_given"], record["tests_failed"], record["onsite"]) == (1, None, None)
    assert record["reference_solution"] == "def couple(): ..."


@pytest.mark.parametrize(
    "evidence", ["I test it twice.", ["I test it twice."], ("x",), [], None, 7]
)
def test_evidence_of_any_shape_is_read_or_left_out(evidence: Any) -> None:
    scores = [{"dimension": "testing", "score": 4, "evidence": evidence}, "testing"]
    record: Any = recorded(
        [STARTED, Returned(FINISHED.tool, {"scores": scores}, FINISHED.result)], "coding"
    )
    assert record["scores"][0]["quote"] in ("I test it twice.", None)
