"""The whole worker with its eye on a camera's stream, and what befalls that."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from demo.camera.stream.faults import Full
from demo.camera.stream.film import Film
from demo.program import Program
from tests.support.site import ONLY, Site
from tests.support.waiting import eventually

HOT = {"CAMERA_STREAM": "main", "CAMERA_LENS": "hot"}
FELL_BACK = "the photo is a snapshot: the stream's newest picture would not do"


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        site.film = Film(size=(320, 180), fps=10, key_frame_distance=10)
        site.camera(ONLY, "astronaut.jpg")
        yield site


@pytest.fixture
def camera(site: Site) -> SimulatedCamera:
    return site.cameras[ONLY]


def end_of(site: Site, press: str) -> str:
    return str(
        eventually(lambda: (site.books.record_of(press).get("status", "in_progress") != "in_progress") and press)
    )


def completed(site: Site) -> bool:
    press = site.press()
    end_of(site, press)
    return bool(site.books.record_of(press)["status"] == "completed")


def wait_for_picture(worker: Program) -> None:
    worker.wait_for("the newest picture is at hand")


def test_a_camera_that_goes_away_and_comes_back_is_seen_through_its_stream_again(
    site: Site, camera: SimulatedCamera
) -> None:
    worker = site.start(**HOT)
    wait_for_picture(worker)
    camera.switch_off()
    worker.wait_for("no pictures from the camera's stream")
    camera.switch_on()
    worker.wait_for("the camera's stream is back")
    assert eventually(lambda: completed(site) and not camera.state.snapshots)


@pytest.mark.parametrize("answer", Full)
def test_a_camera_whose_sessions_are_taken_is_photographed_by_snapshot_and_its_breaker_stays_closed(
    site: Site, camera: SimulatedCamera, answer: Full
) -> None:
    camera.state.stream.faults.when_full = answer
    camera.state.stream.sessions.limit = 0
    worker = site.start(**HOT)
    worker.wait_for("no pictures from the camera's stream")
    assert completed(site)
    worker.wait_for(FELL_BACK)
    assert len(camera.state.snapshots) == 1
    assert camera.state.logins.refused == 0


def test_a_password_that_is_changed_under_way_costs_two_refused_logins_at_both_ports_together(
    site: Site, camera: SimulatedCamera
) -> None:
    worker = site.start(**HOT)
    wait_for_picture(worker)
    camera.state.logins.change_password("another")
    camera.state.stream.sessions.clear()
    camera.state.logins.expire_nonces()
    press = site.press()
    end_of(site, press)
    camera.switch_off()
    worker.wait_for("no pictures from the camera's stream")
    camera.switch_on()
    end_of(site, site.press())
    assert 1 <= camera.state.logins.refused <= 2
