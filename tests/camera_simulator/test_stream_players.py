"""The stream as players see it that nobody here wrote: PyAV's FFmpeg, and Debian's."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import av
import pytest

from demo.camera import SessionEnded, SimulatedCamera
from demo.camera.digest import Algorithm
from demo.camera.stream import Codec, Film, ParameterSets, StreamFaults, age
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, USERNAME
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.slow

SMALL = Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=5)
FILMS = {
    "h264": SMALL,
    "h265": Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=5, codec=Codec.H265),
    "b-frames": Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=6, b_frames=2),
}
NAMES = {Codec.H264: "h264", Codec.H265: "hevc"}
ENOUGH = 12

needs_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")),
    reason="NO FFMPEG ON THIS MACHINE: what Debian's ffmpeg makes of the stream IS NOT TESTED; apt-get install ffmpeg",
)


@contextmanager
def streaming(film: Film, faults: StreamFaults | None = None) -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=CHECKOUT / "demo" / "photos", password=PASSWORD, film=film) as camera:
        camera.state.stream.faults = faults or StreamFaults()
        yield camera


def address(camera: SimulatedCamera, subtype: int = 0, password: str = PASSWORD) -> str:
    return camera.stream_url(subtype).replace("rtsp://", f"rtsp://{USERNAME}:{quote(password, safe='')}@")


@contextmanager
def pyav(url: str) -> Iterator[Any]:
    microseconds = str(round(PATIENCE_SECONDS * 1_000_000))
    # What it looks into before it gives the first picture is kept short.
    hasty = {"analyzeduration": "100000", "fpsprobesize": "1"}
    with av.open(url, options={"rtsp_transport": "tcp", "timeout": microseconds, **hasty}) as container:
        yield container


def watch(url: str, count: int = ENOUGH) -> tuple[str, list[float]]:
    """The codec's name, and the clock's distance from the time of arrival for so many decoded pictures."""
    ages: list[float] = []
    with pyav(url) as container:
        container.streams.video[0].thread_count = 1
        for frame in container.decode(video=0):
            ages.append(age(frame.to_image(), time.time()))
            if len(ages) == count:
                return container.streams.video[0].codec_context.name, ages
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_pyav_plays_it(film: Film) -> None:
    with streaming(film) as camera:
        codec, _ = watch(address(camera))
        (ended,) = camera.state.journal.wait_for(SessionEnded, 1, PATIENCE_SECONDS)
    assert codec == NAMES[film.codec]
    assert ended.reason == "teardown"
    methods = [(request.method, request.status) for request in camera.state.stream.requests]
    assert methods[:3] == [("OPTIONS", 200), ("DESCRIBE", 401), ("DESCRIBE", 200)]
    assert camera.state.logins.refused == 0


def test_the_clock_in_the_picture_is_the_time_of_day() -> None:
    with streaming(SMALL) as camera:
        before = time.time()
        _, ages = watch(address(camera))
        took = time.time() - before
    # Sent and looked at between the two: none can be older than that.
    assert all(0 <= seen <= took for seen in ages)


@pytest.mark.parametrize(
    "faults",
    [
        StreamFaults(qop=True),
        StreamFaults(offers_basic=True),
        StreamFaults(algorithms=(Algorithm.SHA_256, Algorithm.MD5)),
        StreamFaults(basic_only=True),
        StreamFaults(asks_for_no_login=True),
        StreamFaults(options_needs_login=True),
        StreamFaults(parameter_sets=ParameterSets.BAND),
        StreamFaults(parameter_sets=ParameterSets.DESCRIPTION),
        StreamFaults(no_content_base=True),
        StreamFaults(no_rtp_info=True),
        StreamFaults(other_channels=True),
        StreamFaults(rtp_before_play_answer=True),
        StreamFaults(no_marker_bits=True),
        StreamFaults(early_marker_bits=True),
        StreamFaults(knows_no_get_parameter=True),
        StreamFaults(starts_anywhere=True),
    ],
    ids=lambda faults: next(name for name, value in vars(faults).items() if value != getattr(StreamFaults(), name)),
)
def test_pyav_plays_it_as_real_cameras_have_it_too(faults: StreamFaults) -> None:
    with streaming(SMALL, faults) as camera:
        _, ages = watch(address(camera))
        assert len(ages) == ENOUGH
        assert camera.state.logins.refused == 0


def test_pyav_gets_the_second_stream_in_its_own_size() -> None:
    with (
        streaming(Film(fps=30, bit_rate=1_000_000, key_frame_distance=5)) as camera,
        pyav(address(camera, 1)) as container,
    ):
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (640, 360)


def test_pyav_with_a_wrong_password_is_one_refused_login_and_learns_nothing() -> None:
    with streaming(SMALL) as camera:
        with pytest.raises(av.HTTPUnauthorizedError), pyav(address(camera, password="wrong")):
            pass
        assert camera.state.logins.refused == 1
        assert camera.state.stream.sessions.peak == 0


@needs_ffmpeg
@pytest.mark.parametrize("name", ["h264", "h265"])  # without decoding, it has no decoding time for B-frames
def test_debians_ffmpeg_records_it(name: str, tmp_path: Path) -> None:
    film, clip = FILMS[name], tmp_path / "clip.mkv"
    with streaming(film) as camera:
        source = ["-rtsp_transport", "tcp", "-i", address(camera)]
        recorded = run(
            "ffmpeg", "-v", "error", *source, "-map", "0:v", "-c", "copy", "-frames:v", str(ENOUGH), str(clip)
        )
        camera.state.journal.wait_for(SessionEnded, 1, PATIENCE_SECONDS)
        assert camera.state.stream.sessions.torn_down == 1
    assert recorded.returncode == 0, recorded.stderr.replace(quote(PASSWORD, safe=""), "PASSWORD")
    shown = run("ffprobe", "-v", "error", "-count_packets", "-show_streams", "-of", "json", str(clip))
    (stream,) = json.loads(shown.stdout)["streams"]
    assert (stream["codec_name"], stream["width"], stream["height"]) == (NAMES[film.codec], 320, 180)
    assert int(stream["nb_read_packets"]) == ENOUGH
    assert shown.stderr == ""


@needs_ffmpeg
@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_debians_ffmpeg_decodes_it_without_a_complaint(film: Film, tmp_path: Path) -> None:
    with streaming(film) as camera:
        source = ["-rtsp_transport", "tcp", "-i", address(camera)]
        done = run(
            "ffmpeg", "-v", "warning", *source, "-map", "0:v", "-frames:v", str(ENOUGH), str(tmp_path / "%02d.png")
        )
    assert done.returncode == 0
    assert len(list(tmp_path.glob("*.png"))) == ENOUGH
    assert done.stderr == ""


def run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
