"""The stream's newest picture, decoded before anybody asks for it."""

import time
from collections.abc import Callable
from threading import Event, Lock
from typing import TYPE_CHECKING

import structlog

from worker.domain.errors import CameraFaulty
from worker.domain.video import AccessUnit
from worker.video.doubt import Doubt, check_age, check_fresh, never
from worker.video.stream import ASK_SECONDS, Stream, follow

if TYPE_CHECKING:
    from worker.video.decoding import Decoder, Seen

log = structlog.get_logger(__name__)


class Hot:
    """Decodes every picture as it comes, in the thread that runs `keep_decoding`; called from any other."""

    def __init__(self, stream: Stream, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._monotonic = monotonic
        self._decoder: Decoder | None = None
        # The decoding thread writes what presses read.
        self._lock = Lock()
        self._seen: Seen | None = None
        self._doubt: Doubt | None = None

    def __call__(self, _enough: Callable[[], bool] = never) -> "Seen":
        """Takes no time. Raises Doubt."""
        check_fresh(self._stream.window.tail(), self._stream.trouble, self._monotonic())
        with self._lock:
            seen, doubt = self._seen, self._doubt
        if doubt is not None:
            raise Doubt(str(doubt)) from doubt
        if seen is None:
            raise Doubt("no picture has been decoded yet")
        check_age(self._monotonic() - seen.received_at)
        from worker.video.decoding import checked  # noqa: PLC0415 - PyAV

        return checked(seen)

    def keep_decoding(self, stopping: Event) -> None:
        """Until `stopping`, or the stream is closed. What cannot be decoded is doubted until the next key frame.

        Raises ImportError where PyAV does not load.
        """
        while not stopping.is_set():
            try:
                for units in follow(self._stream, self._monotonic()):
                    self._take_all(units)
                    if stopping.is_set():
                        return
            except CameraFaulty as error:
                log.debug("decoding begins anew at the newest key frame", action="decoding_restarted", error=str(error))
                stopping.wait(ASK_SECONDS)
            else:
                return

    def _take_all(self, units: tuple[AccessUnit, ...]) -> None:
        # Those before the newest key frame are past, and who is late catches up so.
        first = max((number for number, unit in enumerate(units) if unit.key), default=0)
        for unit in units[first:]:
            self._take(unit)

    def _take(self, unit: AccessUnit) -> None:
        from worker.video.decoding import Decoder, latest  # noqa: PLC0415 - PyAV

        if unit.key and (self._decoder is None or self._decoder.codec is not unit.codec):
            self._decoder = Decoder(unit.codec)
            self._keep(None, None)
        if self._decoder is None:
            return
        try:
            if pictures := list(self._decoder.pictures(unit)):
                if self._seen is None:
                    log.debug("the newest picture is at hand", action="decoding")
                self._keep(latest(pictures), None)
        except Doubt as doubt:
            self._decoder = None
            self._keep(None, doubt)

    def _keep(self, seen: "Seen | None", doubt: Doubt | None) -> None:
        with self._lock:
            self._seen, self._doubt = seen, doubt
