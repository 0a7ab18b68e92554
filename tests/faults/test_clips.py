"""What befalls a clip under way from the camera's side, from the disk's, and from other presses."""

import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from demo.camera.stream.faults import DescriptionFault, SendingFault, StreamFaults
from demo.program import Program
from tests.faults.steps import SMALL, RecordingPoint
from tests.support.account import Item
from tests.support.site import ONLY, Site
from tests.support.waiting import eventually
from worker.domain.timestamp import parse_iso

HOT = {"CAMERA_STREAM": "main", "CAMERA_LENS": "hot"}


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        site.film = SMALL
        site.camera(ONLY)
        yield site


@pytest.fixture
def camera(site: Site) -> SimulatedCamera:
    return site.cameras[ONLY]


def record(site: Site, seconds: float) -> str:
    """Until two seconds of it are on the disk; the id of its message."""
    grows = RecordingPoint().reach(site, ONLY)
    message_id = site.record_video(seconds)
    eventually(grows)
    return message_id


def end_of(site: Site, message_id: str) -> Item:
    eventually(lambda: site.books.record_of(message_id).get("status", "in_progress") != "in_progress")
    return site.books.record_of(message_id)


def shortened_by(worker: Program) -> str:
    [entry] = worker.logged("the clip is shorter than was wished")
    return str(entry["reason"])


class TestAClipUnderWay:
    def test_goes_on_where_the_camera_is_away_for_a_moment(self, site: Site, camera: SimulatedCamera) -> None:
        site.start()
        clip = record(site, 8)
        camera.switch_off()
        camera.switch_on()
        end = end_of(site, clip)
        assert (end["status"], end["video"]) == ("completed", "complete")
        assert float(end["video_seconds"]) == pytest.approx(8, abs=1)
        assert [request.method for request in camera.state.stream.requests].count("PLAY") == 2

    def test_is_partial_where_the_camera_stays_away(self, site: Site, camera: SimulatedCamera) -> None:
        worker = site.start()
        clip = record(site, 60)
        camera.switch_off()
        end = end_of(site, clip)
        assert (end["status"], end["video"]) == ("completed", "partial")
        assert shortened_by(worker).startswith("the camera stopped sending")

    def test_is_partial_where_the_size_of_the_pictures_changes(self, site: Site, camera: SimulatedCamera) -> None:
        worker = site.start()
        clip = record(site, 60)
        camera.state.stream.film = replace(SMALL, size=(400, 300))
        end = end_of(site, clip)
        assert (end["status"], end["video"]) == ("completed", "partial")
        assert shortened_by(worker) == "the camera changed the size or the codec of its pictures"
        assert eventually(lambda: camera.state.stream.sessions.open_now == 0)

    def test_is_partial_where_the_disk_is_full(self, site: Site) -> None:
        worker = site.start()
        clip = record(site, 60)
        [growing] = site.data_dir.glob(f"spool/{ONLY}/*/growing.mp4")
        room = growing.stat().st_size + 1000
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (room, room))
        end = end_of(site, clip)
        assert (end["status"], end["video"], end["speech"]) == ("completed", "partial", "spoken")
        assert shortened_by(worker).startswith("DATA_DIR took no more of the clip: ")
        assert site.account.photo_keys() == [end["video_key"]]

    @pytest.mark.parametrize("settings", [{}, HOT], ids=["snapshot", "hot"])
    def test_lets_a_photo_be_taken_at_once_and_a_second_clip_wait(
        self, site: Site, camera: SimulatedCamera, settings: dict[str, str]
    ) -> None:
        site.start(CONCURRENCY="1", **settings)
        first = record(site, 10)
        second = site.record_video(1)
        photo = end_of(site, site.press())
        assert (photo["status"], site.books.record_of(first)["status"]) == ("completed", "in_progress")
        assert len(camera.state.snapshots) == (0 if settings else 1)
        one, other = end_of(site, first), end_of(site, second)
        assert (one["video"], other["video"]) == ("complete", "complete")
        ended_at = parse_iso(one["taken_at"]) + timedelta(seconds=float(one["video_seconds"]))
        # It reaches back to its press as far as the stream is kept: two seconds and a group of pictures, which is one
        # second more. Two at once would have begun seven seconds and more before the end of the first.
        assert parse_iso(other["taken_at"]) > ended_at - timedelta(seconds=5)
        assert camera.state.stream.sessions.peak == 1


class TestNoClip:
    @pytest.mark.parametrize(
        ("faults", "words"),
        [
            (StreamFaults(refuses_right_login=True), "the right to live view; or else all its stream sessions are"),
            (StreamFaults(description=DescriptionFault.NO_VIDEO), "the camera's stream has no video"),
            (StreamFaults(description=DescriptionFault.MJPEG), "set the encoding of this stream to H.264"),
        ],
        ids=["no right", "no video", "MJPEG"],
    )
    def test_fails_at_once_where_there_will_never_be_any(
        self, site: Site, camera: SimulatedCamera, faults: StreamFaults, words: str
    ) -> None:
        camera.state.stream.faults = faults
        site.start()
        end = end_of(site, site.record_video(1))
        assert (end["status"], words in end["error"]) == ("failed", True), end["error"]
        assert not {"video", "video_key"} & end.keys()
        assert camera.state.logins.refused == 0

    def test_is_given_back_at_once_by_a_worker_that_stops_before_the_first_picture(
        self, site: Site, camera: SimulatedCamera
    ) -> None:
        camera.state.stream.faults.sending = SendingFault.STALLS
        worker = site.start(DRAIN_SECONDS="60")
        clip = site.record_video(1)
        eventually(lambda: "PLAY" in [request.method for request in camera.state.stream.requests])
        since = worker.mark
        assert site.stop(worker) == 0
        assert worker.logged("handed back, it was not started", since=since)
        assert not worker.logged("failed, trying again")
        camera.state.stream.faults = StreamFaults()
        site.start()
        end = end_of(site, clip)
        assert (end["status"], end["video"]) == ("completed", "complete")
