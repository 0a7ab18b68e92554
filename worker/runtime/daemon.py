"""The daemon: everything is made here and handed to the loop."""

import os
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Event

import boto3
import structlog

from worker.aws.clients import Clients, connect
from worker.aws.clock import AwsClock
from worker.disk.data_dir import owned
from worker.domain.errors import CloudUnavailable
from worker.domain.shares import Shares
from worker.job.attempt import Terms
from worker.runtime.assembly import find_queue, make_device, make_services, make_voice, share
from worker.runtime.deaf import watched
from worker.runtime.fetch_ahead import FetchAhead
from worker.runtime.filmed import Filmed, Filming, close_all
from worker.runtime.first_look import look
from worker.runtime.heartbeat import Heartbeat, heartbeat_paths
from worker.runtime.observer import NOBODY, DaemonObserver
from worker.runtime.poll import patiently, poll
from worker.runtime.pool import JobPool
from worker.runtime.preparation import get_ready, warn_of
from worker.runtime.redrive import RedrivePolicy
from worker.runtime.stop import Stop, StopRequested
from worker.runtime.sweep import Sweeper
from worker.runtime.upkeep import beside
from worker.runtime.watched import watched_over
from worker.settings import Configuration, SettingsError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Listener:
    """Tells whoever has to know that SQS answers."""

    heartbeat: Heartbeat
    observer: DaemonObserver
    sweeper: Sweeper

    def answered(self, messages: int) -> None:
        self.heartbeat.beat()
        self.observer.polled()
        if not messages:
            self.sweeper.note_empty_queue()

    def full(self) -> None:
        self.heartbeat.beat()


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
            with watched(stop.heard, partial(_leave, heartbeat)):
                clients = _connected(session, stop)
            _work(configuration, clients, stop, heartbeat, observer)
        except StopRequested:
            log.info("stopped before the queue was found", action="stopped")
        finally:
            heartbeat.end()


def _connected(session: boto3.Session, stop: Stop) -> Clients:
    """Once there are credentials: what fetches them may need a network that is not there yet.

    Raises:
        CloudRefused: boto3's settings cannot be used.
    """
    with suppress(CloudUnavailable), stop.interrupts():
        return connect(session)
    return patiently(partial(connect, session), stop, random.random)


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
    voice = make_voice(settings, clients, observer)
    services = make_services(configuration, clients, clock, voice, observer)
    shares = Shares(len(configuration.cameras), settings.concurrency)
    devices = {name: make_device(name, camera, settings, observer) for name, camera in configuration.cameras.items()}
    filming = Filming(settings.video_before_seconds, clock, observer)
    filmed = {
        name: filming.filmed(name, camera, devices[name].camera, devices[name].account)
        for name, camera in configuration.cameras.items()
    }
    shared = {name: share(name, filmed[name], camera, shares) for name, camera in configuration.cameras.items()}
    watched_cameras = watched_over(shared, filmed, services, settings)
    cameras = watched_cameras.cameras
    with watched(stop.heard, partial(_leave, heartbeat)):
        queue = patiently(partial(find_queue, settings, clients, clock), stop, random.random)
        redrive = RedrivePolicy(queue.max_receive_count)
        with stop.interrupts():
            redrive.ask()
    pool = JobPool(cameras, shares, services, queue, Terms(settings.visibility_seconds, redrive.current, random.random))
    finish = next((camera.recorder.finish for camera in cameras.values() if camera.recorder), None)
    sweeper = Sweeper(services, pool.holds, timedelta(seconds=settings.visibility_seconds), finish)
    # SQS has answered; the first poll of an idle queue takes 20 s more.
    heartbeat.beat()
    log.info(
        "ready",
        action="ready",
        cameras=list(cameras),
        queue=settings.queue_url or settings.queue_name,
        max_receive_count=redrive.current().max_receive_count,
    )
    tasks: list[Callable[[Event], None]] = [
        sweeper.keep_sweeping,
        *watched_cameras.tasks,
        redrive.keep_asking,
        partial(warn_of, look(clients, settings)),
        *(partial(get_ready, camera, devices[name].camera) for name, camera in cameras.items()),
        *(task for one in filmed.values() for task in one.tasks),
    ]
    if formats := configuration.spoken_formats:
        ahead = FetchAhead(configuration.phrases, voice, formats, busy=lambda: pool.size > 0)
        tasks.append(ahead.keep_fetching)
    with watched(stop.heard, partial(_leave_idle, pool, filmed.values(), heartbeat)), beside(tasks):
        poll(queue, pool, stop, random.random, _Listener(heartbeat, observer, sweeper))
        heartbeat.drain(settings.drain_seconds)
        log.info("stopping", action="stopping", in_hand=pool.size)
        pool.drain(settings.drain_seconds)
        close_all(filmed.values())
    log.info("stopped", action="stopped")


def _leave_idle(pool: JobPool, filmed: Iterable[Filmed], heartbeat: Heartbeat) -> None:
    """What is in hand is drained, as soon as the main thread hears of it."""
    if not pool.size:
        close_all(filmed)
        _leave(heartbeat)


def _leave(heartbeat: Heartbeat) -> None:
    log.info("stopped in the middle of a poll that cannot be interrupted", action="stopped")
    heartbeat.end()
    os._exit(0)
