"""The camera's stream as a photo and as a clip, from the queue to the bucket."""

import io
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from demo.camera import SimulatedCamera
from demo.camera.stream.faults import SendingFault
from demo.camera.stream.film import Codec, Film, Tint
from demo.program import Program
from tests.support.site import ONLY, Site
from tests.support.waiting import eventually

SIZE = (640, 360)
SOME = 100_000
"""Bytes of a clip in which there is more than its first picture."""
OLD_SECONDS = 2.5
"""After so long no picture counts as of this moment."""
STREAM = {"CAMERA_STREAM": "main"}


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """Its camera's stream has another size than its photographs."""
    with Site(cloud, tmp_path) as site:
        site.film = Film(size=SIZE, fps=15, key_frame_distance=15)
        site.camera(ONLY, "astronaut.jpg")
        yield site


@pytest.fixture
def camera(site: Site) -> SimulatedCamera:
    return site.cameras[ONLY]


def photo(site: Site, count: int = 1) -> Image.Image:
    record = site.account.ended(count)[-1]
    return Image.open(io.BytesIO(site.account.photo(str(record["image_key"]))[0]))


def wait_for_stream(worker: Program) -> None:
    worker.wait_for("the camera's stream is open")


@pytest.mark.parametrize("lens", ["lazy", "hot"])
def test_the_photo_is_the_stream_s_newest_picture_and_is_seen_told_and_dated(
    site: Site, camera: SimulatedCamera, lens: str
) -> None:
    # However busy this machine is: of `lazy` and a snapshot that is asked for beside it, the faster one is the photo.
    camera.state.snapshot_seconds = 30.0
    worker = site.start(CAMERA_LENS=lens, **STREAM)
    worker.wait_for({"lazy": "the camera's stream is open", "hot": "the newest picture is at hand"}[lens])
    site.press()
    taken = photo(site)
    [record] = site.account.ended()
    assert (taken.size, record["face_count"], record["speech"]) == (SIZE, 1, "spoken")
    assert (camera.state.snapshots, camera.state.stream.sessions.peak) == ([], 1)
    tags = taken.getexif().get_ifd(ExifTags.IFD.Exif)
    dated = "".join(tags[tag] for tag in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal))
    told = datetime.fromisoformat(str(record["taken_at"]))
    assert abs((datetime.strptime(dated, "%Y:%m:%d %H:%M:%S%z") - told).total_seconds()) < 2
    assert site.stop(worker) == 0
    assert camera.state.stream.sessions.open_now == 0
    assert camera.state.stream.sessions.torn_down == 1


@pytest.mark.parametrize("fault", ["stalls", "grey", "green"])
def test_a_stream_that_shows_nothing_costs_no_photo(site: Site, camera: SimulatedCamera, fault: str) -> None:
    worker = site.start(CAMERA_LENS="lazy", **STREAM)
    wait_for_stream(worker)
    if fault == "stalls":
        camera.state.stream.faults.sending = SendingFault.STALLS
    else:
        camera.state.stream.faults.tint = Tint(fault)
    # The lens goes by the age of the newest picture, and a tint begins with the next key frame.
    time.sleep(OLD_SECONDS)
    for number in (1, 2):
        site.press()
        assert photo(site, number).size == (512, 512)
    assert len(worker.logged("the photo is a snapshot: the stream's newest picture would not do")) == 1


def test_a_worker_whose_stream_is_off_opens_none_and_loads_no_ffmpeg(site: Site, camera: SimulatedCamera) -> None:
    worker = site.start()
    site.press()
    assert photo(site).size == (512, 512)
    assert camera.state.stream.requests == []
    assert "libavcodec" not in Path(f"/proc/{worker.pid}/maps").read_text()


@pytest.mark.parametrize("settings", [{}, STREAM, {**STREAM, "VIDEO_BEFORE_SECONDS": "2"}])
def test_a_clip_is_recorded_from_a_session_that_is_open_or_from_one_of_its_own(
    site: Site, camera: SimulatedCamera, settings: dict[str, str]
) -> None:
    worker = site.start(VIDEO_LOOK_SECONDS="1", **settings)
    if "VIDEO_BEFORE_SECONDS" in settings:
        wait_for_stream(worker)
        time.sleep(3)
    site.record_video(2)
    [record] = site.account.ended()
    assert (record["status"], record["video"], record["speech"]) == ("completed", "complete", "spoken")
    assert all(moment["face_count"] == 1 for moment in record["moments"])
    expected = 4 if "VIDEO_BEFORE_SECONDS" in settings else 2
    assert expected - 0.2 <= float(record["video_seconds"]) <= expected + 1.3
    assert camera.state.stream.sessions.peak == 1
    open_now = 1 if "VIDEO_BEFORE_SECONDS" in settings else 0
    assert eventually(lambda: camera.state.stream.sessions.open_now == open_now)
    assert plays(site, str(record["video_key"])) == pytest.approx(float(record["video_seconds"]), abs=0.1)


@pytest.mark.parametrize("codec", Codec)
def test_a_camera_that_ends_its_stream_leaves_a_partial_clip(site: Site, camera: SimulatedCamera, codec: Codec) -> None:
    camera.state.stream.film = Film(size=SIZE, codec=codec, b_frames=1)
    # Rendered before anybody waits for it: a busy machine takes seconds.
    camera.state.stream.reel(0)
    site.start(**STREAM)
    site.record_video(30)
    assert eventually(lambda: any(path.stat().st_size > SOME for path in site.data_dir.glob("spool/*/*/growing.mp4")))
    camera.state.stream.faults.sending = SendingFault.STALLS
    [record] = site.account.ended()
    assert (record["status"], record["video"]) == ("completed", "partial")
    assert plays(site, str(record["video_key"])) == pytest.approx(float(record["video_seconds"]), abs=0.1)


def test_a_worker_that_is_killed_in_a_recording_leaves_a_clip_that_plays_and_records_no_second_one(
    site: Site, camera: SimulatedCamera
) -> None:
    worker = site.start()
    site.record_video(60)
    assert eventually(lambda: any(path.stat().st_size > SOME for path in site.data_dir.glob("spool/*/*/growing.mp4")))
    site.kill(worker)
    began = len(camera.state.stream.requests)
    site.start()
    [record] = site.account.ended()
    assert (record["status"], record["video"]) == ("completed", "partial")
    assert plays(site, str(record["video_key"])) == pytest.approx(float(record["video_seconds"]), abs=0.1)
    assert "PLAY" not in [request.method for request in camera.state.stream.requests[began:]]


def test_a_stop_closes_the_stream_of_a_camera_that_sends_nothing(site: Site, camera: SimulatedCamera) -> None:
    worker = site.start(CAMERA_LENS="hot", **STREAM)
    wait_for_stream(worker)
    camera.state.stream.faults.sending = SendingFault.STALLS
    assert site.stop(worker) == 0
    assert camera.state.stream.sessions.open_now == 0


def test_check_tells_how_the_stream_comes_and_records_a_second_of_it(site: Site, camera: SimulatedCamera) -> None:
    check = site.host.run("check", "--speak", **STREAM)
    lines = [line for line in check.stdout.splitlines() if "camera default" in line]
    assert check.returncode == 0, check.stdout
    found = "\n".join(lines)
    assert "ok      camera default stream: H.264, 15 pictures and 1.0 s from one key frame to the next" in found
    assert "ok      camera default encoding: H.264, 640x360, 15 pictures a second, a key frame every 1.0 s" in found
    assert "ok      camera default clip: " in found
    assert camera.state.stream.sessions.open_now == 0


def test_check_tells_what_is_wrong_with_the_encoding(site: Site, camera: SimulatedCamera) -> None:
    camera.state.stream.film = Film(size=SIZE, codec=Codec.H265, key_frame_distance=45)
    camera.state.stream.reel(1)
    camera.state.stream.smart_codec = True
    check = site.host.run("check", CAMERA_STREAM="sub")
    [line] = [line for line in check.stdout.splitlines() if "default encoding" in line]
    assert line.startswith("warning")
    for words in ("H.265", "Smart Codec", "I frame interval"):
        assert words in line


def test_check_tells_of_a_port_that_is_closed(site: Site, camera: SimulatedCamera) -> None:
    check = site.host.run("check", CAMERA_RTSP_PORT="1", **STREAM)
    assert check.returncode == 1
    [line] = [line for line in check.stdout.splitlines() if "default stream" in line]
    assert line.startswith("failed")
    assert "CAMERA_RTSP_PORT" in line
    assert camera.state.logins.refused == 0


def plays(site: Site, key: str) -> float:
    """The seconds that the system's FFmpeg finds in it, without a complaint."""
    clip = site.account.s3.get_object(Bucket=site.account.resources.bucket, Key=key)["Body"].read()
    file = site.folder / "played.mp4"
    file.write_bytes(clip)
    assert clip.index(b"moov") < clip.index(b"mdat")
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(file), "-f", "null", "-"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(file)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
