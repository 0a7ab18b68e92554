"""What happened to the camera, in its own words. Times are epoch seconds by the camera's clock."""

import wave
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from demo.camera.faults import SnapshotFault
from demo.camera.g711 import Encoding, decode

SAMPLE_RATE = 8000


@dataclass(frozen=True)
class Request:
    """`target` is path and query; `status` is None when the camera gave no answer."""

    at: float
    method: str
    target: str
    status: int | None


@dataclass(frozen=True)
class SnapshotTaken:
    """`photo` is the file's name; with a fault, what the client got was not, or not only, that photo."""

    at: float
    asked_at: float
    photo: str
    fault: SnapshotFault | None


@dataclass(frozen=True)
class PtzCommand:
    """A start or stop that the camera understood; `ok` is whether it said so."""

    at: float
    action: str
    code: str
    channel: int
    speed: int
    ok: bool


@dataclass(frozen=True)
class SoundStarted:
    """The first bytes of a sound have come."""

    at: float
    encoding: Encoding


@dataclass(frozen=True)
class Chunk:
    at: float
    data: bytes


@dataclass(frozen=True)
class Sound:
    """One call to the speaker, whole or broken off; `announced` is its Content-Length in bytes."""

    asked_at: float
    ended_at: float
    encoding: Encoding
    announced: int
    chunks: tuple[Chunk, ...]

    @property
    def audio(self) -> bytes:
        """Byte for byte what came, in its own encoding."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def first_sound_at(self) -> float | None:
        return self.chunks[0].at if self.chunks else None

    @property
    def complete(self) -> bool:
        return len(self.audio) == self.announced

    @property
    def seconds(self) -> float:
        return len(self.audio) / SAMPLE_RATE

    @property
    def pcm(self) -> bytes:
        """16-bit signed little-endian, mono, 8000 Hz."""
        return decode(self.audio, self.encoding)

    def write_wav(self, path: Path) -> None:
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(SAMPLE_RATE)
            wav.writeframes(self.pcm)


class SessionEnd(StrEnum):
    """Why a session of the stream is over."""

    TEARDOWN = "teardown"
    """The client asked for it."""
    LEFT = "left"
    """The connection ended without a TEARDOWN: the session still counts until it has timed out."""
    TIMED_OUT = "timed_out"
    """Neither a request nor a receiver report came for too long."""
    CAMERA = "camera"
    """The camera ended it, by a fault."""


@dataclass(frozen=True)
class StreamRequest:
    """An RTSP request; `status` is None when the camera gave no answer."""

    at: float
    method: str
    url: str
    status: int | None


@dataclass(frozen=True)
class SessionEnded:
    at: float
    session: str
    reason: SessionEnd


Event = Request | StreamRequest | SessionEnded | SnapshotTaken | PtzCommand | SoundStarted | Sound
