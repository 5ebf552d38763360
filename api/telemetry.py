"""The OpenTelemetry SDK, wired once a process: spans to OTLP when configured, measures to `/metrics`."""

from opentelemetry import metrics, trace
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from prometheus_client import REGISTRY, generate_latest

from api.settings import Settings
from core.errors import UnsupportedError

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


def configure(settings: Settings) -> TracerProvider:
    """The process's tracer provider, set up at the first call; later calls return the same."""
    installed = trace.get_tracer_provider()
    if isinstance(installed, TracerProvider):
        return installed
    resource = Resource.create({"service.name": "sophia"})
    tracer = TracerProvider(resource=resource)
    readers: list[MetricReader] = [PrometheusMetricReader()]
    if settings.otlp_endpoint:
        spans, reader = _otlp(settings)
        tracer.add_span_processor(BatchSpanProcessor(spans))
        readers.append(reader)
    views = [View(instrument_name="*", instrument_unit="s", aggregation=ExplicitBucketHistogramAggregation(SECONDS))]
    trace.set_tracer_provider(tracer)
    metrics.set_meter_provider(MeterProvider(readers, resource=resource, views=views))
    return tracer


def exposition() -> bytes:
    """Every measure in the Prometheus text format."""
    return generate_latest(REGISTRY)


def _otlp(settings: Settings) -> tuple[SpanExporter, MetricReader]:
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    except ImportError:
        raise UnsupportedError(
            "SOPHIA_OTLP_ENDPOINT needs an exporter: pip install 'sophia-orchestrator[otlp]'"
        ) from None
    secret = settings.otlp_headers.get_secret_value() if settings.otlp_headers else ""
    headers = dict(pair.strip().split("=", 1) for pair in secret.split(",") if "=" in pair)
    base = (settings.otlp_endpoint or "").rstrip("/")
    return (
        OTLPSpanExporter(endpoint=f"{base}/v1/traces", headers=headers),
        PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{base}/v1/metrics", headers=headers)),
    )
