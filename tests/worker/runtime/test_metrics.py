import socket
import threading
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

from tests.support.waiting import eventually
from tests.worker.audience import crowd, every, watched
from worker.aws.warm_connection import WarmConnection
from worker.job.timings import Timings
from worker.runtime.metrics import MAX_CONNECTIONS, Metrics, _Handler, served

NOW = 1_800_000_000.0


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(lambda: NOW)


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"camera_worker_{name}", labels)


def test_presses_are_counted_by_how_they_ended(metrics: Metrics) -> None:
    metrics.ended("lobby", "completed")
    metrics.ended("lobby", "completed")
    metrics.ended("", "rejected")
    metrics.retried("lobby")
    assert value(metrics, "jobs_total", camera="lobby", outcome="completed") == 2
    assert value(metrics, "jobs_total", camera="", outcome="rejected") == 1
    assert value(metrics, "retries_total", camera="lobby") == 1


def test_steps_are_measured_as_the_record_has_them(metrics: Metrics) -> None:
    ticks = iter([100.0, 101.0, 103.5, 104.0])
    timings = Timings(12, metrics, lambda: next(ticks))
    with timings.step("snapshot"):
        pass
    timings.mark("total")
    assert value(metrics, "step_seconds_sum", step="snapshot") == 2.5
    assert value(metrics, "step_seconds_sum", step="total") == 4
    assert timings.ms == {"queue": 12, "snapshot": 2500, "total": 4000}


def test_sentences_are_counted_by_where_their_sound_came_from(metrics: Metrics) -> None:
    metrics.voiced("joined")
    assert value(metrics, "voice_sentences_total", source="joined") == 1


def test_the_age_at_each_receive_is_measured(metrics: Metrics) -> None:
    metrics.received("lobby", 0.3)
    metrics.received("lobby", 40)
    assert value(metrics, "queue_age_seconds_count", camera="lobby") == 2
    assert value(metrics, "queue_age_seconds_bucket", camera="lobby", le="0.5") == 1


def test_the_breaker_is_looked_at_when_it_is_asked_for(metrics: Metrics) -> None:
    is_open = False
    metrics.watch_breaker("lobby", lambda: is_open)
    assert value(metrics, "breaker_open", camera="lobby") == 0
    is_open = True
    assert value(metrics, "breaker_open", camera="lobby") == 1


def test_photos_are_counted_by_where_they_came_from(metrics: Metrics) -> None:
    for source in ("stream", "stream", "snapshot"):
        metrics.photographed("lobby", source)
    assert value(metrics, "lens_photos_total", camera="lobby", source="stream") == 2
    assert value(metrics, "lens_photos_total", camera="lobby", source="snapshot") == 1


def test_the_last_poll_is_a_moment(metrics: Metrics) -> None:
    assert value(metrics, "last_poll_timestamp_seconds") == 0
    metrics.polled()
    assert value(metrics, "last_poll_timestamp_seconds") == NOW


def test_calls_are_counted_by_service_operation_and_result(metrics: Metrics) -> None:
    made = _client("sqs")
    metrics.watch_calls(made)
    with Stubber(made) as stubber:
        stubber.add_response("get_queue_url", {"QueueUrl": "https://x"})
        made.get_queue_url(QueueName="q")
        stubber.add_client_error("get_queue_url", "AccessDenied", "no", 403)
        with pytest.raises(ClientError):
            made.get_queue_url(QueueName="q")
    for result in ("ok", "refused"):
        assert value(metrics, "aws_calls_total", service="sqs", operation="GetQueueUrl", result=result) == 1


def test_what_only_opens_a_connection_is_no_call(metrics: Metrics) -> None:
    made = _client("rekognition")
    metrics.watch_calls(made)
    with Stubber(made) as stubber:
        stubber.add_client_error("list_collections", "MissingAuthenticationTokenException", "unsigned", 400)
        WarmConnection(made).restore()
        stubber.assert_no_pending_responses()
    assert [
        sample for family in metrics.registry.collect() for sample in family.samples if "calls_total" in sample.name
    ] == []


def test_a_call_that_nobody_answers_counts_too(metrics: Metrics) -> None:
    made = _client("rekognition", endpoint_url="http://127.0.0.1:9", config=Config(retries={"total_max_attempts": 1}))
    metrics.watch_calls(made)
    with pytest.raises(EndpointConnectionError):
        made.detect_faces(Image={"Bytes": b"x"})
    unanswered = {"service": "rekognition", "operation": "DetectFaces", "result": "unanswered"}
    assert value(metrics, "aws_calls_total", **unanswered) == 1


def test_they_are_served_until_the_end_and_the_port_is_free_again(metrics: Metrics) -> None:
    metrics.ended("lobby", "expired")
    with served(metrics, 0) as port:
        scraped = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5)
        assert 'camera_worker_jobs_total{camera="lobby",outcome="expired"} 1.0' in scraped.text
        assert "process_resident_memory_bytes" in scraped.text
    socket.create_server(("127.0.0.1", port)).close()


def test_idle_connections_take_few_threads_and_keep_no_scrape_waiting(metrics: Metrics) -> None:
    before = threading.active_count()
    with served(metrics, 0) as port, ExitStack() as idle:
        connections = [idle.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(100)]
        # The last one has been taken up once a later connection is answered.
        scraped = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5)
        assert scraped.status_code == 200
        for turned_away in connections[: -MAX_CONNECTIONS - 1]:
            turned_away.settimeout(5)
            assert turned_away.recv(1) == b""
        eventually(lambda: threading.active_count() - before <= MAX_CONNECTIONS + 1)


def test_a_connection_that_says_half_a_request_keeps_no_scrape_waiting(metrics: Metrics) -> None:
    with served(metrics, 0) as port, ExitStack() as slow:
        for _ in range(2 * MAX_CONNECTIONS):
            slow.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(b"GET /metrics HTTP/1.1\r\nHost")
        assert requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).status_code == 200


def test_a_connection_that_says_nothing_is_ended(metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Handler, "timeout", 0.01)
    with served(metrics, 0) as port, socket.create_connection(("127.0.0.1", port), timeout=5) as idle:
        assert idle.recv(1) == b""


def test_a_port_that_is_taken_is_an_error(metrics: Metrics) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - nobody listens
        taken.listen()
        with pytest.raises(OSError, match="in use"), served(metrics, taken.getsockname()[1]):
            pass


def _client(service: Any, **options: Any) -> Any:
    return boto3.Session("anyone", "anything", region_name="eu-west-1").client(service, **options)


def test_a_watch_that_is_over_shows_no_level_any_more() -> None:
    metrics = Metrics()
    _, [*_, frame] = watched(every(5, 20, crowd(12)))
    for camera in ("lobby", "door"):
        metrics.watched(camera, frame, 0.5, 20)
    metrics.unwatched("lobby")
    shown = {
        (family.name, sample.labels["camera"])
        for family in metrics.registry.collect()
        for sample in family.samples
        if family.name in {"camera_worker_watch_level", "camera_worker_watch_score", "camera_worker_watch_faces"}
    }
    assert {camera for _, camera in shown} == {"door"}
    assert len(shown) == 3
