"""Figures about calls, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from .calls import CallDetails

if TYPE_CHECKING:
    from prometheus_client import Metric


class CallMetrics:
    """A hook that counts; `render` answers a Prometheus scrape.

    prometheus-client is imported here and not above: over stdio nobody scrapes.
    """

    content_type: Final = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Histogram,
            ProcessCollector,
            disable_created_metrics,
        )

        # each series of figures would have one of birth times beside it
        disable_created_metrics()  # type: ignore[no-untyped-call]  # not annotated there
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._calls = Counter(
            "maang_calls",
            "Finished calls.",
            ("kind", "name", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "maang_call_duration_seconds",
            "Time from request to answer.",
            ("kind", "name"),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=self._registry,
        )
        self._bytes = Histogram(
            "maang_call_result_bytes",
            "Size of the answer as JSON; a token is about four bytes.",
            ("kind", "name"),
            buckets=(500, 1_000, 2_000, 4_000, 8_000, 16_000, 40_000),
            registry=self._registry,
        )

    def __call__(self, details: CallDetails, /) -> None:
        self._calls.labels(details.kind, details.name, details.outcome).inc()
        self._seconds.labels(details.kind, details.name).observe(details.duration_ms / 1000)
        if details.result_bytes is not None:
            self._bytes.labels(details.kind, details.name).observe(details.result_bytes)

    def watch(
        self,
        name: str,
        documentation: str,
        read: Callable[[], float],
        kind: Literal["counter", "gauge"] = "gauge",
    ) -> None:
        """Publish a figure that somebody else keeps, read anew at each scrape.

        A counter only grows (cache hits; `_total` is appended), a gauge goes up and down.
        """
        self._registry.register(_Reading(name, documentation, read, kind))

    def render(self) -> bytes:
        """All figures in the text exposition format, `content_type`."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One figure kept elsewhere, as the registry wants it."""

    name: str
    documentation: str
    read: Callable[[], float]
    kind: Literal["counter", "gauge"]

    def collect(self) -> Iterator[Metric]:
        from prometheus_client import Metric

        metric = Metric(self.name, self.documentation, self.kind)
        suffix = "_total" if self.kind == "counter" else ""
        metric.add_sample(self.name + suffix, {}, self.read())
        yield metric
