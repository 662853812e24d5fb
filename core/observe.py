"""What the service tells its operator: structured logs and Prometheus metrics."""

import logging
import sys

import structlog
from prometheus_client import Counter, Histogram

__all__ = ["INGESTED", "QUERY_SECONDS", "REQUEST_SECONDS", "configure_logging", "get_logger"]

INGESTED = Counter("citygraph_reports_total", "Reports by what became of them", ["outcome"])
QUERY_SECONDS = Histogram("citygraph_query_seconds", "Graph queries by name", ["query"])
REQUEST_SECONDS = Histogram("citygraph_request_seconds", "HTTP requests", ["method", "route", "status"])


def configure_logging(*, json: bool, level: int = logging.INFO) -> None:
    """Send structured logs to stderr, as JSON lines for machines or as coloured text for people."""
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger bound to the module's name."""
    return structlog.get_logger(module=name)
