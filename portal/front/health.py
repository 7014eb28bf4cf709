"""Is it alive, is it ready, how is it doing: for supervisors and monitoring, not for people."""

from __future__ import annotations

import hmac
import os
import shutil
import time
from functools import cache

from flask import Blueprint, Response, abort, g, request
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from portal import clock
from portal.extensions import settings
from portal.queries import health
from portal.security import public, raw

bp = Blueprint("health", __name__)
LEAST_FREE_BYTES = 200 * 1024 * 1024


@bp.get("/healthz")
@public
@raw
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _plain("ok")


@bp.get("/readyz")
@public
@raw
def ready():
    """Database, storage and worker; 503 as soon as one of them fails, with the names of those that do."""
    checks = {"database": health.database_answers, "storage": _storage_takes, "worker": health.worker_lives}
    failing = [name for name, check in checks.items() if not check()]
    return (_plain(f"not ready: {', '.join(failing)}"), 503) if failing else _plain("ready")


@bp.get("/metrics")
@public
@raw
def metrics() -> Response:
    """For Prometheus with `Authorization: Bearer <PORTAL_METRICS_TOKEN>`; without a token set there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.metrics_token or not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
        abort(404)
    gauges = [f"# TYPE {name} gauge\n{name} {value}\n" for name, value in health.figures(clock.now()).items()]
    return Response(generate_latest(_registry()[0]).decode() + "".join(gauges), content_type=CONTENT_TYPE_LATEST)


@bp.before_app_request
def _start() -> None:
    g.started_s = time.perf_counter()


@bp.after_app_request
def _measure(response: Response) -> Response:
    if "started_s" in g and request.endpoint not in (None, "static"):
        labels = (request.endpoint, request.method, f"{response.status_code // 100}xx")
        _registry()[1].labels(*labels).observe(time.perf_counter() - g.started_s)
    return response


@cache
def _registry() -> tuple[CollectorRegistry, Histogram]:
    """One per process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    seconds = Histogram(
        "portal_request_seconds",
        "Server time of a request",
        ("endpoint", "method", "status"),
        registry=registry,
        buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    )
    return registry, seconds


def _storage_takes() -> bool:
    folder = settings.storage_dir if settings.storage_dir.exists() else settings.home  # made with the first file
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > LEAST_FREE_BYTES
    except OSError:
        return False


def _plain(words: str) -> Response:
    return Response(words + "\n", mimetype="text/plain")
