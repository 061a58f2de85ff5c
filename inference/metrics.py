"""What the container tells of its work at /metrics, in the form of Prometheus."""

import resource
import sys
from collections.abc import Iterator

import torch
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inference.desk import Desk
from inference.engine import Engine


def metrics_page(desk: Desk, engine: Engine) -> bytes:
    """Every figure as it is now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(desk, engine))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, desk: Desk, engine: Engine) -> None:
        self._desk, self._meter = desk, engine.meter

    def collect(self) -> Iterator[Metric]:
        meter, desk = self._meter, self._desk.state()
        counters: dict[str, tuple[str, float]] = {
            "tokens": ("Tokens that the model computed.", meter.tokens),
            "steps": ("Forward passes.", meter.steps),
            "model_seconds": ("Time in the model.", meter.seconds),
            "writing_seconds": ("Time with verses at hand.", desk.writing_seconds),
            "rejected_candidates": ("Candidates that could not go on.", meter.rejected),
        }
        gauges: dict[str, tuple[str, float]] = {
            "rows": ("Rows of tokens in the last forward pass.", meter.rows),
            "seats": ("Verses that may be written at once.", desk.seats),
            "verses_at_hand": ("Verses that are being written.", desk.seated),
            "queue": ("Verses that wait.", desk.waiting),
            "constraint_share": (
                "Share of the time with verses at hand in which the model did not compute.",
                1 - meter.seconds / desk.writing_seconds if desk.writing_seconds else 0.0,
            ),
            "memory_bytes": ("Memory of the process at its most.", _most_memory()),
        }
        if torch.cuda.is_available():
            used = float(torch.cuda.max_memory_allocated())
            gauges["gpu_memory_bytes"] = "GPU memory of the model at its most.", used
        for name, (text, value) in counters.items():
            yield CounterMetricFamily(f"deep_hop_{name}", text, value)
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"deep_hop_{name}", text, value)
        verses = CounterMetricFamily("deep_hop_verses", "Verses by their end.", labels=["end"])
        for end, count in desk.ends.items():
            verses.add_metric([end], count)
        yield verses


def _most_memory() -> float:
    """Bytes; Linux counts in kilobytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most if sys.platform == "darwin" else most * 1024)
