"""What Prometheus makes of our page."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


def figures(page: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
