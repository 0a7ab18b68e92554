"""x264 and x265, as far from their best as a camera's chip: the only module here that imports PyAV."""

import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av

from demo.camera.stream.film import Codec, Film
from demo.camera.stream.scene import Scene

_ENCODERS = {Codec.H264: ("libx264", "x264-params"), Codec.H265: ("libx265", "x265-params")}


def encode(photos: Path, film: Film) -> Iterator[tuple[bytes, int]]:
    """Give one access unit after the other, with start codes, and the number of the picture in the order of showing.

    Raises:
        ValueError: there is no photograph in the folder.
    """
    scene = Scene(photos, film)
    encoder = _encoder(film)
    for number in range(film.pictures):
        yield from _coded(encoder.encode(_frame(scene, number)))
    yield from _coded(encoder.encode(None))


def _coded(packets: "Iterable[av.Packet[Any]]") -> Iterator[tuple[bytes, int]]:
    return ((bytes(packet), packet.pts or 0) for packet in packets)


def _frame(scene: Scene, number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(scene.picture(number), format="yuv420p")
    frame.pts = number
    return frame


def _encoder(film: Film) -> av.VideoCodecContext:
    name, parameters = _ENCODERS[film.codec]
    encoder = cast("av.VideoCodecContext", av.CodecContext.create(name, "w"))
    encoder.width, encoder.height = film.size
    encoder.pix_fmt = "yuv420p"
    encoder.framerate = Fraction(film.fps)
    encoder.time_base = 1 / Fraction(film.fps)
    encoder.bit_rate = film.bit_rate
    encoder.thread_count = os.cpu_count() or 1
    encoder.thread_type = "FRAME"
    encoder.options = {"preset": "ultrafast", parameters: ":".join(_parameters(film))}
    return encoder


def _parameters(film: Film) -> list[str]:
    kilobits = -(-film.bit_rate // 1000)
    common = [
        f"keyint={film.key_frame_distance}",
        f"min-keyint={film.key_frame_distance}",
        "scenecut=0",
        f"bframes={film.b_frames}",
        f"slices={film.slices}",
        "b-adapt=0",
        # A key frame is a quarter of a second's bits at most, as cameras have it, and the rest is for those in between.
        f"vbv-maxrate={kilobits}",
        f"vbv-bufsize={-(-kilobits // 4)}",
        "repeat-headers=1",
    ]
    return [*common, "cabac=1", "aud=0"] if film.codec is Codec.H264 else [*common, "open-gop=0", "log-level=none"]
