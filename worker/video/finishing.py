"""A clip that grew, made into one that plays while it downloads."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from worker.domain.errors import CameraFaulty
from worker.domain.video import Codec
from worker.video.ffmpeg import av
from worker.video.growing import copied

_FIRST_THE_INDEX = {"movflags": "faststart"}
_NOTHING = "there is nothing to be seen in the clip"


def finish(grown: Path, into: Path) -> float:
    """Copy what is whole of `grown`, which may be torn, with the index in front; its seconds.

    Raises:
        CameraFaulty: nothing is.
        OSError: the disk does not take it, or `grown` is not there.
    """
    grown.stat()
    try:
        source = av.open(f"file:{grown}", "r", format="mp4")
    except (av.FFmpegError, ValueError) as error:
        raise CameraFaulty(_NOTHING) from error
    with source:
        return _copy(source, into)


def _copy(source: av.container.InputContainer, into: Path) -> float:
    if not source.streams.video:
        raise CameraFaulty(_NOTHING)
    track = source.streams.video[0]
    packets = _whole(source, track)
    first = next(packets, None)
    if first is None:
        raise CameraFaulty(_NOTHING)
    # FFmpeg reads the file that it writes once more, to put the index in front: it has to have its name.
    with av.open(f"file:{into}", "w", format="mp4", options=_FIRST_THE_INDEX) as target:
        copy = copied(target, track, Codec(track.codec_context.name))
        begin, end = first.pts, 0
        for packet in (first, *packets):
            end = max(end, packet.pts + packet.duration)
            packet.pts, packet.dts, packet.stream = packet.pts - begin, packet.dts - begin, copy
            target.mux(packet)
    return float((end - begin) * track.time_base)


def _whole(source: av.container.InputContainer, track: av.VideoStream) -> Iterator[Any]:
    """Packets up to where it was torn."""
    with suppress(av.FFmpegError):
        for packet in source.demux(track):
            if packet.is_corrupt:
                return
            if packet.pts is not None and packet.dts is not None and packet.size:
                yield packet
