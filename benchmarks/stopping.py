"""Measure 5: from SIGTERM to the end of the process."""

import time

from benchmarks.figures import Chapter, Figure
from benchmarks.rig import Rig, rig, wait_until_prepared
from benchmarks.usage import seconds_to_stop

POLL_AGE_SECONDS = 3


def stops(repeats: int) -> list[Chapter]:
    with rig() as bench:
        idle = [_idle(bench) for _ in range(repeats)]
        polling = [_as_it_polls(bench) for _ in range(repeats)]
        mid_job = [_mid_job(bench) for _ in range(repeats)]
    figures = [
        Figure(f"idle, {POLL_AGE_SECONDS} s into a long poll", idle, "s", at_most=1.0),
        Figure("at the moment a poll begins", polling, "s", at_most=1.0),
        Figure("while a photo is taken: the job is finished first", [whole for whole, _ in mid_job], "s"),
        Figure("the same, counted from the end of the job", [rest for _, rest in mid_job], "s", at_most=1.0),
    ]
    return [Chapter("5. SIGTERM to exit", figures)]


def _idle(bench: Rig) -> float:
    since = bench.cloud.mark
    with bench.worker() as worker:
        wait_until_prepared(bench, worker, since)
        time.sleep(POLL_AGE_SECONDS)
        return seconds_to_stop(worker)


def _as_it_polls(bench: Rig) -> float:
    since = bench.cloud.mark
    with bench.worker() as worker:
        bench.cloud.wait_for("Polling", since=since)
        return seconds_to_stop(worker)


def _mid_job(bench: Rig) -> tuple[float, float]:
    """Seconds until the end, altogether and after the message was deleted."""
    cloud, camera = bench.cloud.mark, bench.camera.mark
    with bench.worker() as worker:
        wait_until_prepared(bench, worker, cloud)
        bench.press()
        time.sleep(0.2)
        seconds = seconds_to_stop(worker)
        ended_at = time.time()
    deleted_at = bench.cloud.wait_for("DeleteMessage", since=cloud)[0]["at"]
    bench.camera.wait_for("Sound", since=camera)
    return seconds, ended_at - deleted_at
