"""Sends one session its pictures, each at its time of day."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import dropwhile
from threading import Event, Thread

from demo.camera.events import SessionEnd
from demo.camera.stream import rtp
from demo.camera.stream.description import AUDIO, VIDEO
from demo.camera.stream.faults import KeyFrameFault, ParameterSets, SendingFault
from demo.camera.stream.line import Line
from demo.camera.stream.reel import Due, Reel
from demo.camera.stream.state import StreamState
from demo.camera.stream.track import Track

_REPORT_SECONDS = 5.0
_TOO_LATE_SECONDS = 5.0
_HUGE = 32 * 1024 * 1024
_SILENCE = b"\xd5"
_AUDIO_RATE = 8000
_TEARDOWN = b"TEARDOWN * RTSP/1.0\r\nCSeq: 1\r\n\r\n"


@dataclass(frozen=True)
class Session:
    """`tracks` are those that were set up, by their numbers in the description."""

    name: str
    subtype: int
    tracks: Mapping[int, Track]


class Sender:
    """A thread of its own, from `start` to `stop`, which joins it; it ends by itself with the session."""

    def __init__(self, line: Line, stream: StreamState, session: Session, ended: Callable[[SessionEnd], None]) -> None:
        self.begun = Event()
        """The first picture is on its way, or none will be."""
        self._line = line
        self._stream = stream
        self._session = session
        self._ended = ended
        self._stopped = Event()
        self._had_key_frame = False
        self._reported_at = float("-inf")
        self._thread = Thread(target=self._run, name=f"stream {session.name}")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.ident:
            self._thread.join()

    def _run(self) -> None:
        try:
            # The client is gone: the connection's own thread sees to the rest.
            with suppress(OSError):
                self._play()
        finally:
            self.begun.set()

    def _play(self) -> None:
        while not self._stopped.is_set():
            reel = self._stream.reel(self._session.subtype)
            for due in self._from_first(reel):
                if self._stopped.wait(max(0.0, due.at - self._stream.wall())) or self._is_over():
                    return
                late = self._stream.wall() - due.at > _TOO_LATE_SECONDS
                if late or self._stream.on_air(self._session.subtype) != reel.film:
                    break
                self._send(due, reel)
                self.begun.set()

    def _from_first(self, reel: Reel) -> Iterator[Due]:
        pictures = reel.due_from(self._stream.wall())
        if self._stream.faults.starts_anywhere:
            return pictures
        return dropwhile(lambda due: not due.picture.is_key, pictures)

    def _is_over(self) -> bool:
        fault = self._stream.faults.sending
        video = self._session.tracks.get(VIDEO)
        if self._stream.sessions.is_over(self._session.name):
            return self._end(b"", SessionEnd.TIMED_OUT)
        if fault is SendingFault.CUTS:
            return self._end(rtp.interleaved(0, bytes(1000))[:500], SessionEnd.CAMERA)
        if fault is SendingFault.ENDS:
            return self._end(b"", SessionEnd.CAMERA)
        if fault is SendingFault.TEARDOWN:
            return self._end(_TEARDOWN, SessionEnd.CAMERA)
        if fault is SendingFault.BYE:
            self._line.write(video.bye() if video else b"")
            self._ended(SessionEnd.CAMERA)
            return True
        return False

    def _end(self, last: bytes, reason: SessionEnd) -> bool:
        self._line.write(last)
        self._ended(reason)
        self._line.end()
        return True

    def _send(self, due: Due, reel: Reel) -> None:
        if self._stream.faults.sending is SendingFault.STALLS:
            return
        if self._stream.faults.sending is SendingFault.REPORTS_ALONE:
            self._reported_at = float("-inf")
            self._line.write(b"".join(self._reports()))
            return
        seconds = due.seen / due.fps
        out = [*self._video(due, reel, seconds), *self._audio(due, seconds), *self._reports()]
        self._line.write(b"".join(out))

    def _video(self, due: Due, reel: Reel, seconds: float) -> Iterator[bytes]:
        track, faults = self._session.tracks.get(VIDEO), self._stream.faults
        if track is None:
            return
        yield track.stray(faults.strays)
        units = due.picture.nals
        if due.picture.is_key:
            if faults.key_frames is KeyFrameFault.ONLY_FIRST and self._had_key_frame:
                return
            self._had_key_frame = True
            sets = () if faults.parameter_sets is ParameterSets.DESCRIPTION else reel.parameter_sets
            units = (*sets, *units[:-1], units[-1] + bytes(_HUGE * faults.huge_frame))
        payloads = list(rtp.payloads(units, reel.film.codec))
        if due.picture.is_key and faults.key_frames is KeyFrameFault.LOST:
            track.skip(payloads)
        else:
            yield from track.packets(payloads, seconds, faults)

    def _audio(self, due: Due, seconds: float) -> Iterator[bytes]:
        track = self._session.tracks.get(AUDIO)
        if track:
            yield from track.packets([_SILENCE * (_AUDIO_RATE // due.fps)], seconds, self._stream.faults)

    def _reports(self) -> Iterator[bytes]:
        now = self._stream.wall()
        if now - self._reported_at >= _REPORT_SECONDS:
            self._reported_at = now
            yield from (track.sender_report(self._stream.wall) for track in self._session.tracks.values())
