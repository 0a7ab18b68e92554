"""What a stream consists of, as DESCRIBE tells it (SDP, RFC 8866): its one track of video."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.domain.errors import CameraFaulty, CameraUnsupported
from worker.domain.video import TICKS_PER_SECOND, Codec

MAX_SDP_BYTES = 65_536
MAX_PARAMETER_SETS = 16
MAX_PARAMETER_SET_BYTES = 4096

_CODECS = {"H264": Codec.H264, "H265": Codec.H265, "HEVC": Codec.H265}
_SETS = {Codec.H264: ("sprop-parameter-sets",), Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps")}
_MAX_CLOCK = 10_000_000


@dataclass(frozen=True)
class VideoTrack:
    """`control` is as the camera wrote it, empty where it did not; the parameter sets are NAL units."""

    codec: Codec
    payload_type: int
    clock: int
    control: str
    parameter_sets: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Description:
    """`control` is that of the session as a whole."""

    control: str
    video: VideoTrack


@dataclass
class _Media:
    kind: str
    formats: list[str]
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def first(self, name: str) -> str:
        return next((value for key, value in self.attributes if key == name), "")

    def of_format(self, name: str, payload_type: str) -> str:
        """The value of an attribute such as `rtpmap:96 H264/90000`."""
        for key, value in self.attributes:
            number, _, rest = value.partition(" ")
            if key == name and number == payload_type:
                return rest.strip()
        return ""


def read_sdp(body: bytes) -> Description:
    """The first track of H.264 or H.265; sound, metadata and back channels are left alone.

    Raises:
        CameraFaulty: no description at all, or too long.
        CameraUnsupported: it has no such track; the text says what it offers.
    """
    if len(body) > MAX_SDP_BYTES:
        raise CameraFaulty("the camera's description of its stream is too long")
    session, *media = _sections(body.decode("utf-8", errors="replace"))
    if not media:
        raise CameraFaulty("the camera's description of its stream is empty or unreadable")
    offered = []
    for one in media:
        if one.kind != "video" or any(name == "sendonly" for name, _ in one.attributes):
            continue
        for payload_type in one.formats:
            encoding, _, clock = one.of_format("rtpmap", payload_type).partition("/")
            if codec := _CODECS.get(encoding.upper()):
                return Description(session.first("control"), _track(one, codec, payload_type, clock))
            offered.append(encoding or {"26": "JPEG"}.get(payload_type, payload_type))
    raise CameraUnsupported(_no_video(offered))


def _sections(text: str) -> Iterator[_Media]:
    """What stands before the first `m=`, then each medium."""
    section = _Media("session", [])
    for line in text.splitlines():
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            yield section
            name, *rest = value.split() or [""]
            section = _Media(name.lower(), rest[2:])
        elif kind == "a":
            name, _, value = value.partition(":")
            section.attributes.append((name.strip().lower(), value.strip()))
    yield section


def _track(media: _Media, codec: Codec, payload_type: str, clock: str) -> VideoTrack:
    number = int(payload_type) if re.fullmatch(r"\d{1,3}", payload_type, re.ASCII) else -1
    ticks = int(clock) if re.fullmatch(r"\d{1,8}", clock, re.ASCII) else TICKS_PER_SECOND
    if not 0 <= number < 128 or not 0 < ticks <= _MAX_CLOCK:  # noqa: PLR2004 # 7 bits (RFC 3550)
        raise CameraFaulty("the camera's description of its stream has a wrong payload type or clock")
    sets = tuple(_parameter_sets(codec, media.of_format("fmtp", payload_type)))
    return VideoTrack(codec, number, ticks, media.first("control"), sets)


def _parameter_sets(codec: Codec, parameters: str) -> Iterator[bytes]:
    """Those that can be read; the stream brings its own as a rule."""
    named = dict(_parameter(part) for part in parameters.split(";"))
    encoded = [text for name in _SETS[codec] for text in named.get(name, "").split(",") if text]
    for text in encoded[:MAX_PARAMETER_SETS]:
        try:
            unit = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if 0 < len(unit) <= MAX_PARAMETER_SET_BYTES:
            yield unit


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def _no_video(offered: list[str]) -> str:
    names = ", ".join(f"{name:.20}" for name in offered[:5])
    what = f"only {names!a}" if offered else "no video"
    return (
        f"the camera's stream has {what}, and only H.264 and H.265 can be used: in the camera's settings set the "
        "encoding of this stream to H.264, or choose the other stream in CAMERA_STREAM"
    )
