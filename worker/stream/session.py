"""One session of RTSP (RFC 2326): opened, kept alive, read and torn down."""

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from worker.domain.errors import CameraError, CameraFaulty, CameraUnreachable, CameraUnsupported
from worker.domain.video import AccessUnit
from worker.stream.account import Account
from worker.stream.address import Address, NotAnAddress, resolve
from worker.stream.dialogue import Dialogue, Question, Unanswered
from worker.stream.pictures import MAX_GROUP_BYTES, Pictures
from worker.stream.rtcp import read_control, receiver_report
from worker.stream.rtp import read_packet
from worker.stream.rtsp import Interleaved, Response
from worker.stream.sdp import Description, read_sdp
from worker.stream.wire import READ_SECONDS, Over, Wire

REPORT_SECONDS = 5.0
MAX_KEEP_ALIVE_SECONDS = 25.0
TEARDOWN_SECONDS = 1.0
"""For a moment when it may be sent, and as much for its answer."""
NO_PICTURE_SECONDS = 30.0

_ANSWER_SECONDS = 2.0
"""To a request that only keeps the session: pictures wait meanwhile."""
_RETRY_SECONDS = 1.0
_DEFAULT_TIMEOUT = 60.0
_SHORTEST_TIMEOUT, _LONGEST_TIMEOUT = 5.0, 3600.0
_SESSION = re.compile(r"([\x21-\x3a\x3c-\x7e]{1,256})(?:\s*;\s*timeout\s*=\s*(\d{1,6}))?", re.ASCII | re.IGNORECASE)
_CHANNELS = re.compile(r"interleaved\s*=\s*(\d{1,3})", re.ASCII | re.IGNORECASE)
_SOURCE = re.compile(r"ssrc\s*=\s*([0-9a-f]{1,8})\b", re.ASCII | re.IGNORECASE)
_UNAVAILABLE = 503
_BUSY = {403, 453, _UNAVAILABLE}
_OF_A_RELAY = ", and if it is a relay or a recorder, see that its own source can be reached"
_OK = 200


class Session:
    """A context that is one session, from its login to its TEARDOWN; iterate it within, once, for its pictures.

    Args:
        is_over: Asked at least five times a second: whether nobody needs the session any more. The iteration ends then.
        on_overlong: As for Pictures.
    """

    def __init__(
        self,
        address: Address,
        account: Account,
        is_over: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] = time.monotonic,
        on_overlong: Callable[[], object] = lambda: None,
    ) -> None:
        self._address = address
        self._account = account
        self._is_over = is_over
        self._monotonic = monotonic
        self._on_overlong = on_overlong
        self._ready: deque[AccessUnit] = deque()
        self._ready_bytes = 0
        self._id = ""
        self._aggregate = address.url
        self._channel: int | None = None
        self._source = int.from_bytes(secrets.token_bytes(4), "big")
        self._last_report = (0, 0.0)
        self._says_bye = False
        self._has_begun = self._has_come = False
        self._silent_seconds = 0.0
        self._keep_alive_methods = deque(["OPTIONS"])
        self._keep_alive_every = MAX_KEEP_ALIVE_SECONDS

    def __enter__(self) -> Self:
        """Raises Over where it is over before it began, CameraError where there is no stream."""
        self._account.check()
        self._wire = Wire(self._address, self._is_over, self._monotonic)
        self._dialogue = Dialogue(self._wire, self._account, self._take, self._monotonic)
        try:
            self._open()
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hang_up()

    def __iter__(self) -> Iterator[AccessUnit]:
        """Raises CameraError when the stream is lost."""
        now = self._monotonic()
        self._report_at, self._keep_alive_at = now, now + self._keep_alive_every
        self._patient_until = now + NO_PICTURE_SECONDS
        try:
            while True:
                self._do_what_is_due()
                while self._ready:
                    self._patient_until = self._monotonic() + NO_PICTURE_SECONDS
                    unit = self._ready.popleft()
                    self._ready_bytes -= len(unit.data)
                    yield unit
                if self._says_bye:
                    raise CameraUnreachable("the camera ended the stream")
                self._listen()
        except Over:
            return

    def _open(self) -> None:
        public = self._dialogue.ask(Question("OPTIONS", self._address.url, {}))
        if public.status != _OK:
            self._wire.renew_if_ended()
        if "GET_PARAMETER" in public.header("public").upper():
            self._keep_alive_methods.appendleft("GET_PARAMETER")
        described = self._ask("DESCRIBE", self._address.url, Accept="application/sdp")
        description = read_sdp(described.body)
        base = _base(described, self._address.url)
        control = _resolved(base, description.video.control)
        self._aggregate = _resolved(base, description.control)
        self._set_up(control, description)
        self._ask("PLAY", self._aggregate, Session=self._id, Range="npt=0.000-")

    def _set_up(self, control: str, description: Description) -> None:
        reply = self._ask("SETUP", control, Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        session = _SESSION.match(reply.header("session"))
        if not session:
            raise CameraFaulty("the camera's stream opened no session")
        self._id = session[1]
        timeout = float(session[2] or _DEFAULT_TIMEOUT)
        timeout = min(max(timeout, _SHORTEST_TIMEOUT), _LONGEST_TIMEOUT)
        self._keep_alive_every = min(0.4 * timeout, MAX_KEEP_ALIVE_SECONDS)
        transport = reply.header("transport")
        if transport and "TCP" not in transport.upper():
            raise CameraUnsupported("the camera does not send its stream over TCP, and over UDP pictures would be torn")
        channels = _CHANNELS.search(transport)
        self._channel = int(channels[1]) if channels else 0
        source = _SOURCE.search(transport)
        announced = int(source[1], 16) if source else None
        self._pictures = Pictures(description.video, self._monotonic, announced, self._on_overlong)

    def _ask(self, method: str, url: str, **headers: str) -> Response:
        reply = self._dialogue.ask_logged_in(Question(method, url, headers))
        _check(reply, method)
        return reply

    def _take(self, packet: Interleaved) -> None:
        if self._channel is None:
            return
        if packet.channel == self._channel:
            self._has_begun = self._has_come = True
            if rtp := read_packet(packet.data):
                for unit in self._pictures.put(rtp):
                    self._keep(unit)
        elif packet.channel == self._channel + 1:
            control = read_control(packet.data)
            self._says_bye = self._says_bye or control.says_bye
            if control.last_report:
                self._last_report = control.last_report, self._monotonic()

    def _keep(self, unit: AccessUnit) -> None:
        self._ready.append(unit)
        self._ready_bytes += len(unit.data)
        if self._ready_bytes > MAX_GROUP_BYTES:
            raise CameraFaulty("the camera's stream sends more than can be taken in")

    def _listen(self) -> None:
        """Only time that was waited counts: who iterates may have been held up, and the packets be there."""
        began, self._has_come = self._monotonic(), False
        self._dialogue.listen(min(self._report_at, self._keep_alive_at))
        waited = self._monotonic() - began
        self._silent_seconds = 0.0 if self._has_come else self._silent_seconds + waited
        if self._has_begun and self._silent_seconds >= READ_SECONDS:
            raise CameraUnreachable(f"the camera stopped sending pictures: only reports came for {READ_SECONDS:g} s")

    def _do_what_is_due(self) -> None:
        now = self._monotonic()
        if now >= self._report_at:
            self._report_at = now + REPORT_SECONDS
            self._report(now)
        if now >= self._keep_alive_at:
            self._keep_alive_at = self._monotonic() + self._keep_alive()
        if now >= self._patient_until:
            raise CameraFaulty(
                f"the camera's stream brought no whole picture for {NO_PICTURE_SECONDS:g} s: in the camera's settings "
                "see that it sends a key frame (I frame) at least every ten seconds, and that Smart Codec is off"
            )

    def _report(self, now: float) -> None:
        last, at = self._last_report
        data = receiver_report(self._source, self._pictures.sequence, last, now - at)
        head = bytes((0x24, (self._channel or 0) + 1))
        self._wire.send(head + len(data).to_bytes(2, "big") + data)

    def _keep_alive(self) -> float:
        """In how many seconds the next one is due. Raises CameraError."""
        if not self._keep_alive_methods:
            return MAX_KEEP_ALIVE_SECONDS
        question = Question(
            self._keep_alive_methods[0], self._aggregate, {"Session": self._id}, seconds=_ANSWER_SECONDS
        )
        try:
            reply = self._dialogue.ask_if_quiet(question)
        except Unanswered:
            # Its receiver reports have to do, for some cameras.
            self._keep_alive_methods.popleft()
            return _RETRY_SECONDS
        if reply is None:
            return _RETRY_SECONDS
        if reply.status == 454:  # noqa: PLR2004 # Session Not Found
            raise CameraUnreachable("the camera has forgotten the stream's session")
        if reply.status != _OK:
            self._keep_alive_methods.popleft()
            return _RETRY_SECONDS
        return self._keep_alive_every

    def _hang_up(self) -> None:
        self._wire.outlast()
        # Whatever becomes of it, the session is over; what it has shown of the password the account remembers.
        with suppress(CameraError):
            self._tear_down()
        self._wire.close()

    def _tear_down(self) -> None:
        """Sessions that are left open count at the camera, also when nobody may log in just now."""
        if not self._id:
            return
        question = Question("TEARDOWN", self._aggregate, {"Session": self._id}, seconds=TEARDOWN_SECONDS)
        answer = None
        with suppress(CameraError):
            answer = self._dialogue.ask_if_quiet(question, TEARDOWN_SECONDS)
        if answer is None:
            self._dialogue.ask(question)


def _base(described: Response, url: str) -> str:
    """What control attributes are relative to (RFC 2326, C.1.1)."""
    for name in ("content-base", "content-location"):
        address = described.header(name)
        if address.lower().startswith("rtsp://"):
            with suppress(NotAnAddress):
                return resolve(address, "*")
    return url


def _resolved(base: str, control: str) -> str:
    try:
        return resolve(base, control)
    except NotAnAddress as error:
        raise CameraFaulty(str(error)) from error


def _check(reply: Response, method: str) -> None:
    if reply.status == _OK:
        return
    said = f"status {reply.status}, {reply.reason[:40]!a}"
    if reply.status in _BUSY:
        raise CameraFaulty(
            f"the camera's stream is busy ({said}): it serves only so many at a time; close other apps and recorders "
            f"that watch it{_OF_A_RELAY if reply.status == _UNAVAILABLE else ''}"
        )
    if reply.status == 404:  # noqa: PLR2004 # Not Found
        raise CameraUnsupported(
            f"the camera has no such stream ({said}): see that it is switched on in the camera's settings, and that "
            "CAMERA_CHANNEL or CAMERA_STREAM_URL is right"
        )
    if reply.status == 461:  # noqa: PLR2004 # Unsupported Transport
        raise CameraUnsupported(
            f"the camera does not send its stream over TCP ({said}), and over UDP pictures would be torn: where its "
            "settings have RTSP over TCP, switch it on, or let a go2rtc on your own network watch it, and give that "
            "one's address as CAMERA_STREAM_URL"
        )
    raise CameraFaulty(f"the camera's stream failed at {method}: {said}")
