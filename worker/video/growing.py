"""A clip while it grows: MP4 in fragments, which plays up to the last of them whenever it is cut off."""

import io
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from worker.domain.errors import CameraFaulty
from worker.domain.video import TICKS_PER_SECOND, AccessUnit, Codec
from worker.video.ffmpeg import MAX_PIXELS, av, check_size
from worker.video.timeline import Timed, Timeline

_FRAGMENTS = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "1000000",
    "flush_packets": "1",
}
"""One a key frame, and one a second where key frames are farther apart."""
_TIME_BASE = Fraction(1, TICKS_PER_SECOND)
_APPLE = {Codec.H265: "hvc1"}
"""The only name of H.265 that Apple's players take."""


class GrowingClip:
    """Pictures are copied into it, not decoded; the first is a key frame. No sound.

    Raises:
        CameraFaulty, CameraUnsupported: a picture of which no clip can be made.
        OSError: the disk does not take it.
    """

    def __init__(self, path: Path, key: AccessUnit) -> None:
        self._timeline = Timeline()
        self._key = key
        with _source(key) as source:
            self.size = _size(source)
            self._file = _Appended(path)
            try:
                self._container = av.open(self._file, "w", format="mp4", options=_FRAGMENTS)
                self._track = copied(self._container, source.streams.video[0], key.codec)
            except BaseException:
                self._file.end()
                raise

    @property
    def seconds(self) -> float:
        return self._timeline.seconds

    def fits(self, unit: AccessUnit) -> bool:
        """Whether it is of the same codec and size as the first. Raises CameraFaulty."""
        if unit.codec is not self._key.codec:
            return False
        if not unit.key:
            return True
        with _source(unit) as source:
            return _size(source) == self.size

    def put(self, unit: AccessUnit) -> None:
        self._mux(self._timeline.put(unit))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            with suppress(CameraFaulty):
                self._mux(self._timeline.rest())
        finally:
            with suppress(av.FFmpegError):
                self._container.close()
            self._file.end()
        self._file.check()

    def _mux(self, pictures: list[Timed]) -> None:
        for picture in pictures:
            packet: av.Packet[Any] = av.Packet(picture.unit.data)
            packet.stream, packet.time_base, packet.is_keyframe = self._track, _TIME_BASE, picture.unit.key
            packet.dts, packet.pts, packet.duration = picture.decoded_at, picture.shown_at, picture.duration
            try:
                self._container.mux(packet)
            except av.FFmpegError as error:
                raise CameraFaulty(f"the camera sent a picture that fits in no clip: {type(error).__name__}") from error
            self._file.check()


class _Appended:
    """All that FFmpeg gets of a file: what it writes is there when it has been written, and stays as it is.

    It never hears of a disk that takes no more: with a file whose head was not written it would crash the process.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._failure: OSError | None = None

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        try:
            while rest and self._failure is None:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self._failure = error
        return len(data)

    def check(self) -> None:
        """Raises the OSError after which nothing was written any more."""
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        # Not `close`, which FFmpeg would call.
        self._file.close()


def copied(container: av.container.OutputContainer, track: av.VideoStream, codec: Codec) -> av.VideoStream:
    """A track for pictures of another file, as they are."""
    copy = container.add_stream_from_template(track)
    copy.time_base = _TIME_BASE
    if codec in _APPLE:
        copy.codec_context.codec_tag = _APPLE[codec]
    return copy


def _source(key: AccessUnit) -> av.container.InputContainer:
    """A key frame as if it were a file: FFmpeg finds out what is in it. Raises CameraFaulty."""
    options: Any = [{"max_pixels": str(MAX_PIXELS)}]
    try:
        source = av.open(io.BytesIO(key.data), format=key.codec.value, stream_options=options)
    except av.FFmpegError as error:
        raise CameraFaulty(f"the camera's key frame cannot be read: {type(error).__name__}") from error
    return cast("av.container.InputContainer", source)


def _size(source: av.container.InputContainer) -> tuple[int, int]:
    video = source.streams.video[0]
    if not video.codec_context.width or not video.codec_context.extradata:
        raise CameraFaulty("the camera's key frame does not say how large its pictures are")
    check_size(video.codec_context.width, video.codec_context.height)
    return video.codec_context.width, video.codec_context.height
