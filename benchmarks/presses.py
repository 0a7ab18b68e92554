"""Measures 1 and 3: from the press to the first sound, and what a press costs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Chapter, Figure
from benchmarks.rig import Answered, Rig, answer_one, rig, wait_until_prepared
from benchmarks.usage import counts, cpu_seconds
from demo.program import Program

REST_SECONDS = 0.3
IDLE_SECONDS = 6.0
HANDSHAKE_MS = 100
GROUPS = range(2, 11)
CROWD = 41
"""Fetching ahead comes there after seven idle minutes, which this measure does not have."""
_NO_REQUESTS = {"ready", "Polling", "Connected", "ReceiveMessage"}


@dataclass(frozen=True)
class Costs:
    """Presses, one after another, and what each took: CPU milliseconds, and requests."""

    answered: Sequence[Answered]
    cpu_ms: Sequence[float]
    to_aws: float
    to_camera: float
    challenges: float

    @property
    def ratios(self) -> list[float]:
        return [one.ratio for one in self.answered]


def latency(repeats: int) -> list[Chapter]:
    """Chapters for 1 and 3; the worker answers four times as many presses as the sequential one, which is slow."""
    with rig() as bench:
        first = [_first_press(bench, prepared=True) for _ in range(repeats)]
        first_group = [_first_press(bench, prepared=True, people=2 + number) for number in range(repeats)]
        at_once = [_first_press(bench, prepared=False) for _ in range(repeats)]
        with bench.worker() as worker:
            wait_until_prepared(bench, worker)
            warm = _costs(bench, worker, repeats * 4)
            never_seen = [_group(bench, people) for people in GROUPS]
            cold = [_group(bench, people) for people in range(CROWD, CROWD + repeats)]
        one_by_one = _sequential(bench, repeats)
        plain = _sequential(bench, repeats, "--plain")
    first_sound = [
        Figure("warm: the sentence is known", warm.ratios, at_most=1.05),
        Figure("warm, against the 850 ms that were asked for", [one.to_sound / 0.85 for one in warm.answered]),
        Figure("a group never seen before, of 2 to 10, once the voice is ready", never_seen, at_most=1.05),
        Figure("the very first press after start", first, at_most=1.10),
        Figure("the very first press after start, of a group", first_group, at_most=1.10),
        Figure("pressed at the moment of the first poll, camera and voice not ready", at_once, at_most=1.10),
        Figure(f"idle connections closed, a new one takes {HANDSHAKE_MS} ms", _after_idleness(repeats)),
        Figure("cold: a crowd that is not fetched ahead yet, Polly's 250 ms included", cold),
        Figure("sequential", one_by_one.ratios),
        Figure("sequential without labels, text and the second look", plain.ratios),
    ]
    costs = [
        *_cost_figures("worker", warm, at_most=_median_cpu(one_by_one)),
        *_cost_figures("sequential", one_by_one),
        *_cost_figures("sequential, plain", plain),
    ]
    return [Chapter("1. Press to first sound / (snapshot + DetectFaces)", first_sound), Chapter("3. A press", costs)]


def _first_press(bench: Rig, *, prepared: bool, people: int = 1) -> float:
    since = bench.cloud.mark
    with bench.worker() as worker:
        bench.cloud.wait_for("Polling", since=since)
        if prepared:
            wait_until_prepared(bench, worker, since)
        ratio = _group(bench, people)
        worker.stop()
    return ratio


def _group(bench: Rig, people: int) -> float:
    bench.show_faces(people)
    ratio = answer_one(bench).ratio
    bench.show_faces(1)
    return ratio


def _after_idleness(repeats: int) -> list[float]:
    """The connections that the worker had are closed before each press, as AWS closes them."""
    with (
        rig("--idle-ms", str(IDLE_SECONDS * 500), "--connect-ms", str(HANDSHAKE_MS)) as bench,
        bench.worker() as worker,
    ):
        wait_until_prepared(bench, worker)
        ratios = []
        for _ in range(repeats):
            time.sleep(IDLE_SECONDS)
            ratios.append(answer_one(bench).ratio)
    return ratios


def _sequential(bench: Rig, repeats: int, *options: str) -> Costs:
    since = bench.cloud.mark
    with bench.other("benchmarks.sequential", *options) as program:
        bench.cloud.wait_for("Polling", since=since)
        answer_one(bench)
        return _costs(bench, program, repeats)


def _costs(bench: Rig, program: Program, presses: int) -> Costs:
    answered, cpu_ms = [], []
    cloud, camera = bench.cloud.mark, bench.camera.mark
    time.sleep(REST_SECONDS)
    for _ in range(presses):
        before = cpu_seconds(program)
        answered.append(answer_one(bench))
        time.sleep(REST_SECONDS)
        cpu_ms.append((cpu_seconds(program) - before) * 1000)
    to_camera = bench.camera.logged("Request", since=camera)
    return Costs(
        answered,
        cpu_ms,
        to_aws=sum(counts(bench.cloud, since=cloud, but=_NO_REQUESTS).values()) / presses,
        to_camera=len(to_camera) / presses,
        challenges=100 * sum(entry["status"] == 401 for entry in to_camera) / len(to_camera),  # noqa: PLR2004 (HTTP)
    )


def _cost_figures(who: str, costs: Costs, at_most: float | None = None) -> list[Figure]:
    return [
        Figure(f"{who}: CPU", costs.cpu_ms, "ms", at_most=at_most),
        Figure(f"{who}: requests to AWS, besides the poll", [costs.to_aws]),
        Figure(f"{who}: requests to the camera", [costs.to_camera]),
        Figure(
            f"{who}: digest challenges in a hundred requests",
            [costs.challenges],
            at_most=None if at_most is None else 1.0,
        ),
    ]


def _median_cpu(costs: Costs) -> float:
    return Figure("", costs.cpu_ms).median
