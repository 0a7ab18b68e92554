"""What the camera answers to each method of RTSP, once it has let somebody in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from demo.camera.stream.description import AUDIO, METADATA, VIDEO, describe
from demo.camera.stream.faults import DescriptionFault
from demo.camera.stream.sender import Session
from demo.camera.stream.state import StreamState
from demo.camera.stream.track import Track
from demo.camera.stream.wire import RtspRequest

PATH = "/cam/realmonitor"
_METHODS = "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
_PAYLOADS = {VIDEO: (96, 90_000), AUDIO: (8, 8000), METADATA: (107, 90_000)}
_TRACK = re.compile(r"/?trackID=([0-9])$")
_INTERLEAVED = re.compile(r"interleaved=([0-9]{1,3})-[0-9]{1,3}")


@dataclass(frozen=True)
class Reply:
    """`starts` is the session whose pictures are to be sent after it, `ends` whether one is to be torn down before."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    starts: Session | None = None
    ends: bool = False


@dataclass
class Dialogue:
    """How far a connection has come; `session` is empty until something was set up."""

    stream: StreamState
    session: str = ""
    subtype: int = 0
    is_playing: bool = False
    tracks: dict[int, Track] = field(default_factory=dict)

    @property
    def session_header(self) -> tuple[str, str]:
        return "Session", f"{self.session};timeout={self.stream.sessions.timeout_seconds:.0f}"

    def is_meant_by(self, request: RtspRequest) -> bool:
        said = request.headers.get("session", "").partition(";")[0]
        return bool(self.session) and said == self.session


def respond(dialogue: Dialogue, request: RtspRequest) -> Reply:
    method = _ANSWERS.get(request.method)
    return method(dialogue, request) if method else Reply(501)


def _options(dialogue: Dialogue, _: RtspRequest) -> Reply:
    known = _METHODS
    if dialogue.stream.faults.knows_no_get_parameter:
        known = known.replace(", SET_PARAMETER, GET_PARAMETER", "")
    return Reply(200, [("Public", known)])


def _describe(dialogue: Dialogue, request: RtspRequest) -> Reply:
    faults, subtype = dialogue.stream.faults, _subtype(request.url)
    if faults.redirect_to:
        return Reply(302, [("Location", faults.redirect_to)])
    if subtype is None:
        return Reply(404)
    headers = [("Content-Type", "application/sdp"), ("Cache-Control", "must-revalidate")]
    if not faults.no_content_base:
        headers.append(("Content-Base", request.url.rstrip("/") + "/"))
    body = describe(dialogue.stream.reel(subtype), faults)
    return Reply(200, headers if body or faults.description is not DescriptionFault.EMPTY else headers[1:], body)


def _setup(dialogue: Dialogue, request: RtspRequest) -> Reply:
    number, subtype = _track(request.url), _subtype(request.url)
    transport = request.headers.get("transport", "")
    if number not in _PAYLOADS or subtype is None:
        return Reply(404)
    if "RTP/AVP/TCP" not in transport:
        return Reply(461)
    if dialogue.is_playing:
        return Reply(455)
    dialogue.session = dialogue.session or dialogue.stream.sessions.begin() or ""
    if not dialogue.session:
        return Reply(dialogue.stream.faults.when_full)
    dialogue.subtype = subtype
    channel = _channel(transport, dialogue)
    track = dialogue.tracks[number] = Track(channel, *_PAYLOADS[number])
    given = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc={track.ssrc:08X}"
    return Reply(200, [dialogue.session_header, ("Transport", given)])


def _play(dialogue: Dialogue, request: RtspRequest) -> Reply:
    if not dialogue.is_meant_by(request):
        return Reply(454)
    if _track(request.url) is not None:
        return Reply(460)
    if _subtype(request.url) is None:
        return Reply(404)
    headers = [dialogue.session_header, ("Range", "npt=0.000-")]
    if not dialogue.stream.faults.no_rtp_info:
        headers.append(("RTP-Info", _rtp_info(dialogue, request.url)))
    session = Session(dialogue.session, dialogue.subtype, dict(dialogue.tracks))
    is_first, dialogue.is_playing = not dialogue.is_playing, True
    return Reply(200, headers, starts=session if is_first else None)


def _parameter(dialogue: Dialogue, request: RtspRequest) -> Reply:
    if dialogue.stream.faults.knows_no_get_parameter:
        return Reply(501)
    if "session" in request.headers and not dialogue.is_meant_by(request):
        return Reply(454)
    return Reply(200, [dialogue.session_header] if dialogue.session else [])


def _teardown(dialogue: Dialogue, request: RtspRequest) -> Reply:
    return Reply(200, [dialogue.session_header], ends=True) if dialogue.is_meant_by(request) else Reply(454)


_ANSWERS: dict[str, Callable[[Dialogue, RtspRequest], Reply]] = {
    "OPTIONS": _options,
    "DESCRIBE": _describe,
    "SETUP": _setup,
    "PLAY": _play,
    "GET_PARAMETER": _parameter,
    "SET_PARAMETER": _parameter,
    "TEARDOWN": _teardown,
}


def _subtype(url: str) -> int | None:
    """Tell which stream an address means: 0 or 1; None for none that there is."""
    address = urlsplit(_TRACK.sub("", url).rstrip("/"))
    asked = parse_qs(address.query)
    channel, subtype = asked.get("channel", ["1"])[0], asked.get("subtype", ["0"])[0]
    return int(subtype) if address.path == PATH and channel == "1" and subtype in {"0", "1"} else None


def _track(url: str) -> int | None:
    found = _TRACK.search(url)
    return int(found[1]) if found else None


def _channel(transport: str, dialogue: Dialogue) -> int:
    asked = _INTERLEAVED.search(transport)
    channel = int(asked[1]) if asked else 2 * len(dialogue.tracks)
    return (channel + 10 * dialogue.stream.faults.other_channels) % 254


def _rtp_info(dialogue: Dialogue, url: str) -> str:
    now = dialogue.stream.wall()
    return ",".join(
        f"url={url.rstrip('/')}/trackID={number};seq={track.sequence & 0xFFFF};rtptime={track.timestamp(now)}"
        for number, track in dialogue.tracks.items()
    )
