"""Measure 9: how soon a damaged picture of the stream is a snapshot, however far its key frame is."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from math import inf

import structlog

from benchmarks.camera import PHOTOS
from benchmarks.figures import Chapter, Figure
from demo.camera.stream.encoder import encode
from demo.camera.stream.film import Film
from worker.domain.errors import CameraError
from worker.domain.photo import Snapshot
from worker.domain.sound import AudioFormat, Played
from worker.domain.video import AccessUnit, Codec
from worker.stream.window import Window
from worker.video.hedged import HEDGE_SECONDS
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens

DISTANCES = (15, 60, 300)
"""Pictures since the key frame."""
SNAPSHOT_SECONDS = 0.4
FILM = Film(size=(1920, 1080), fps=30, key_frame_distance=max(DISTANCES))
TORN = b"\0\0\0\1\x41torn"


@dataclass
class _Stream:
    window: Window = field(default_factory=Window)
    trouble: CameraError | None = None

    @contextmanager
    def needed(self) -> Iterator[None]:
        yield


@dataclass
class _Camera:
    asked_at: float = inf

    def photograph(self) -> Snapshot:
        self.asked_at = time.monotonic()
        time.sleep(SNAPSHOT_SECONDS)
        return Snapshot(b"")

    def nod(self) -> None: ...

    def play(self, sound: bytes, audio_format: AudioFormat, on_start: Callable[[], None]) -> Played:
        raise NotImplementedError


def doubts(repeats: int) -> list[Chapter]:
    group = [data for data, _ in islice(encode(PHOTOS, FILM), max(DISTANCES))]
    # It is no news that photos are snapshots here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # PyAV is loaded with the first photo.
    _press(group[:1])
    figures = []
    for distance in DISTANCES:
        tail = group[:distance]
        asked = [_press([*tail[:-1], TORN])[0] for _ in range(repeats)]
        photos = [_press(tail)[1] for _ in range(repeats)]
        figures += [
            Figure(f"{distance} pictures, the last damaged: press to the snapshot's request", asked, "ms", at_most=100),
            Figure(f"{distance} pictures, none damaged: press to photo", photos, "ms"),
        ]
    return [Chapter("9. A damaged picture, with CAMERA_LENS=lazy", figures)]


def _press(tail: Sequence[bytes]) -> tuple[float, float]:
    """Milliseconds until a snapshot was asked for, or without end, and until there was a photo."""
    stream, camera = _Stream(), _Camera()
    for number, data in enumerate(tail):
        stream.window.put(AccessUnit(Codec.H264, data, not number, number, time.monotonic()))
    lens = StreamLens(camera, Lazy(stream), partial(datetime.now, UTC), _untold, patience=HEDGE_SECONDS)
    began = time.monotonic()
    lens.photograph()
    took = time.monotonic() - began
    return (camera.asked_at - began) * 1000, took * 1000


def _untold(_source: str) -> None:
    """Nobody counts."""
