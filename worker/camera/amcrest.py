"""The Amcrest (Dahua) CGI, as far as the job needs it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from worker.camera.connection import Reply, Request
from worker.camera.encoding import Encoding, read_encoding
from worker.camera.http import CameraHttp
from worker.camera.paced_sound import PacedSound
from worker.domain.errors import (
    CameraFaulty,
    CameraRefused,
    CameraSilent,
    CameraUnreachable,
    CameraUnsupported,
    NotACamera,
)
from worker.domain.jpeg import whole_jpeg
from worker.domain.photo import MAX_SNAPSHOT_BYTES, Snapshot
from worker.domain.sound import AudioFormat, Played

SNAPSHOT_SECONDS = 20.0
COMMAND_SECONDS = 5.0
ANSWER_SECONDS = 3.0
"""How long after the last byte of a sound its answer is waited for: often it never comes."""

NOD_SECONDS = 0.25
NOD_SPEED = 1

_CONTENT_TYPES: dict[AudioFormat, str] = {"alaw": "Audio/G.711A", "mulaw": "Audio/G.711Mu"}
_OK = 200
_NOT_KNOWN = {400, 404, 405, 501}
_IDENTITY = {"getDeviceType": "type", "getSerialNo": "sn", "getSoftwareVersion": "version", "getMachineName": "name"}
"""What magicBox.cgi is asked, and the key of its answer."""
_MAX_TABLE_BYTES = 1_000_000
"""A recorder tells the encoders of all its channels together."""
_CANNOT = re.compile(rb"bad request|not implemented|not support", re.IGNORECASE)


@dataclass(frozen=True)
class Identity:
    """Empty where the camera does not say."""

    device_type: str
    serial: str
    software: str
    name: str


@dataclass(frozen=True)
class LoginLimit:
    """After how many wrong logins in a row the camera locks an address out; for how long, where it says."""

    attempts: int
    seconds: int | None


_NOBODY = Identity("", "", "", "")


class AmcrestCamera:
    """One camera. `channel_number` is left out of snapshots unless set: `channel=0` makes single cameras disconnect."""

    def __init__(
        self,
        channel: CameraHttp,
        channel_number: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel = channel
        self._number = channel_number
        self._sleep = sleep
        self._monotonic = monotonic

    def snapshot(self) -> bytes:
        """A whole JPEG of at most 20 MB. One at a time: overlapping snapshots fail or stall.

        Raises:
            CameraError: CameraFaulty also for what has status 200 and is no photo.
        """
        channel = "" if self._number is None else f"?channel={self._number}"
        reply = self._get(f"snapshot.cgi{channel}", SNAPSHOT_SECONDS, MAX_SNAPSHOT_BYTES)
        if reply.status != _OK:
            raise CameraFaulty(f"the camera took no photo: status {reply.status}, {_excerpt(reply)}")
        return whole_jpeg(reply.body)

    def photograph(self) -> Snapshot:
        """The same, as the port has it."""
        return Snapshot(self.snapshot())

    def nod(self) -> None:
        """Up and down, to show that the picture was taken. Raises CameraError."""
        self.move("Up", NOD_SECONDS)
        self.move("Down", NOD_SECONDS)

    def move(self, direction: Literal["Up", "Down", "Left", "Right"], seconds: float, speed: int = NOD_SPEED) -> None:
        """Turn for `seconds` at `speed` (1 to 8). The stop is always sent, and once more when it fails.

        Raises:
            CameraError: CameraUnsupported for a camera that cannot turn.
        """
        command = _turning(direction, speed)
        try:
            self._turn("start", command)
            self._sleep(seconds)
        except CameraRefused:
            raise
        except BaseException:
            self._stop_turning(command)
            raise
        self._stop_turning(command)

    def play(self, sound: bytes, audio_format: AudioFormat, on_start: Callable[[], None] = lambda: None) -> Played:
        """Play headerless 8 kHz G.711 in real time; returns when it has been sent and answered, or not answered.

        `on_start` is called when the first byte is about to leave. Never replays by itself.

        Raises:
            CameraError: the sound was not played, or not to its end.
        """
        number = 1 if self._number is None else self._number
        target = f"/cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel={number}"
        body = PacedSound(sound, on_start, self._sleep, self._monotonic)
        headers = {"Content-Type": _CONTENT_TYPES[audio_format]}
        try:
            reply = self._channel.request(Request("POST", target, ANSWER_SECONDS, body=body, headers=headers))
        except CameraSilent:
            if body.sent:
                return Played.PROBABLY
            raise
        played = _check_played(reply)
        if not body.sent:
            raise CameraFaulty("the camera answered before it had heard the whole sound")
        return played

    def identify(self) -> Identity:
        """What the camera says of itself: it has then accepted the password.

        Raises:
            CameraError: NotACamera where no login is asked for, or nothing answers as an Amcrest camera does.
        """
        identity = Identity(*(self._identity(action, key) for action, key in _IDENTITY.items()))
        if not self._channel.asks_for_login:
            raise NotACamera("what answers there asks for no login, as every Amcrest camera does")
        if identity == _NOBODY:
            raise NotACamera("what answers there accepts the login, but does not answer as an Amcrest camera does")
        return identity

    def hold_still(self) -> None:
        """A stop without a start, which moves nothing. Raises CameraError as `move` does."""
        self._turn("stop", _turning("Up", NOD_SPEED))

    def speakers(self) -> int | None:
        """How many it has, None where it does not say; some firmware denies a speaker that is there.

        Raises:
            CameraError: no answer, or not to this user.
        """
        return _number(self._fields("devAudioOutput.cgi?action=getCollect").get("result"))

    def volume(self) -> int | None:
        """Of its speaker, 0 to 100; None where it does not say. Raises CameraError."""
        fields = self._fields("configManager.cgi?action=getConfig&name=AudioOutputVolume")
        return _number(fields.get("table.AudioOutputVolume[0]"))

    def login_limit(self) -> LoginLimit | None:
        """None where it does not say, or never locks. Raises CameraError."""
        fields = self._fields("configManager.cgi?action=getConfig&name=General")
        attempts = _number(fields.get("table.General.LockLoginTimes"))
        if not attempts or fields.get("table.General.LockLoginEnable") == "false":
            return None
        return LoginLimit(attempts, _number(fields.get("table.General.LoginFailLockTime")))

    def encoding(self, stream: Literal["main", "sub"]) -> Encoding | None:
        """None where it does not say. Raises CameraError."""
        encode, smart = (
            self._fields(f"configManager.cgi?action=getConfig&name={name}", _MAX_TABLE_BYTES)
            for name in ("Encode", "SmartEncode")
        )
        return read_encoding(encode, smart, stream, 1 if self._number is None else self._number)

    def close(self) -> None:
        self._channel.close()

    def _fields(self, target: str, max_bytes: int = 65_536) -> dict[str, str]:
        """The `key=value` lines of an answer; none where the camera does not know the question."""
        reply = self._get(target, COMMAND_SECONDS, max_bytes)
        if reply.status != _OK or reply.body.lstrip().startswith(b"<"):
            return {}
        lines = (line.partition("=") for line in reply.body.decode(errors="replace").splitlines())
        return {key.strip(): value.strip() for key, _, value in lines}

    def _identity(self, action: str, key: str) -> str:
        return self._fields(f"magicBox.cgi?action={action}").get(key, "")

    def _turn(self, action: str, command: str) -> None:
        channel = 0 if self._number is None else self._number
        reply = self._get(f"ptz.cgi?action={action}&channel={channel}&{command}", COMMAND_SECONDS)
        _check_command(reply, "PTZ")
        if reply.body.strip() != b"OK":
            raise CameraUnsupported(f"the camera cannot turn, it says {_excerpt(reply)}")

    def _stop_turning(self, command: str) -> None:
        try:
            self._turn("stop", command)
        except (CameraFaulty, CameraUnreachable):
            self._turn("stop", command)

    def _get(self, target: str, seconds: float, max_bytes: int = 65_536) -> Reply:
        return self._channel.request(Request("GET", f"/cgi-bin/{target}", seconds, max_bytes))


def _turning(direction: str, speed: int) -> str:
    return f"code={direction}&arg1=0&arg2={speed}&arg3=0"


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _check_command(reply: Reply, what: str) -> None:
    if reply.status in _NOT_KNOWN:
        raise CameraUnsupported(f"the camera knows no {what}: status {reply.status}, {_excerpt(reply)}")
    if reply.status != _OK:
        raise CameraFaulty(f"the camera failed at the {what}: status {reply.status}, {_excerpt(reply)}")


def _check_played(reply: Reply) -> Played:
    """Cameras that have played it answer `OK` or nothing; some have not, and say so with status 200."""
    _check_command(reply, "speaker")
    said = reply.body.strip()
    if said[:5].lower() == b"error" or said.startswith(b"<"):
        kind = CameraUnsupported if _CANNOT.search(said) else CameraFaulty
        raise kind(f"the camera did not play the sound: it says {_excerpt(reply)}")
    return Played.CONFIRMED if said.upper() in {b"", b"OK"} else Played.PROBABLY


def _excerpt(reply: Reply) -> str:
    return repr(reply.body[:60].decode("latin-1"))
