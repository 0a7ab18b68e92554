"""Runs the simulated camera alone until SIGTERM or SIGINT."""

import argparse
import os
import signal
from pathlib import Path

from demo.camera.recorder import Recorder
from demo.camera.server import SimulatedCamera
from demo.camera.stream.film import Codec, Film
from demo.hall import PHOTOS, SECTIONS, HallView, named_in

_STOP = {signal.SIGTERM, signal.SIGINT}


def main() -> None:
    parser = _parser()
    arguments = parser.parse_args()
    # Blocked before the first thread starts, so that none of them takes the signal meant for this one.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    try:
        with _camera(arguments) as camera:
            if camera.rtsp_port:
                print(f"camera streaming on {camera.stream_url()}", flush=True)
            print(f"camera listening on http://{camera.host}", flush=True)
            signal.sigwait(_STOP)
    except ModuleNotFoundError as error:
        parser.error(f"--film needs PyAV: pip install 'camera-to-voice[video]' ({error})")
    except (OSError, ValueError) as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.camera",
        description="A simulated Amcrest camera. Its password comes from --password-file or from CAMERA_PASSWORD.",
    )
    _add_sight(parser)
    parser.add_argument("--username", default="admin")
    parser.add_argument("--password-file", type=Path, metavar="FILE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--heard", type=Path, required=True, metavar="DIR", help="gets a WAV a sound, and events.jsonl")
    _add_stream(parser)
    parser.add_argument("--snapshot-ms", type=int, default=400, help="how long a picture takes (default: 400)")
    return parser


def _add_sight(parser: argparse.ArgumentParser) -> None:
    sight = parser.add_mutually_exclusive_group(required=True)
    sight.add_argument("--photos", type=Path, metavar="DIR", help="its *.jpg are what the camera sees")
    sections = ", ".join(SECTIONS)
    sight.add_argument(
        "--hall",
        type=Path,
        metavar="FILE",
        help="or it sees a hall full of people; the sections that FILE names, a line each, are turned away from the "
        f"stage, and none if there is no such file: {sections}",
    )


def _add_stream(parser: argparse.ArgumentParser) -> None:
    film = Film()
    stream = parser.add_argument_group("stream", "With --film the camera streams over RTSP too; this needs PyAV.")
    stream.add_argument(
        "--film", action="store_true", help="the photographs as a slow film with a clock in the picture"
    )
    stream.add_argument("--rtsp-port", type=int, default=0, help="0: any free one (default)")
    size = "{}x{}".format(*film.size)
    stream.add_argument("--size", type=_size, default=film.size, metavar="WxH", help=f"default: {size}")
    stream.add_argument("--fps", type=int, default=film.fps, help=f"pictures a second (default: {film.fps})")
    stream.add_argument(
        "--key-frame-distance", type=int, metavar="PICTURES", help="a key frame every so many (default: one a second)"
    )
    stream.add_argument("--codec", choices=["h264", "h265"], default="h264")
    stream.add_argument("--b-frames", type=int, default=film.b_frames, help=f"in a row (default: {film.b_frames})")
    stream.add_argument("--bit-rate", type=int, default=film.bit_rate, help=f"bits a second (default: {film.bit_rate})")


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _film(arguments: argparse.Namespace) -> Film:
    return Film(
        size=arguments.size,
        fps=arguments.fps,
        key_frame_distance=arguments.key_frame_distance or arguments.fps,
        codec=Codec[arguments.codec.upper()],
        b_frames=arguments.b_frames,
        bit_rate=arguments.bit_rate,
    )


def _camera(arguments: argparse.Namespace) -> SimulatedCamera:
    if arguments.hall and arguments.film:
        raise ValueError("--film shows photographs and cannot show a --hall")
    camera = SimulatedCamera(
        photos=arguments.photos or PHOTOS,
        username=arguments.username,
        password=_password(arguments.password_file),
        host=arguments.host,
        port=arguments.port,
        listener=Recorder(arguments.heard),
        film=_film(arguments) if arguments.film else None,
        rtsp_port=arguments.rtsp_port,
    )
    if arguments.hall:
        camera.state.photos = HallView(lambda: named_in(arguments.hall))
    camera.state.snapshot_seconds = arguments.snapshot_ms / 1000
    return camera


def _password(file: Path | None) -> str:
    password = file.read_text(encoding="utf-8").rstrip("\r\n") if file else os.environ.get("CAMERA_PASSWORD", "")
    if not password:
        raise ValueError("no password: give --password-file or set CAMERA_PASSWORD")
    return password


if __name__ == "__main__":
    main()
