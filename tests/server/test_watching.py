"""What can be watched: metrics and their dashboard, logs, traces."""

from __future__ import annotations

import json
import logging
import re
import runpy
from pathlib import Path

import pytest
from server_fakes import serving, wait_for

from vocolab_server.logs import JsonLines, Words
from vocolab_server.metrics import Metrics
from vocolab_server.tracing import Traces

ROOT = Path(__file__).resolve().parents[2]


def value(here, name: str) -> float:
    rows = here.get("/metrics").text.splitlines()
    return sum(float(row.split()[-1]) for row in rows if re.match(rf"{name}(\{{|\s)", row))


def test_an_answer_is_counted_once_everywhere(catalog):
    with serving(catalog) as here:
        here.speak("One two three. Four five six.", response_format="wav")
        here.speak(voice="nobody")
        wait_for(lambda: value(here, "vocolab_request_seconds_count") == 1)
        for name in ("first_audio_seconds_count", "queue_wait_seconds_count", "real_time_factor_count"):
            assert value(here, f"vocolab_{name}") == 1
        assert value(here, "vocolab_block_gap_seconds_count") >= 1
        assert value(here, "vocolab_refused_total") == 1
        assert value(here, "vocolab_requests_active") == 0 and value(here, "vocolab_workers_ready") == 1
        assert value(here, "vocolab_audio_seconds_total") > 0.5
        assert here.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


def test_the_dashboard_shows_metrics_that_there_are():
    text = (ROOT / "deploy" / "grafana" / "vocolab.json").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "deploy" / "grafana" / "make.py"))["dashboard"]()
    assert json.loads(text) == json.loads(json.dumps(made))
    metrics = Metrics()
    metrics.requests.labels("r", "200")
    known = metrics.text().decode()
    shown = set(re.findall(r"vocolab_[a-z_]+", " ".join(
        target["expr"] for panel in made["panels"] for target in panel["targets"])))
    assert len(shown) >= 14
    for name in shown:
        assert re.search(rf"^# TYPE {re.sub('_bucket$', '', name)} ", known, re.M), name


def record(**beside) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": "request", "levelno": logging.INFO, "levelname": "INFO", **beside})
    made.created = 1_700_000_000.25
    return made


def test_a_line_of_the_log_is_one_object():
    line = JsonLines().format(record(request_id="a", path="/x\n\x1b[2J"))
    assert "\n" not in line and "\x1b" not in line
    said = json.loads(line)
    assert said["event"] == "request" and said["level"] == "info" and said["request_id"] == "a"
    assert said["time"].startswith("2023-11-14T22:13:20.")
    assert "\x1b" not in Words().format(record(path="\x1b[2J"))


def test_a_request_is_a_span(catalog, monkeypatch):
    pytest.importorskip("opentelemetry.sdk", reason="needs the extra `otel`")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("vocolab_server.service.open_traces", lambda _address: Traces(provider.get_tracer("test")))
    with serving(catalog) as here:
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        here.speak("One two.", headers={"traceparent": parent})
        wait_for(lambda: [one for one in exporter.get_finished_spans() if "speech" in one.name])
    (span,) = [one for one in exporter.get_finished_spans() if "speech" in one.name]
    assert span.attributes["http.response.status_code"] == 200
    assert span.attributes["vocolab.voice"] == "reader-one"
    assert f"{span.context.trace_id:032x}" == parent.split("-")[1]
    assert not any("One two" in str(attribute) for attribute in span.attributes.values())
