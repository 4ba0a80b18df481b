"""Writes the Grafana dashboard beside it: python deploy/grafana/make.py"""

from __future__ import annotations

import json
from pathlib import Path


def quantile(share: float, metric: str) -> str:
    """A quantile of a histogram over the last minute."""
    return f"histogram_quantile({share}, sum by (le) (rate(vocolab_{metric}_bucket[1m])))"


def rate(metric: str, by: str = "", over: str = "1m") -> str:
    """Of a counter, a second."""
    return f"sum{f' by ({by}) ' if by else ''}(rate(vocolab_{metric}_total[{over}]))"


def share_of_hits() -> str:
    """Sentences found in the cache, of all."""
    hits, misses = rate("cache_hits", over="5m"), rate("cache_misses", over="5m")
    return f"{hits} / ({hits} + {misses})"


PANELS = (
    ("Time to first audio", "s", {"p50": quantile(0.5, "first_audio_seconds"),
                                  "p95": quantile(0.95, "first_audio_seconds")}),
    ("Whole answer", "s", {"p50": quantile(0.5, "request_seconds"), "p95": quantile(0.95, "request_seconds")}),
    ("Queue wait", "s", {"p95": quantile(0.95, "queue_wait_seconds")}),
    ("Gap between blocks", "s", {"p95": quantile(0.95, "block_gap_seconds")}),
    ("Real-time factor", "none", {"p95": quantile(0.95, "real_time_factor")}),
    ("Audio made, s/s", "none", {"audio": rate("audio_seconds")}),
    ("Voices being loaded", "s", {"p95": quantile(0.95, "voice_loading_seconds")}),
    ("Requests", "short", {"active": "sum(vocolab_requests_active)", "waiting": "sum(vocolab_requests_waiting)"}),
    ("Answers a second, by status", "reqps", {"{{status}}": rate("requests", "status")}),
    ("Refused a second, by code", "reqps", {"{{code}}": rate("refused", "code")}),
    ("Left and broken, a second", "reqps", {"cancelled": rate("cancelled"), "broken": rate("broken")}),
    ("Cache hits", "percentunit", {"share": share_of_hits()}),
    ("Workers", "short", {"ready": "sum(vocolab_workers_ready)",
                          "restarts in 1 h": "sum(increase(vocolab_worker_restarts_total[1h]))"}),
)
WIDTH, HEIGHT, COLUMNS = 8, 7, 3


def panel(number: int, title: str, unit: str, targets: dict[str, str]) -> dict:
    """One picture."""
    return {
        "id": number + 1, "type": "timeseries", "title": title,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "gridPos": {"x": WIDTH * (number % COLUMNS), "y": HEIGHT * (number // COLUMNS), "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + at), "expr": expression, "legendFormat": legend}
            for at, (legend, expression) in enumerate(targets.items())
        ],
    }  # fmt: skip


def dashboard() -> dict:
    """All of it."""
    return {
        "uid": "vocolab", "title": "vocolab serve", "schemaVersion": 39, "version": 1, "refresh": "5s",
        "time": {"from": "now-30m", "to": "now"}, "tags": ["vocolab"], "timezone": "browser",
        "panels": [panel(number, *row) for number, row in enumerate(PANELS)],
    }  # fmt: skip


if __name__ == "__main__":
    Path(__file__).with_name("vocolab.json").write_text(json.dumps(dashboard(), indent=1) + "\n", encoding="utf-8")
