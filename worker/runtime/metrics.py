"""Prometheus on METRICS_PORT. Needs the extra `metrics`, so this module is imported only where that is set."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, make_wsgi_app

from worker.aws.warm_connection import OPERATION as WARM_UP
from worker.domain.audience import Frame
from worker.domain.level import Level
from worker.domain.section import Reading

MAX_CONNECTIONS = 8
REQUEST_SECONDS = 5
"""How long a connection may say nothing."""

_FIRST_ERROR_STATUS = 300
_LOOK_SECONDS = 0.1
"""How soon the server notices that it is to end: the worker stops within a second."""
_STEP_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
_AGE_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 600, 3600)
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - in a container nothing else is reached; off unless METRICS_PORT is set

log = structlog.get_logger(__name__)


class Metrics:
    """An observer that counts, in a registry of its own."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self.registry = registry = CollectorRegistry()
        self._wall = wall
        self._jobs = Counter(
            "camera_worker_jobs",
            "Presses that ended, by the status of their record; rejected messages have no camera",
            ["camera", "outcome"],
            registry=registry,
        )
        self._steps = Histogram(
            "camera_worker_step_seconds",
            "Duration of a job's step; speech_start and total count from the receive",
            ["step"],
            buckets=_STEP_BUCKETS,
            registry=registry,
        )
        self._age = Histogram(
            "camera_worker_queue_age_seconds",
            "From the press to each receive of it",
            ["camera"],
            buckets=_AGE_BUCKETS,
            registry=registry,
        )
        self._retries = Counter(
            "camera_worker_retries", "Presses given back for another attempt", ["camera"], registry=registry
        )
        self._breaker = Gauge(
            "camera_worker_breaker_open",
            "1 while no login is tried because the camera refused one",
            ["camera"],
            registry=registry,
        )
        self._calls = Counter(
            "camera_worker_aws_calls",
            "Calls to AWS; neither botocore's own retries of a call are counted, nor what only opens a connection",
            ["service", "operation", "result"],
            registry=registry,
        )
        self._voiced = Counter(
            "camera_worker_voice_sentences",
            "Sentences by where their sound came from: kept, joined from kept parts, or polly, which takes a while",
            ["source"],
            registry=registry,
        )
        self._photographed = Counter(
            "camera_worker_lens_photos",
            "Photos of cameras with CAMERA_LENS lazy or hot: from the stream, or a snapshot where that would not do",
            ["camera", "source"],
            registry=registry,
        )
        self._seen = Histogram(
            "camera_worker_watch_frame_seconds",
            "From asking for a frame of a watch to its measured audience",
            ["camera"],
            buckets=_STEP_BUCKETS,
            registry=registry,
        )
        self._present = Gauge(
            "camera_worker_watch_faces", "Faces in the newest frame of a watch", ["camera"], registry=registry
        )
        self._spent = Gauge(
            "camera_worker_watch_calls", "DetectFaces calls of the newest watch", ["camera"], registry=registry
        )
        self._score = Gauge(
            "camera_worker_watch_score",
            "Smoothed score of a section, 0 to 100; absent while too few are in it",
            ["camera", "section"],
            registry=registry,
        )
        self._level = Gauge(
            "camera_worker_watch_level",
            "1 for the level that a section is at, 0 for the others",
            ["camera", "section", "level"],
            registry=registry,
        )
        self._last_poll = Gauge(
            "camera_worker_last_poll_timestamp_seconds",
            "When SQS last answered a poll, epoch seconds; 0 before the first",
            registry=registry,
        )
        ProcessCollector(registry=registry)

    def received(self, camera: str, age_seconds: float) -> None:
        self._age.labels(camera).observe(age_seconds)

    def stepped(self, step: str, seconds: float) -> None:
        self._steps.labels(step).observe(seconds)

    def retried(self, camera: str) -> None:
        self._retries.labels(camera).inc()

    def ended(self, camera: str, outcome: str) -> None:
        self._jobs.labels(camera, outcome).inc()

    def polled(self) -> None:
        self._last_poll.set(self._wall())

    def voiced(self, source: str) -> None:
        self._voiced.labels(source).inc()

    def photographed(self, camera: str, source: str) -> None:
        self._photographed.labels(camera, source).inc()

    def watched(self, camera: str, frame: Frame, seconds: float, calls: int) -> None:
        self._seen.labels(camera).observe(seconds)
        self._present.labels(camera).set(frame.faces)
        self._spent.labels(camera).set(calls)
        for name, reading in frame.sections.items():
            self._show(camera, name, reading)

    def unwatched(self, camera: str) -> None:
        """What was true of its last frame is not shown for ever."""
        for gauge in (self._present, self._score, self._level):
            gauge.remove_by_labels({"camera": camera})

    def _show(self, camera: str, section: str, reading: Reading) -> None:
        for level in Level:
            self._level.labels(camera, section, level).set(level is reading.level)
        if reading.figures is not None and reading.figures.smoothed is not None:
            self._score.labels(camera, section).set(reading.figures.smoothed)
        else:
            with suppress(KeyError):
                self._score.remove(camera, section)

    def watch_breaker(self, camera: str, is_open: Callable[[], bool]) -> None:
        self._breaker.labels(camera).set_function(lambda: float(is_open()))

    def watch_calls(self, client: Any) -> None:
        client.meta.events.register("after-call", self._count_answer)
        client.meta.events.register("after-call-error", self._count_no_answer)

    def _count_answer(self, event_name: str, http_response: Any, **_: object) -> None:
        self._count(event_name, "ok" if http_response.status_code < _FIRST_ERROR_STATUS else "refused")

    def _count_no_answer(self, event_name: str, **_: object) -> None:
        self._count(event_name, "unanswered")

    def _count(self, event_name: str, result: str) -> None:
        _, service, operation = event_name.split(".")
        if operation == WARM_UP:
            return
        self._calls.labels(service, operation, result).inc()


class _Server(ThreadingMixIn, WSGIServer):
    """Has few connections open: one more ends the oldest, so that no number of idle ones keeps a scraper waiting."""

    daemon_threads = True
    # So many may wait to be taken up; beyond that a connection is tried again after a second.
    request_queue_size = 128

    def __init__(self, *args: Any, **options: Any) -> None:
        self._open: deque[socket] = deque()
        # Connections come in on the server's thread, and end on their own.
        self._lock = Lock()
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.append(request)
            oldest = self._open.popleft() if len(self._open) > MAX_CONNECTIONS else None
        if oldest is not None:
            _end(oldest)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock, suppress(ValueError):
            self._open.remove(request)
        super().shutdown_request(request)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        log.debug("a scrape came to nothing", action="scrape_failed", error=str(sys.exception()))


def _end(connection: socket) -> None:
    """Whoever reads from it sees its end, and closes it."""
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    timeout = REQUEST_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's signature
        """A scrape is not worth a line."""


@contextmanager
def served(metrics: Metrics, port: int) -> Iterator[int]:
    """Answer scrapes on every address of this host for the body of the `with`; on which port, if `port` is 0.

    Raises:
        OSError: the port is taken.
    """
    server = make_server(_EVERY_ADDRESS, port, make_wsgi_app(metrics.registry), _Server, _Handler)
    thread = Thread(target=server.serve_forever, args=(_LOOK_SECONDS,), name="metrics", daemon=True)
    thread.start()
    log.info("metrics are served", action="metrics_served", port=server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
