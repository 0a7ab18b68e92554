"""What a worker costs that has nothing to do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.account import KEYS, Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.waiting import eventually
from tests.support.worker_process import Host, WorkerProcess
from worker.domain.phrases import Phrases

BARE_LOOP = """
import boto3, requests, sys
session, http = boto3.Session(), requests.Session()
sqs, *others = [session.client(name) for name in ("sqs", "s3", "dynamodb", "rekognition", "polly")]
queue = sqs.get_queue_url(QueueName=sys.argv[1])["QueueUrl"]
while True:
    sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)
"""
LOOK_SECONDS = 1.0
MAX_MEMORY_RATIO = 1.30
MAX_CPU_SHARE = 0.02


@pytest.fixture
def bare_loop(account: Account, proxy: CloudProxy) -> Iterator[int]:
    """The process id of the least that could listen to the queue with the same clients."""
    with _bare_loop(account, proxy.endpoint) as process:
        eventually(lambda: proxy.asked["ReceiveMessage"] == 1)
        yield process.pid


def test_an_idle_worker_costs_little_more_than_a_bare_loop_and_stops_within_a_second(
    host: Host, proxy: CloudProxy, bare_loop: int
) -> None:
    worker = host.start(AWS_ENDPOINT_URL=proxy.endpoint)
    worker.wait_for("the camera answers")
    eventually(lambda: len(proxy.calls("SynthesizeSpeech")) == len(list(Phrases().fixed())))
    eventually(lambda: proxy.asked["ReceiveMessage"] == 2)
    resident, bare = _resident_kib(worker.pid), _resident_kib(bare_loop)
    share = _cpu_share(worker)
    code, seconds = worker.stop()
    figures = f"{resident} KiB, a bare loop {bare} KiB; {share:.1%} of a processor; stopped in {seconds:.2f} s"
    print(figures)  # noqa: T201 - for `pytest -rP`
    assert resident / bare < MAX_MEMORY_RATIO, figures
    assert share <= MAX_CPU_SHARE, figures
    assert (code, seconds < 1) == (0, True), figures


@contextmanager
def _bare_loop(account: Account, endpoint: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = KEYS | {"AWS_DEFAULT_REGION": KEYS["AWS_REGION"], "AWS_ENDPOINT_URL": endpoint}
    with subprocess.Popen(
        [sys.executable, "-c", BARE_LOOP, account.resources.queue], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def _cpu_share(worker: WorkerProcess) -> float:
    """Of one processor, over a while in which the worker is left alone."""
    before = _cpu_seconds(worker.pid)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(within=LOOK_SECONDS)
    return (_cpu_seconds(worker.pid) - before) / LOOK_SECONDS


def _cpu_seconds(pid: int) -> float:
    """User and system time, the 14th and 15th field of proc(5)'s stat; the second may hold blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
