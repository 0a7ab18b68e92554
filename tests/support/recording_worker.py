"""The worker with cameras whose stream is their photograph, five times a second: real clips without RTSP."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from PIL import Image

from worker.commands.cli import main
from worker.domain.errors import CameraFaulty
from worker.domain.ports import Camera
from worker.domain.video import ClipWish, Recorded
from worker.job.shared_camera import SharedCamera
from worker.runtime import assembly, daemon

RATE = 5
SIZE = (160, 120)
_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"}
_ENCODER = {"preset": "ultrafast", "tune": "zerolatency", "g": str(RATE)}


class PhotographRecorder:
    """Encodes what a snapshot shows, in real time."""

    def __init__(self, device: Camera) -> None:
        self._device = device

    def record(
        self, into: Path, wish: ClipWish, on_look: Callable[[float, bytes], None], cut: Callable[[], bool]
    ) -> Recorded:
        photo = self._device.photograph().jpeg
        picture: Any = av.VideoFrame.from_ndarray(np.asarray(Image.open(io.BytesIO(photo)).convert("RGB").resize(SIZE)))
        with av.open(str(into), "w", format="mp4", options=_FRAGMENTED) as container:
            stream: Any = container.add_stream("libx264", rate=RATE, options=_ENCODER)
            stream.width, stream.height = SIZE
            for number in range(int(wish.seconds * RATE)):
                if cut():
                    return Recorded(number / RATE, "it was to end early")
                if wish.look_every and number % int(wish.look_every * RATE) == 0:
                    on_look(number / RATE, photo)
                picture.pts = number
                container.mux(stream.encode(picture))
                Event().wait(1 / RATE)
            container.mux(stream.encode(None))
        return Recorded(wish.seconds)

    def finish(self, grown: Path, into: Path) -> float:
        try:
            return _remux(grown, into)
        except (FFmpegError, IndexError) as error:
            raise CameraFaulty(f"no picture in it: {error}") from error


def _remux(grown: Path, into: Path) -> float:
    with (
        av.open(str(grown)) as source,
        av.open(str(into), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        track = source.streams.video[0]
        copy: Any = target.add_stream_from_template(track)
        end = 0.0
        for packet in source.demux(track):
            if packet.dts is not None and packet.pts is not None and packet.time_base is not None:
                end = max(end, float(packet.pts * packet.time_base) + 1 / RATE)
                packet.stream = copy
                target.mux(packet)
    if not end:
        raise CameraFaulty("no picture in it")
    return end


def share_with_recorder(*made_of: Any) -> SharedCamera:
    camera = assembly.share(*made_of)
    return replace(camera, recorder=PhotographRecorder(camera.device))


if __name__ == "__main__":
    vars(daemon)["share"] = share_with_recorder
    sys.exit(main())
