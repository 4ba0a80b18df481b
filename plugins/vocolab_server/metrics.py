"""What Prometheus reads: how much is spoken, how soon, and what stands in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

if TYPE_CHECKING:
    from vocolab_server.utterance import Utterance
    from vocolab_server.wire import Message

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)
_FACTORS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0)


class Metrics:
    """All of them, in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()

        def histogram(name: str, what: str, buckets: tuple[float, ...] = _SECONDS) -> Histogram:
            return Histogram(f"vocolab_{name}", what, registry=registry, buckets=buckets)

        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"vocolab_{name}", what, labels, registry=registry)

        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"vocolab_{name}", what, labels, registry=registry)

        self.first_audio = histogram("first_audio_seconds", "From a request to the first bytes of its audio")
        self.whole = histogram("request_seconds", "From a request to the end of its answer")
        self.queue_wait = histogram("queue_wait_seconds", "From a request to the first work on it")
        self.gap = histogram("block_gap_seconds", "Between one block of an answer and the next")
        self.step = histogram("step_seconds", "Of a worker, for one block")
        self.loading = histogram("voice_loading_seconds", "Of a voice, beside the work of its worker")
        self.factor = histogram("real_time_factor", "Seconds that an answer took, by seconds of its audio", _FACTORS)
        self.requests = counter("requests", "Answers, by route and status", "route", "status")
        self.refused = counter("refused", "Requests that were refused, by code", "code")
        self.cancelled = counter("cancelled", "Answers whose client has gone")
        self.broken = counter("broken", "Answers that broke off in the middle")
        self.audio = counter("audio_seconds", "Of speech that was made")
        self.characters = counter("characters", "Of texts that were taken")
        self.restarts = counter("worker_restarts", "Worker processes that were started again")
        self.cache_hits = counter("cache_hits", "Sentences found in the cache")
        self.cache_misses = counter("cache_misses", "Sentences not found in the cache")
        self.cache_failures = counter("cache_failures", "Sentences that the cache could not write")
        self.active = gauge("requests_active", "Requests that are being spoken or wait")
        self.waiting = gauge("requests_waiting", "Requests that nothing was done for yet")
        self.ready_workers = gauge("workers_ready", "Worker processes that are warm")
        self._cache: dict[int, list[int]] = {}

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)

    def follow(self, active: Callable[[], int], waiting: Callable[[], int], ready: Callable[[], int]) -> None:
        """Let gauges read where they are asked."""
        self.active.set_function(active)
        self.waiting.set_function(waiting)
        self.ready_workers.set_function(ready)

    def stepped(self, utterance: Utterance, seconds: float, reply: Message) -> None:
        """A worker has done a step."""
        self.step.observe(seconds)
        for loading_s in reply.get("loaded_s", ()):
            self.loading.observe(loading_s)
        if utterance.n_steps == 1 and utterance.first_step_s is not None:
            self.queue_wait.observe(utterance.first_step_s - utterance.begun_s)
        if (counts := reply.get("cache")) is not None and utterance.worker is not None:
            self._count_cache(utterance.worker.pid or 0, counts)

    def broken_off(self) -> None:
        """An answer that had begun has broken off."""
        self.broken.inc()

    def _count_cache(self, pid: int, counts: list[int]) -> None:
        before = self._cache.get(pid, [0, 0, 0])
        self._cache[pid] = counts
        for counter, new, old in zip((self.cache_hits, self.cache_misses, self.cache_failures), counts, before,
                                     strict=True):
            counter.inc(max(0, new - old))


class Timing:
    """The times of one answer.

    Args:
        metrics: Where they are counted.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.begun_s = self._last_s = time.monotonic()
        self.first_s: float | None = None
        self.audio_s = 0.0

    def block(self, seconds: float) -> None:
        """A block of so many seconds of audio is on its way."""
        now_s = time.monotonic()
        if self.first_s is None:
            self.first_s = now_s - self.begun_s
            self._metrics.first_audio.observe(self.first_s)
        else:
            self._metrics.gap.observe(now_s - self._last_s)
        self._last_s = now_s
        self.audio_s += seconds
        self._metrics.audio.inc(seconds)

    def end(self) -> float:
        """The answer is whole; how many seconds it took."""
        whole_s = time.monotonic() - self.begun_s
        self._metrics.whole.observe(whole_s)
        if self.audio_s:
            self._metrics.factor.observe(whole_s / self.audio_s)
        return whole_s
