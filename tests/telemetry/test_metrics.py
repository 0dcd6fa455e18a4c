from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from maang_mcp.telemetry import CallDetails, CallKind, CallMetrics, CallOutcome
from tests.telemetry.factories import call


def figures(metrics: CallMetrics) -> dict[str, float]:
    """Samples by name and labels, as a scraper reads them."""
    return {
        " ".join([sample.name, *(text for _, text in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


calls = st.builds(
    call,
    kind=st.sampled_from(CallKind),
    name=st.sampled_from(["record_attempt", "get_briefing", "maang://problems/{slug}"]),
    outcome=st.sampled_from(CallOutcome),
    duration_ms=st.floats(0, 60_000),
    result_bytes=st.none() | st.integers(0, 100_000),
)


@given(st.lists(calls))
def test_the_figures_are_those_of_the_calls(made: list[CallDetails]) -> None:
    metrics = CallMetrics()
    for details in made:
        metrics(details)
    scraped = figures(metrics)

    for (kind, name, outcome), n in Counter((c.kind, c.name, c.outcome) for c in made).items():
        assert scraped[f"maang_calls_total {kind} {name} {outcome}"] == n
    for kind, name in {(c.kind, c.name) for c in made}:
        seconds = [c.duration_ms / 1000 for c in made if (c.kind, c.name) == (kind, name)]
        series = "maang_call_duration_seconds"
        assert scraped[f"{series}_count {kind} {name}"] == len(seconds)
        assert scraped[f"{series}_sum {kind} {name}"] == pytest.approx(sum(seconds))
        assert scraped[f"{series}_bucket {kind} 0.25 {name}"] == sum(s <= 0.25 for s in seconds)
        sizes = [c.result_bytes or 0 for c in made if (c.kind, c.name) == (kind, name)]
        assert scraped.get(f"maang_call_result_bytes_sum {kind} {name}", 0) == sum(sizes)


def test_figures_kept_elsewhere_are_read_at_each_scrape() -> None:
    metrics, kept = CallMetrics(), {"hits": 1, "connections": 5}
    metrics.watch("maang_cache_hits", "Answers found.", lambda: kept["hits"], "counter")
    metrics.watch("maang_connections", "In use.", lambda: kept["connections"])
    first = figures(metrics)
    kept.update(hits=2, connections=3)
    second = figures(metrics)

    assert (first["maang_cache_hits_total"], second["maang_cache_hits_total"]) == (1, 2)
    assert (first["maang_connections"], second["maang_connections"]) == (5, 3)


def test_two_servers_in_one_process_count_for_themselves() -> None:
    one, other = CallMetrics(), CallMetrics()
    one(call())

    assert figures(one)["maang_calls_total tool record_attempt ok"] == 1
    assert "maang_calls_total tool record_attempt ok" not in figures(other)
