"""OpenTelemetry traces, where the extra `otel` is installed and an address is set: a span a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vocolab.errors import DependencyMissing

SERVICE = "vocolab"


class Span:
    """One request; nothing happens where nobody traces."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def event(self, name: str, **facts: Any) -> None:
        """Something has happened."""
        if self._span is not None:
            self._span.add_event(name, facts)

    def set(self, **facts: Any) -> None:
        """Facts of the request."""
        if self._span is not None:
            for name, value in facts.items():
                self._span.set_attribute(f"vocolab.{name}", value)

    def end(self, status: int) -> None:
        """What the answer was."""
        if self._span is not None:
            self._span.set_attribute("http.response.status_code", status)


class Traces:
    """Where spans go.

    Args:
        tracer: OpenTelemetry's; None: nowhere.
    """

    def __init__(self, tracer: Any = None) -> None:
        self._tracer = tracer

    @contextmanager
    def request(self, scope: Any) -> Iterator[Span]:
        """The span of a request, a child of the one that its header `traceparent` names."""
        if self._tracer is None:
            yield Span()
            return
        from opentelemetry.propagate import extract

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._tracer.start_as_current_span(f"{scope['method']} {scope['path']}", context=extract(headers)) as span:
            span.set_attribute("http.request.method", scope["method"])
            span.set_attribute("url.path", scope["path"])
            yield Span(span)


def open_traces(address: str) -> Traces:
    """Traces that go to an address by OTLP over HTTP; none where it is empty.

    Raises:
        DependencyMissing: if the packages of the extra are not installed.
    """
    if not address:
        return Traces()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise DependencyMissing("traces need OpenTelemetry: pip install 'vocolab[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return Traces(provider.get_tracer(SERVICE))
