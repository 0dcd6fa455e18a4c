"""One run of some source in a worker: its limits, what it prints, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_monty import (
    Monty,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySyntaxError,
    OSPolicy,
    ResourceLimits,
)

SECONDS: Final = 1.0
"""What one test may take; the slowest solution of the bank takes a quarter of it."""

GRACE: Final = 0.15
"""Seconds after which a worker that does not notice is killed: in one long operation it cannot."""

MEMORY: Final = 192_000_000  # bytes
PRINTED: Final = 400
"""Characters of output that are kept of one run; a program may print more."""

_NOTHING_OUTSIDE: Final[OSPolicy] = {
    "datetime": datetime(2000, 1, 1, tzinfo=UTC),
    "timezone": "utc",
    "sleep": "zero",
    "process_time": "zero",
    "random_start": {"seed": 0},
}


def _refuse(**asked: Any) -> Any:
    raise PermissionError("There are no files, no network and no environment here.")


class TooSlow(Exception):
    """The time was up."""


class TooMuchMemory(Exception):
    """The memory was used up."""


class Broken(Exception):
    """The worker came to an end of its own."""


class Unreadable(Exception):
    """The interpreter does not know this syntax, on the last of these lines of the source."""

    def __init__(self, lines: tuple[int, ...]) -> None:
        super().__init__()
        self.lines = lines


class Raised(Exception):
    """The source raised; `lines` are those of the source that are on its stack, outermost first."""

    def __init__(self, error: BaseException, lines: tuple[int, ...]) -> None:
        super().__init__(type(error).__name__)
        self.error = error
        self.lines = lines


class Output:
    """The beginning of what is printed."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = PRINTED

    def __call__(self, stream: str, text: str) -> None:
        if self._room > 0:
            self._kept.append(text[: self._room])
            if len(text) > self._room:
                self._kept.append("...")
            self._room -= len(text)

    @property
    def text(self) -> str:
        """At most `PRINTED` characters, and dots for the rest."""
        return "".join(self._kept)


class Sessions:
    """Sessions of one pool, each of them fresh."""

    def __init__(self, pool: Monty) -> None:
        self._pool = pool

    def run(
        self,
        source: str,
        *,
        prelude: str = "",
        inputs: Mapping[str, object] | None = None,
        seconds: float = SECONDS,
        recursion: int = 1_000,
        output: Output | None = None,
        functions: Mapping[str, Callable[..., object]] | None = None,
    ) -> Any:
        """The value of the last expression of `source`, which `prelude` is run before.

        `functions` of this process are there by these names, where the source has none.

        Raises TooSlow, TooMuchMemory, Broken, Unreadable or Raised.
        """
        limits: ResourceLimits = {
            "max_feed_duration_secs": seconds,
            "max_memory": MEMORY,
            "max_recursion_depth": recursion,
        }
        heard = output or Output()
        outside = dict(functions or {})
        try:
            with self._pool.checkout(
                limits=limits, os_policy=_NOTHING_OUTSIDE, assert_message_annotations=False
            ) as session:
                if prelude:
                    session.feed_run(
                        prelude, print_callback=heard, os=_refuse, external_lookup=outside
                    )
                return session.feed_run(
                    source,
                    inputs=dict(inputs or {}),
                    print_callback=heard,
                    os=_refuse,
                    external_lookup=outside,
                )
        except MontyError as error:
            raise _ended(error, bool(prelude)) from None


def _ended(error: MontyError, has_prelude: bool) -> Exception:
    feed = f"<python-input-{int(has_prelude)}>"
    if isinstance(error, MontyCrashedError):
        return TooSlow() if error.timed_out else Broken()
    if isinstance(error, MontySyntaxError):
        return Unreadable(_lines(error, feed))
    if not isinstance(error, MontyRuntimeError):
        return Broken()
    raised = error.exception()
    if isinstance(raised, TimeoutError) and "time limit exceeded" in str(raised):
        return TooSlow()
    if isinstance(raised, MemoryError):
        return TooMuchMemory()
    return Raised(raised, _lines(error, feed))


def _lines(error: MontySyntaxError | MontyRuntimeError, feed: str) -> tuple[int, ...]:
    return tuple(at.line for at in error.traceback() if at.filename == feed)
