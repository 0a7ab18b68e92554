"""All lines, in the order in which one thing needs another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3

from worker.aws.analysis import Analyst
from worker.aws.clients import Clients, connect
from worker.aws.clock import AwsClock
from worker.aws.errors import cloud_errors
from worker.aws.photos import Photos
from worker.aws.polly import PollyVoice
from worker.camera.account import CameraAccount
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout, lockout_file
from worker.commands.check import verdicts
from worker.commands.check.cameras import CameraCheck
from worker.commands.check.language import language_lines
from worker.commands.check.line import Level, Line, failed, ok, warning
from worker.commands.check.logins import Logins
from worker.commands.check.queue import queue_lines
from worker.commands.check.services import analysis_lines, sentences, voice
from worker.commands.check.storage import bucket_lines, table_lines
from worker.commands.check.stream import StreamCheck
from worker.disk.atomic import write_atomically
from worker.disk.voice_cache import VOICE_FOLDER, VoiceCache
from worker.domain.errors import CloudError
from worker.domain.sound import AudioFormat
from worker.runtime.streams import make_reader
from worker.settings import CameraSettings, Configuration
from worker.settings.extras import video_installed

Sounds = dict[AudioFormat, bytes]


@dataclass
class AnswerDates:
    """Learns AWS's time from every answer, refusals too. Fits botocore's events."""

    clock: AwsClock = field(default_factory=AwsClock)
    offset: timedelta | None = None

    def __call__(self, http_response: Any, **_: object) -> None:
        if date := http_response.headers.get("date"):
            self.clock.learn(date)
            self.offset = self.clock.offset


def lines(configuration: Configuration, session: boto3.Session, *, aloud: bool) -> Iterator[Line]:
    """One line a thing, as soon as it is known; with `aloud` each camera also nods and says a sentence."""
    yield ok("settings", f"{len(configuration.cameras)} camera(s): {', '.join(configuration.cameras)}")
    if configuration.worker.speech:
        yield from language_lines(configuration)
    yield _data_dir(configuration.worker.data_dir)
    sounds: Sounds = {}
    credentials = _credentials(session)
    yield credentials
    if credentials.level is Level.OK:
        yield from _cloud_lines(configuration, session, sounds)
    for name, settings in configuration.cameras.items():
        yield from _camera_lines(name, settings, configuration, sounds, aloud=aloud)


def _data_dir(folder: Path) -> Line:
    try:
        write_atomically(folder / "check", b"")
        (folder / "check").unlink()
    except OSError as error:
        remedy = "let this user write there, or set DATA_DIR; without it a photo does not survive a crash"
        return warning("DATA_DIR", str(error), remedy)
    return ok("DATA_DIR", str(folder))


def _credentials(session: boto3.Session) -> Line:
    remedy = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    try:
        with cloud_errors("boto3"):
            found = session.get_credentials()
    except CloudError as error:
        return failed("AWS credentials", str(error))
    if found is None:
        return failed("AWS credentials", "none", remedy)
    return ok("AWS credentials", f"found ({found.method})")


def _cloud_lines(configuration: Configuration, session: boto3.Session, sounds: Sounds) -> Iterator[Line]:
    """Also fills `sounds`, a sentence in each format that a camera speaks."""
    try:
        clients = connect(session)
    except CloudError as error:
        yield failed("AWS", str(error), "correct the AWS_... settings, or the profile's in AWS's config file")
        return
    settings, dates = configuration.worker, AnswerDates()
    for client in vars(clients).values():
        client.meta.events.register("after-call", dates)
    yield from queue_lines(clients.sqs, settings)
    yield from bucket_lines(Photos(clients.s3, settings.bucket_name), dates.clock.now())
    yield from table_lines(clients.dynamodb, settings.table_name, settings.retention)
    yield from analysis_lines(Analyst(clients.rekognition, settings.face_attributes), settings.analyses)
    yield from _voice_lines(configuration, clients, sounds)
    yield verdicts.clock(dates.offset)


def _voice_lines(configuration: Configuration, clients: Clients, sounds: Sounds) -> Iterator[Line]:
    settings = configuration.worker
    speech = PollyVoice(clients.polly, settings.polly_voice, settings.polly_engine)
    formats = configuration.spoken_formats
    if not formats:
        yield ok("Polly", "switched off (SPEECH, or no camera with a speaker)")
        return
    for audio_format in formats:
        line, sound = voice(speech, audio_format)
        yield line
        if sound is not None:
            sounds[audio_format] = sound
    cache = VoiceCache(speech, settings.data_dir / VOICE_FOLDER)
    yield sentences(cache, configuration.phrases, formats, settings.polly_engine)


def _camera_lines(
    name: str, settings: CameraSettings, configuration: Configuration, sounds: Sounds, *, aloud: bool
) -> Iterator[Line]:
    credentials = Credentials(settings.username, settings.password.get_secret_value())
    lockout = Lockout(lockout_file(configuration.worker.data_dir, name), settings.host, credentials)
    # A person asks, who may just have mended it: one login is tried, and no second one if that is refused.
    lockout.allow_one()
    http = CameraHttp(settings.host, credentials, lockout, fingerprint=settings.fingerprint)
    camera = AmcrestCamera(http, settings.channel)
    try:
        yield from CameraCheck(
            name=name,
            camera=camera,
            settings=settings,
            logins=Logins(lockout.path.with_suffix(".limit"), lockout),
            speaks=configuration.worker.speech and settings.speaker,
            aloud=aloud,
            sound=sounds.get(settings.audio_format),
            stream=_stream(name, settings, configuration, camera, http.account, aloud=aloud),
        ).lines()
    finally:
        camera.close()


def _stream(  # noqa: PLR0913 - all that a stream is made of
    name: str,
    settings: CameraSettings,
    configuration: Configuration,
    camera: AmcrestCamera,
    account: CameraAccount,
    *,
    aloud: bool,
) -> StreamCheck | None:
    """None where it is neither on nor to be recorded."""
    if not video_installed() or not (settings.streams or aloud):
        return None
    reader = make_reader(name, settings, account)
    return StreamCheck(
        name=f"camera {name}",
        camera=camera,
        settings=settings,
        reader=reader,
        folder=configuration.worker.data_dir,
        aloud=aloud,
    )
