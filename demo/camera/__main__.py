"""Runs the simulated camera alone until SIGTERM or SIGINT."""

import argparse
import os
import signal
from pathlib import Path

from demo.camera.recorder import Recorder
from demo.camera.server import SimulatedCamera

_STOP = {signal.SIGTERM, signal.SIGINT}


def main() -> None:
    parser = _parser()
    arguments = parser.parse_args()
    # Blocked before the first thread starts, so that none of them takes the signal meant for this one.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    try:
        with _camera(arguments) as camera:
            print(f"camera listening on http://{camera.host}", flush=True)
            signal.sigwait(_STOP)
    except (OSError, ValueError) as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.camera",
        description="A simulated Amcrest camera. Its password comes from --password-file or from CAMERA_PASSWORD.",
    )
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="its *.jpg are what the camera sees")
    parser.add_argument("--username", default="admin")
    parser.add_argument("--password-file", type=Path, metavar="FILE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--heard", type=Path, required=True, metavar="DIR", help="gets a WAV a sound, and events.jsonl")
    parser.add_argument("--snapshot-ms", type=int, default=400, help="how long a picture takes (default: 400)")
    return parser


def _camera(arguments: argparse.Namespace) -> SimulatedCamera:
    camera = SimulatedCamera(
        photos=arguments.photos,
        username=arguments.username,
        password=_password(arguments.password_file),
        host=arguments.host,
        port=arguments.port,
        listener=Recorder(arguments.heard),
    )
    camera.state.snapshot_seconds = arguments.snapshot_ms / 1000
    return camera


def _password(file: Path | None) -> str:
    password = file.read_text(encoding="utf-8").rstrip("\r\n") if file else os.environ.get("CAMERA_PASSWORD", "")
    if not password:
        raise ValueError("no password: give --password-file or set CAMERA_PASSWORD")
    return password


if __name__ == "__main__":
    main()
