"""`python -m benchmarks.camera`: the simulated camera, telling every event as a line of JSON."""

import argparse
import json
import signal
from pathlib import Path
from typing import Any

from demo.camera import Event, SimulatedCamera, Sound
from demo.camera.stream.film import Film
from demo.hall import HallView

PHOTOS = Path(__file__).parents[1] / "demo" / "photos"
PASSWORD = "benchmark"  # noqa: S105 - of a simulated camera


def say(event: Event) -> None:
    print(json.dumps({"event": type(event).__name__, **_told(event)}), flush=True)


def _told(event: Event) -> dict[str, Any]:
    match event:
        case Sound():
            return {"at": event.ended_at, "seconds": event.seconds, "complete": event.complete}
        case _:
            return vars(event)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.camera")
    parser.add_argument("--snapshot-ms", type=float, default=400)
    parser.add_argument("--photos", type=Path, default=PHOTOS)
    parser.add_argument("--film", action="store_true", help="it streams too, a key frame a second")
    parser.add_argument("--hall", action="store_true", help="it sees a hall full of people in place of the photographs")
    options = parser.parse_args()
    film = Film(size=(1920, 1080), fps=15, key_frame_distance=15) if options.film else None
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with SimulatedCamera(photos=options.photos, password=PASSWORD, listener=say, film=film) as camera:
        if options.hall:
            camera.state.photos = HallView(lambda: ())
        camera.state.snapshot_seconds = options.snapshot_ms / 1000
        print(json.dumps({"event": "ready", "host": camera.host, "rtsp_port": camera.rtsp_port}), flush=True)
        signal.sigwait(stop)


if __name__ == "__main__":
    main()
