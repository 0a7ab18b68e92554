"""Measure 4: the start, and what the worker takes while nobody presses, and after thousands have."""

from time import sleep

from benchmarks.figures import Chapter, Figure
from benchmarks.rig import Rig, rig, wait_until_prepared
from benchmarks.usage import cpu_seconds, memory_mb
from demo.program import Program

SETTLE_SECONDS = 3
IDLE_SECONDS = 60
SOON, LATE = 200, 2000
IN_FLIGHT = 8
NO_LATENCY = [f"--{name}-ms=0" for name in ("rekognition", "s3", "dynamodb", "polly", "sqs")]


def rest(repeats: int) -> list[Chapter]:
    with rig() as bench:
        starts = [_start(bench) for _ in range(repeats)]
        bare = [_bare(bench) for _ in range(repeats)]
        idle_cpu = _idle_cpu(bench)
    soon, late = _soak()
    figures = [
        Figure("start to first poll", [seconds for seconds, _, _ in starts], "s", at_most=1.2),
        Figure("start: CPU until camera and voice are ready", [cpu for _, cpu, _ in starts], "s"),
        Figure("idle memory, RSS", [rss for _, _, (rss, _) in starts], "MB"),
        Figure("idle memory, PSS", [pss for _, _, (_, pss) in starts], "MB"),
        Figure("bare loop, RSS", [rss for rss, _ in bare], "MB"),
        Figure("bare loop, PSS", [pss for _, pss in bare], "MB"),
        Figure(
            "RSS / bare loop",
            [ours / theirs for (_, _, (ours, _)), (theirs, _) in zip(starts, bare, strict=True)],
            at_most=1.25,
        ),
        Figure(
            "PSS / bare loop",
            [ours / theirs for (_, _, (_, ours)), (_, theirs) in zip(starts, bare, strict=True)],
            at_most=1.25,
        ),
        Figure(f"CPU over {IDLE_SECONDS} idle seconds", [idle_cpu], "%", at_most=0.1),
        Figure(f"RSS after {SOON} jobs", [soon], "MB"),
        Figure(f"RSS after {LATE} jobs", [late], "MB"),
        Figure(f"RSS after {LATE} / after {SOON} jobs", [late / soon], at_most=1.05),
    ]
    return [Chapter("4. Start and rest", figures)]


def _start(bench: Rig) -> tuple[float, float, tuple[float, float]]:
    """Seconds to the first poll, CPU seconds of the whole start, memory at rest."""
    since = bench.cloud.mark
    with bench.worker() as worker:
        seconds = bench.cloud.wait_for("Polling", since=since)[0]["at"] - worker.started_at
        wait_until_prepared(bench, worker, since)
        cpu = cpu_seconds(worker)
        sleep(SETTLE_SECONDS)
        memory = memory_mb(worker)
        worker.stop()
    return seconds, cpu, memory


def _bare(bench: Rig) -> tuple[float, float]:
    since = bench.cloud.mark
    with bench.other("benchmarks.bare") as loop:
        bench.cloud.wait_for("Polling", since=since)
        sleep(SETTLE_SECONDS)
        return memory_mb(loop)


def _idle_cpu(bench: Rig) -> float:
    """Percent of one core."""
    since = bench.cloud.mark
    with bench.worker() as worker:
        wait_until_prepared(bench, worker, since)
        sleep(SETTLE_SECONDS)
        before = cpu_seconds(worker)
        sleep(IDLE_SECONDS)
        return (cpu_seconds(worker) - before) / IDLE_SECONDS * 100


def _soak() -> tuple[float, float]:
    """Memory after few and after many jobs, as fast as they go."""
    quick = rig(*NO_LATENCY, "--sound-bytes=80", snapshot_ms=0)
    with (
        quick as bench,
        bench.worker(nod=False, MAX_SPEECH_AGE_SECONDS="3600", MAX_COMMAND_AGE_SECONDS="3600") as worker,
    ):
        wait_until_prepared(bench, worker)
        return memory_after(bench, worker, SOON), memory_after(bench, worker, LATE)


def memory_after(bench: Rig, worker: Program, jobs: int) -> float:
    """RSS in MB, once the worker has done so many jobs altogether."""
    while (ended := len(worker.logged("done"))) < jobs:
        batch = min(IN_FLIGHT, jobs - ended)
        for _ in range(batch):
            bench.press()
        worker.wait_for("done", count=ended + batch)
    sleep(SETTLE_SECONDS)
    return memory_mb(worker)[0]
