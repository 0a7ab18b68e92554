"""Measure 7: a photo from the camera's stream beside a snapshot, in the same run."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from types import MappingProxyType

from benchmarks.figures import Chapter, Figure
from benchmarks.private import private_mode
from benchmarks.rest import IDLE_SECONDS, NO_LATENCY, SETTLE_SECONDS, memory_after
from benchmarks.rig import Rig, rig, wait_until_prepared
from benchmarks.usage import cpu_seconds, memory_mb
from demo.program import Program

SOON, LATE = 100, 500
FLOOR_SECONDS = 0.85
"""What any system takes that asks for a snapshot (400 ms) and DetectFaces (450 ms)."""
READY = {"lazy": "the camera's stream is open", "hot": "the newest picture is at hand"}
PHOTO_GOALS = {"lazy": 0.4, "hot": 0.12}
CPU_GOALS = {"lazy": 2.0, "hot": 20.0}
LAZY_MB = 12.0


def video(repeats: int) -> list[Chapter]:
    with rig(film=True) as bench:
        snapshots, _ = _presses(bench, "snapshot", repeats * 4)
        pressed = {lens: _presses(bench, lens, repeats * 6) for lens in READY}
        memory, _ = _at_rest(bench, "snapshot")
        rest = {lens: _at_rest(bench, lens) for lens in READY}
    soaked = {lens: _soak(lens) for lens in READY}
    figures = [
        Figure("snapshot", snapshots, "ms"),
        *(Figure(f"{lens}: the photo", photos, "ms") for lens, (photos, _) in pressed.items()),
        *(
            Figure(f"{lens}: the photo / a snapshot", _over(photos, snapshots), at_most=PHOTO_GOALS[lens])
            for lens, (photos, _) in pressed.items()
        ),
        Figure("lazy: press to first sound / 850 ms", pressed["lazy"][1]),
        Figure("hot: press to first sound / 850 ms", pressed["hot"][1], at_most=0.62),
        *(
            Figure(f"{lens}: CPU at rest, 1080p at 15 a second", [cpu], "%", at_most=CPU_GOALS[lens])
            for lens, (_, cpu) in rest.items()
        ),
        Figure("lazy: memory it adds before the first photo", [rest["lazy"][0] - memory], "MB", at_most=LAZY_MB),
        Figure("hot: memory it adds", [rest["hot"][0] - memory], "MB"),
        *(Figure(f"{lens}: RSS after {LATE} presses", [late], "MB") for lens, (_, late) in soaked.items()),
        *(
            Figure(f"{lens}: RSS after {LATE} / after {SOON} presses", [late / soon], at_most=1.05)
            for lens, (soon, late) in soaked.items()
        ),
        *private_mode(repeats * 4),
    ]
    return [Chapter("7. A photo from the stream", figures)]


@contextmanager
def _watching(
    bench: Rig, lens: str, settings: Mapping[str, str] = MappingProxyType({}), *, nod: bool = True
) -> Iterator[Program]:
    """A worker that has a picture at hand."""
    since = bench.cloud.mark
    with bench.worker(nod=nod, lens=lens, **{"LOG_LEVEL": "debug", **settings}) as worker:
        wait_until_prepared(bench, worker, since)
        if lens in READY:
            worker.wait_for(READY[lens])
        time.sleep(SETTLE_SECONDS)
        yield worker
        worker.stop()


def _presses(bench: Rig, lens: str, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds that each photo took, and each press to the first sound over the floor."""
    photos, to_sound = [], []
    with _watching(bench, lens) as worker:
        for _ in range(count):
            # A press comes at any moment between two key frames.
            time.sleep(0.3 + random.random())  # noqa: S311 - no secret
            cloud, camera = bench.cloud.mark, bench.camera.mark
            pressed_at = bench.press()
            bench.cloud.wait_for("DeleteMessage", since=cloud)
            sound = bench.camera.wait_for("SoundStarted", since=camera)[0]
            to_sound.append((float(sound["at"]) - pressed_at) / FLOOR_SECONDS)
        photos = [float(entry["ms"]) for entry in worker.logged("step", step="snapshot")]
        if (fallen := worker.logged("the photo is a snapshot: the stream's newest picture would not do")) != []:
            raise RuntimeError(f"{lens}: {fallen[0]['error']}")
    return photos, to_sound


def _over(photos: Sequence[float], snapshots: Sequence[float]) -> list[float]:
    return [photo / median(snapshots) for photo in photos]


def _at_rest(bench: Rig, lens: str) -> tuple[float, float]:
    """RSS in MB, and percent of one core."""
    with _watching(bench, lens) as worker:
        memory, before = memory_mb(worker)[0], cpu_seconds(worker)
        time.sleep(IDLE_SECONDS)
        return memory, (cpu_seconds(worker) - before) / IDLE_SECONDS * 100


def _soak(lens: str) -> tuple[float, float]:
    """Memory after few and after many presses, as fast as they go."""
    quick = rig(*NO_LATENCY, "--sound-bytes=80", snapshot_ms=0, film=True)
    old = {"MAX_SPEECH_AGE_SECONDS": "3600", "MAX_COMMAND_AGE_SECONDS": "3600"}
    with quick as bench, _watching(bench, lens, old, nod=False) as worker:
        return memory_after(bench, worker, SOON), memory_after(bench, worker, LATE)
