"""Measure 2: a burst of presses against what the lens can do."""

from itertools import pairwise

from benchmarks.figures import Chapter, Figure
from benchmarks.rig import Rig, rig, wait_until_prepared
from demo.program import Entry, Program

PRESSES = 20
CAMERAS = 4


def bursts(repeats: int) -> list[Chapter]:
    one = [_burst(1) for _ in range(repeats)]
    four = [_burst(CAMERAS) for _ in range(repeats)]
    figures = [
        Figure(f"{PRESSES} presses on one camera", [busy for busy, _ in one], at_least=0.95),
        Figure(
            f"{PRESSES} presses on each of {CAMERAS} cameras, altogether",
            [busy for busy, _ in four],
            at_least=0.95 * CAMERAS,
        ),
        Figure("snapshots at once of one camera, at most", [peak for _, peak in (*one, *four)], at_most=1),
    ]
    return [Chapter("2. Photos per second x seconds per snapshot, nod off", figures)]


def _burst(cameras: int) -> tuple[float, int]:
    """How many lenses were busy on average, and the most snapshots that one camera was asked for at once."""
    with rig(cameras=cameras) as bench, bench.worker(nod=False) as worker:
        wait_until_prepared(bench, worker)
        snapshots = _press_all(bench, worker)
    return sum(map(_busy, snapshots)), max(map(_at_once, snapshots))


def _press_all(bench: Rig, worker: Program) -> list[list[Entry]]:
    for _ in range(PRESSES):
        for name in bench.cameras:
            bench.press(name)
    worker.wait_for("done", count=PRESSES * len(bench.cameras))
    return [camera.logged("SnapshotTaken") for camera in bench.cameras.values()]


def _busy(snapshots: list[Entry]) -> float:
    """The part of the time, from the first request to the last photo, in which the lens was at work."""
    at_work = sum(entry["at"] - entry["asked_at"] for entry in snapshots)
    return float(at_work / (snapshots[-1]["at"] - snapshots[0]["asked_at"]))


def _at_once(snapshots: list[Entry]) -> int:
    return 1 + any(later["asked_at"] < earlier["at"] for earlier, later in pairwise(snapshots))
