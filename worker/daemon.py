"""The daemon: everything is made here and handed to the loop."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import boto3
import structlog

from worker.attempt import Terms
from worker.camera import AmcrestCamera, CameraError
from worker.camera.channel import Channel
from worker.camera.digest import Credentials
from worker.camera.lockout import Lockout, lockout_file
from worker.clock import AwsClock
from worker.cloud.analysis import Analyst
from worker.cloud.clients import Clients, connect
from worker.cloud.errors import CloudError, CloudRefused
from worker.cloud.photos import Photos
from worker.cloud.queue import Queue, find_queue_url
from worker.cloud.records import Records
from worker.cloud.speech import Speech
from worker.crew import Crew
from worker.data_dir import owned
from worker.desk import Desk, Rules
from worker.heartbeat import Heartbeat, heartbeat_paths
from worker.loop import Listener, patiently, poll
from worker.observer import NOBODY, Observer
from worker.settings import CameraSettings, Configuration, SettingsError
from worker.spool import Spool
from worker.station import Station
from worker.stop import Stop, StopRequested
from worker.sweep import Sweeper
from worker.turns import Turns
from worker.voice import Voice

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
def _observing(port: int | None) -> Iterator[Observer]:
    """Whoever watches the work for the body of the `with`. Raises SettingsError."""
    if port is None:
        yield NOBODY
        return
    try:
        from worker.metrics import Metrics, served  # noqa: PLC0415 - an optional dependency
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


def _work(configuration: Configuration, clients: Clients, stop: Stop, heartbeat: Heartbeat, observer: Observer) -> None:
    settings, clock = configuration.worker, AwsClock()
    for client in vars(clients).values():
        observer.watch_calls(client)
    clients.receiving.meta.events.register("before-parse.sqs.ReceiveMessage", stop.disarm)
    desk = _desk(configuration, clients, clock, observer)
    stations = {name: _station(name, camera, configuration, observer) for name, camera in configuration.cameras.items()}
    queue = patiently(partial(_queue, configuration, clients, clock), stop, random.random)
    terms = Terms(
        settings.visibility_seconds, patiently(partial(_max_receive_count, queue), stop, random.random), random.random
    )
    crew = Crew(stations, settings.concurrency, desk, queue, terms)
    sweeper = Sweeper(desk, crew.holds, timedelta(seconds=settings.visibility_seconds))
    # SQS has answered; the first poll of an idle queue takes 20 s more.
    heartbeat.beat()
    log.info(
        "ready",
        cameras=list(stations),
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
        *(partial(_prepare, desk, station) for station in stations.values()),
    ]
    with _beside_the_loop(tasks, stopping):
        poll(queue, crew, stop, random.random, Listener(answered, heartbeat.beat))
        heartbeat.drain(settings.drain_seconds)
        log.info("stopping", in_hand=crew.size)
        crew.drain(settings.drain_seconds)
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


def _prepare(desk: Desk, station: Station) -> None:
    """Log in to the camera and have the fixed sentences ready, before anybody presses."""
    with structlog.contextvars.bound_contextvars(camera=station.name):
        try:
            identity = station.camera.identify()
            log.info(
                "the camera answers", type=identity.device_type, software=identity.software, serial=identity.serial
            )
        except CameraError as error:
            log.error("the camera is not ready", error=str(error))
        if not (desk.rules.speaks and station.speaks):
            return
        try:
            desk.voice.learn(desk.phrases.fixed(), station.audio_format)
            log.info("the voice is ready")
        except (CloudError, TimeoutError) as error:
            log.warning("Polly is not ready, sentences are fetched when they are needed", error=str(error))


def _queue(configuration: Configuration, clients: Clients, clock: AwsClock) -> Queue:
    settings = configuration.worker
    url = settings.queue_url or find_queue_url(clients.sqs, settings.queue_name)
    return Queue(clients.receiving, clients.sqs, url, clock, settings.visibility_seconds)


def _max_receive_count(queue: Queue) -> int | None:
    try:
        count = queue.max_receive_count()
    except CloudRefused as error:
        log.warning("the queue's redrive policy is not to be had, taken as none", error=str(error))
        return None
    if count is None:
        log.warning("the queue has no dead-letter queue: what cannot be handled comes back again and again")
    return count


def _desk(configuration: Configuration, clients: Clients, clock: AwsClock, observer: Observer) -> Desk:
    settings = configuration.worker
    spool = Spool(settings.data_dir / "spool")
    spool.clear_remains()
    return Desk(
        rules=_rules(configuration),
        records=Records(clients.dynamodb, settings.table_name),
        photos=Photos(clients.s3, settings.bucket_name),
        analyst=Analyst(clients.rekognition, settings.face_attributes),
        voice=Voice(Speech(clients.polly, settings.polly_voice, settings.polly_engine), settings.data_dir / "voice"),
        phrases=configuration.phrases,
        spool=spool,
        clock=clock,
        observer=observer,
    )


def _rules(configuration: Configuration) -> Rules:
    settings = configuration.worker
    return Rules(
        worker=configuration.host_name,
        analyses=settings.analyses,
        min_confidence=settings.min_confidence,
        speaks=settings.speech,
        max_command_age=settings.max_command_age,
        max_speech_age=settings.max_speech_age,
        retention=settings.retention,
    )


def _station(name: str, camera: CameraSettings, configuration: Configuration, observer: Observer) -> Station:
    settings = configuration.worker
    credentials = Credentials(camera.username, camera.password.get_secret_value())
    lockout = Lockout(lockout_file(settings.data_dir, name), camera.host, credentials)
    observer.watch_breaker(name, lambda: lockout.open_until is not None)
    return Station(
        name=name,
        camera=AmcrestCamera(Channel(camera.host, credentials, lockout), camera.channel),
        audio_format=camera.audio_format,
        nods=camera.nod,
        speaks=camera.speaker,
        places=Turns(settings.concurrency),
    )
