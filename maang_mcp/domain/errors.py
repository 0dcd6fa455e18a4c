"""What can go wrong, as one tree.

    CoachError                      every refusal the product makes on purpose
    |-- NotFound                    nothing goes by that name
    |   |-- UnknownProblem
    |   |-- UnknownSkill
    |   |-- UnknownMemory
    |   |-- UnknownAttempt
    |   `-- UnknownInterview
    |-- Rejected                    the request cannot be met as it stands; ask differently
    |   |-- InvalidInput
    |   |-- InvalidTransition
    |   |-- AlreadyFinished
    |   |-- EvidenceNotFound
    |   |-- BudgetTooSmall
    |   |-- WrongSettings           the rest of this branch refuses to start
    |   |-- InsecureAddress
    |   |-- UnusableKey
    |   `-- FolderInUse
    |-- Conflict                    somebody else was faster, or an id was used twice
    |   `-- StaleWrite
    `-- Unavailable                 a part of the machinery is missing; nothing was written
        |-- StoreUnavailable        ... unless the message says that this is not known
        |-- EmbedderUnavailable
        |-- SandboxUnavailable
        |-- SandboxBusy
        `-- DemoStopped

The docstring of a class is its default message, and `hint` tells the caller what to do next.
"""

from __future__ import annotations

from typing import ClassVar


class CoachError(Exception):
    """The coach cannot do that."""

    hint: ClassVar[str] = ""

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.next_step = type(self).hint if hint is None else hint
        super().__init__(self.message)

    def explain(self) -> str:
        """The message and what to do next, as one line a model can act on."""
        return f"{self.message} {self.next_step}".strip()


class NotFound(CoachError):
    """Nothing goes by that name."""

    hint = "Check the id and call again."


class UnknownProblem(NotFound):
    """No problem goes by that name."""

    hint = "Find its slug with `search_problems`."


class UnknownSkill(NotFound):
    """No skill goes by that name."""

    hint = "`weakness_report` and the resource maang://roadmap list the skills."


class UnknownMemory(NotFound):
    """No memory goes by that id."""

    hint = "Find it with `retrieve_context`."


class UnknownAttempt(NotFound):
    """No attempt goes by that id."""

    hint = "The resource maang://attempts/recent lists the latest ones."


class UnknownInterview(NotFound):
    """No interview goes by that id."""

    hint = "`start_interview` opens one, or resumes the one that is still open."


class Rejected(CoachError):
    """The request cannot be met as it stands."""

    hint = "Correct the arguments and call again."


class InvalidInput(Rejected):
    """An argument does not make sense."""


class InvalidTransition(Rejected):
    """The interview cannot do that in its present phase."""

    hint = "`interview_step` without turns tells the phase and what is possible next."


class AlreadyFinished(Rejected):
    """That interview is finished."""

    hint = "Open a new one with `start_interview`."


class EvidenceNotFound(Rejected):
    """A quote does not occur in the transcript."""

    hint = "Quote the candidate's own words exactly as they were recorded with `interview_step`."


class BudgetTooSmall(Rejected):
    """The token budget cannot hold a single passage."""

    hint = "Ask with a larger budget."


class WrongSettings(Rejected):
    """A setting cannot be used."""

    hint = "Correct the environment and start again."


class InsecureAddress(Rejected):
    """Other machines could reach this address, and nobody would have to sign in."""

    hint = (
        "Keep MAANG_HOST at 127.0.0.1, or set one of MAANG_AUTH_JWKS_URI, MAANG_AUTH_PUBLIC_KEY "
        "and MAANG_AUTH_SECRET."
    )


class UnusableKey(Rejected):
    """Tokens cannot be checked with this key."""

    hint = "Correct it and start again."


class FolderInUse(Rejected):
    """The demo starts from an empty folder."""

    hint = "Name one that is empty or does not exist, or none at all."


class Conflict(CoachError):
    """The record changed in the meantime, or its id is taken."""

    hint = "Read it again, then retry."


class StaleWrite(Conflict):
    """Somebody else changed this record first."""


class Unavailable(CoachError):
    """A part of the machinery is missing; nothing was written."""

    hint = "Try again in a moment; `maang-mcp doctor` tells what is wrong."


class StoreUnavailable(Unavailable):
    """The store cannot be reached; nothing was written."""


class EmbedderUnavailable(Unavailable):
    """The embedding model is not available."""


class SandboxUnavailable(Unavailable):
    """The sandbox cannot be started, so the code was not run."""


class SandboxBusy(Unavailable):
    """Too many solutions are being checked at this moment; the code was not run."""

    hint = "Call again in a few seconds."


class DemoStopped(Unavailable):
    """The server did not take a call of the demo's script."""

    hint = "Play it with --data-dir and look into server.log there."
