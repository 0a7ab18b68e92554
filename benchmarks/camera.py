"""`python -m benchmarks.camera`: the simulated camera, telling every event as a line of JSON."""

import argparse
import json
import signal
from pathlib import Path
from typing import Any

from demo.camera import Event, PtzCommand, Request, SimulatedCamera, SnapshotTaken, Sound, SoundStarted

PHOTOS = Path(__file__).parents[1] / "demo" / "photos"
PASSWORD = "benchmark"  # noqa: S105 - of a simulated camera


def say(event: Event) -> None:
    print(json.dumps({"event": type(event).__name__, **_told(event)}), flush=True)


def _told(event: Event) -> dict[str, Any]:
    match event:
        case Request() | SnapshotTaken() | SoundStarted() | PtzCommand():
            return vars(event)
        case Sound():
            return {"at": event.ended_at, "seconds": event.seconds, "complete": event.complete}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.camera")
    parser.add_argument("--snapshot-ms", type=float, default=400)
    options = parser.parse_args()
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with SimulatedCamera(photos=PHOTOS, password=PASSWORD, listener=say) as camera:
        camera.state.snapshot_seconds = options.snapshot_ms / 1000
        print(json.dumps({"event": "ready", "host": camera.host}), flush=True)
        signal.sigwait(stop)


if __name__ == "__main__":
    main()
