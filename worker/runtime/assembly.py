"""Makes the adapters from the settings: the one place that knows which class stands for which port."""

from dataclasses import dataclass

from worker.aws.analysis import Analyst
from worker.aws.clients import Clients
from worker.aws.clock import AwsClock
from worker.aws.photos import Photos
from worker.aws.polly import PollyVoice
from worker.aws.queue import Queue, find_queue_url
from worker.aws.records import Records
from worker.aws.table import Table
from worker.aws.watches import Watches
from worker.camera.account import CameraAccount
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout, lockout_file
from worker.disk.spool import Spool
from worker.disk.voice_cache import VOICE_FOLDER, VoiceCache
from worker.domain.shares import Shares
from worker.job.priority_semaphore import PrioritySemaphore
from worker.job.services import JobSettings, Services, WatchTerms
from worker.job.shared_camera import SharedCamera
from worker.runtime.filmed import Filmed
from worker.runtime.observer import DaemonObserver
from worker.settings import CameraSettings, Configuration, WorkerSettings


def find_queue(settings: WorkerSettings, clients: Clients, clock: AwsClock) -> Queue:
    """Raises CloudError."""
    url = settings.queue_url or find_queue_url(clients.sqs, settings.queue_name)
    return Queue(clients.receiving, clients.sqs, url, clock, settings.visibility_seconds)


def make_voice(settings: WorkerSettings, clients: Clients, observer: DaemonObserver) -> VoiceCache:
    polly = PollyVoice(clients.polly, settings.polly_voice, settings.polly_engine)
    return VoiceCache(polly, settings.data_dir / VOICE_FOLDER, observer.voiced)


def make_spool(settings: WorkerSettings) -> Spool:
    spool = Spool(settings.data_dir / "spool")
    spool.clear_remains()
    return spool


def make_services(
    configuration: Configuration, clients: Clients, clock: AwsClock, voice: VoiceCache, observer: DaemonObserver
) -> Services:
    settings = configuration.worker
    table = Table(clients.dynamodb, settings.table_name)
    return Services(
        settings=_job_settings(configuration),
        records=Records(table),
        photos=Photos(clients.s3, settings.bucket_name),
        watches=Watches(table),
        analyst=Analyst(clients.rekognition, settings.face_attributes),
        voice=voice,
        phrases=configuration.phrases,
        spool=make_spool(settings),
        clock=clock,
        observer=observer,
    )


@dataclass(frozen=True)
class Device:
    """A camera over HTTP, and its login for what else it is reached by."""

    camera: AmcrestCamera
    account: CameraAccount


def make_device(name: str, camera: CameraSettings, settings: WorkerSettings, observer: DaemonObserver) -> Device:
    credentials = Credentials(camera.username, camera.password.get_secret_value())
    lockout = Lockout(lockout_file(settings.data_dir, name), camera.host, credentials)
    observer.watch_breaker(name, lambda: lockout.open_until is not None)
    http = CameraHttp(camera.host, credentials, lockout, fingerprint=camera.fingerprint)
    return Device(AmcrestCamera(http, camera.channel), http.account)


def share(name: str, filmed: Filmed, camera: CameraSettings, shares: Shares) -> SharedCamera:
    return SharedCamera(
        name=name,
        device=filmed.device,
        recorder=filmed.recorder,
        audio_format=camera.audio_format,
        nods=camera.nod,
        speaks=camera.speaker,
        places=PrioritySemaphore(shares.in_work),
    )


def _job_settings(configuration: Configuration) -> JobSettings:
    settings = configuration.worker
    return JobSettings(
        worker=configuration.host_name,
        analyses=settings.analyses,
        min_confidence=settings.min_confidence,
        speaks=settings.speech,
        allows_say=settings.allow_say,
        max_command_age=settings.max_command_age,
        max_speech_age=settings.max_speech_age,
        retention=settings.retention,
        video_seconds=settings.video_seconds,
        video_before_seconds=settings.video_before_seconds,
        video_look_seconds=settings.video_look_seconds,
        watch=_watch_terms(settings),
    )


def _watch_terms(settings: WorkerSettings) -> WatchTerms | None:
    if not settings.watch:
        return None
    return WatchTerms(settings.watch_minutes, settings.grid, announced=settings.watch_announce)
