"""METRICS_PORT: what a worker did, as Prometheus scrapes it."""

import socket
import time

import requests
from prometheus_client.parser import text_string_to_metric_families

from demo.camera import SimulatedCamera
from demo.program import PATIENCE_SECONDS, Program
from tests.support.account import Account
from tests.support.host import Host
from tests.support.waiting import eventually


class Scrape:
    """What a worker's metrics were at one moment."""

    def __init__(self, worker: Program) -> None:
        [entry] = worker.wait_for("metrics are served")
        text = requests.get(f"http://127.0.0.1:{entry['port']}/metrics", timeout=PATIENCE_SECONDS).text
        self._samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def sum(self, name: str, **labels: str) -> float:
        wanted = labels.items()
        found = (sample for sample in self._samples if sample.name == f"camera_worker_{name}")
        return sum(sample.value for sample in found if sample.labels.items() >= wanted)


def test_a_press_is_seen_in_every_metric(host: Host, account: Account) -> None:
    before = time.time()
    worker = host.start(METRICS_PORT="0", SPEECH="off")
    account.press()
    account.press("Dance")
    account.wait_until_empty()
    eventually(lambda: Scrape(worker).sum("jobs_total") == 2)
    eventually(lambda: Scrape(worker).sum("aws_calls_total", operation="DeleteMessage"))

    scrape = Scrape(worker)
    assert scrape.sum("jobs_total", camera="default", outcome="completed") == 1
    assert scrape.sum("jobs_total", outcome="rejected") == 1
    for step in ("claim", "snapshot", "faces", "store", "record", "total"):
        assert scrape.sum("step_seconds_count", step=step) == 1
    assert scrape.sum("queue_age_seconds_count", camera="default") == 1
    assert scrape.sum("aws_calls_total", service="rekognition", operation="DetectFaces", result="ok") == 1
    assert scrape.sum("aws_calls_total", service="s3", operation="PutObject", result="ok") == 1
    assert scrape.sum("breaker_open") == 0
    assert before <= scrape.sum("last_poll_timestamp_seconds") <= time.time()
    assert worker.stop() == 0


def test_a_refused_password_opens_the_breaker_and_a_failing_photo_is_retried(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    worker = host.start(METRICS_PORT="0", CAMERA_PASSWORD="swordfish and chips")
    account.press()
    eventually(lambda: Scrape(worker).sum("jobs_total", outcome="failed") == 1)
    assert Scrape(worker).sum("breaker_open", camera="default") == 1
    worker.stop()

    camera.switch_off()
    worker = host.start(METRICS_PORT="0")
    account.press()
    eventually(lambda: Scrape(worker).sum("retries_total", camera="default") == 1)


def test_without_the_port_the_package_is_not_even_imported(host: Host) -> None:
    done = host.python("import sys, worker.runtime.daemon; print('prometheus_client' in sys.modules)")
    assert done.stdout == "False\n"


def test_a_package_that_is_missing_is_a_settings_error(host: Host) -> None:
    without = "import sys; sys.modules['prometheus_client'] = None; "
    done = host.python(without + "from worker.commands.cli import main; sys.exit(main(['run']))", METRICS_PORT="0")
    assert (done.returncode, "METRICS_PORT: needs the package prometheus-client" in done.stderr) == (2, True)


def test_a_port_that_is_taken_is_a_settings_error(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        worker = host.launch(METRICS_PORT=port)
        assert worker.wait() == 2
    assert f"METRICS_PORT: {port} cannot be listened on" in worker.output
