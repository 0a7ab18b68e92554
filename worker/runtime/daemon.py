"""The daemon: everything is made here and handed to the loop."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import boto3
import structlog

from worker.aws.clients import Clients, connect
from worker.aws.clock import AwsClock
from worker.aws.queue import Queue
from worker.disk.data_dir import owned
from worker.domain.errors import CloudRefused
from worker.job.attempt import Terms
from worker.runtime.assembly import find_queue, make_camera, make_services, make_voice, share
from worker.runtime.heartbeat import Heartbeat, heartbeat_paths
from worker.runtime.observer import NOBODY, DaemonObserver
from worker.runtime.poll import Listener, patiently, poll
from worker.runtime.pool import JobPool
from worker.runtime.preparation import get_ready
from worker.runtime.stop import Stop, StopRequested
from worker.runtime.sweep import Sweeper
from worker.settings import Configuration, SettingsError

UPKEEP_JOIN_SECONDS = 0.3

log = structlog.get_logger(__name__)


def run(configuration: Configuration, session: boto3.Session) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        SettingsError: METRICS_PORT cannot be served.
        DataDirTaken: another worker uses DATA_DIR.
    """
    stop = Stop()
    data_dir = configuration.worker.data_dir
    with (
        stop.on_signals(),
        owned(data_dir) as writable,
        _observing(configuration.worker.metrics_port) as observer,
    ):
        heartbeat = Heartbeat(heartbeat_paths(data_dir)[0 if writable else 1])
        try:
            _work(configuration, connect(session), stop, heartbeat, observer)
        except StopRequested:
            log.info("stopped before the queue was found")
        finally:
            heartbeat.end()


@contextmanager
def _observing(port: int | None) -> Iterator[DaemonObserver]:
    """Whoever watches the work for the body of the `with`. Raises SettingsError."""
    if port is None:
        yield NOBODY
        return
    try:
        from worker.runtime.metrics import Metrics, served  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise SettingsError(
            ["METRICS_PORT: needs the package prometheus-client: pip install prometheus-client"]
        ) from error
    metrics = Metrics()
    with ExitStack() as serving:
        try:
            serving.enter_context(served(metrics, port))
        except OSError as error:
            raise SettingsError([f"METRICS_PORT: {port} cannot be listened on: {error}"]) from error
        yield metrics


def _work(
    configuration: Configuration, clients: Clients, stop: Stop, heartbeat: Heartbeat, observer: DaemonObserver
) -> None:
    settings, clock = configuration.worker, AwsClock()
    for client in vars(clients).values():
        observer.watch_calls(client)
    clients.receiving.meta.events.register("before-parse.sqs.ReceiveMessage", stop.disarm)
    voice = make_voice(settings, clients)
    services = make_services(configuration, clients, clock, voice, observer)
    devices = {name: make_camera(name, camera, settings, observer) for name, camera in configuration.cameras.items()}
    cameras = {name: share(name, devices[name], camera, settings) for name, camera in configuration.cameras.items()}
    queue = patiently(partial(find_queue, settings, clients, clock), stop, random.random)
    terms = Terms(
        settings.visibility_seconds, patiently(partial(_max_receive_count, queue), stop, random.random), random.random
    )
    pool = JobPool(cameras, settings.concurrency, services, queue, terms)
    sweeper = Sweeper(services, pool.holds, timedelta(seconds=settings.visibility_seconds))
    # SQS has answered; the first poll of an idle queue takes 20 s more.
    heartbeat.beat()
    log.info(
        "ready",
        cameras=list(cameras),
        queue=settings.queue_url or settings.queue_name,
        max_receive_count=terms.max_receive_count,
    )

    def answered(messages: int) -> None:
        heartbeat.beat()
        observer.polled()
        if not messages:
            sweeper.note_empty_queue()

    stopping = Event()
    tasks = [
        partial(sweeper.keep_sweeping, stopping),
        *(partial(get_ready, camera, devices[name], services, voice) for name, camera in cameras.items()),
    ]
    with _beside_the_loop(tasks, stopping):
        poll(queue, pool, stop, random.random, Listener(answered, heartbeat.beat))
        heartbeat.drain(settings.drain_seconds)
        log.info("stopping", in_hand=pool.size)
        pool.drain(settings.drain_seconds)
    log.info("stopped")


@contextmanager
def _beside_the_loop(tasks: Iterable[Callable[[], None]], stopping: Event) -> Iterator[None]:
    """Tasks that keep neither the first poll waiting nor the end: one that hangs ends with the process."""
    threads = [Thread(target=task, name="upkeep", daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(UPKEEP_JOIN_SECONDS)


def _max_receive_count(queue: Queue) -> int | None:
    try:
        count = queue.max_receive_count()
    except CloudRefused as error:
        log.warning("the queue's redrive policy is not to be had, taken as none", error=str(error))
        return None
    if count is None:
        log.warning("the queue has no dead-letter queue: what cannot be handled comes back again and again")
    return count
