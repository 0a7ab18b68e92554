"""The hall of the demo, looked at by the local cloud's own networks and measured as the worker measures."""

from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.camera import SimulatedCamera
from demo.hall import PHOTOS, SECTIONS, HallView, hall, named_in
from localcloud.vision import Attribute, FaceAnalyser
from tests.camera_simulator.conftest import PASSWORD, Visitor
from worker.domain.audience import Audience, Frame, observe
from worker.domain.audience_face import AudienceFace, read_audience
from worker.domain.level import Level
from worker.domain.section import Rules
from worker.domain.sections import read_grid

pytestmark = pytest.mark.slow

ASKED: frozenset[Attribute] = frozenset({"DEFAULT", "EMOTIONS", "SMILE"})
SEATED = 48
GRID = read_grid("3x2")
STEP = 5.0
"""Seconds from one frame to the next."""


@pytest.fixture(scope="module")
def analyser() -> FaceAnalyser:
    return FaceAnalyser()


def faces(analyser: FaceAnalyser, away: Collection[str], seed: int) -> tuple[AudienceFace, ...]:
    with Image.open(BytesIO(hall(away, seed))) as picture:
        return read_audience(analyser.detect_faces(np.asarray(picture), ASKED))


def yaws(found: Collection[AudienceFace], section: str) -> list[float]:
    seated = [face for face in found if face.middle and GRID.section_at(face.middle) == section]
    return [abs(face.pose.yaw) for face in seated if face.pose]


def watch(analyser: FaceAnalyser, frames: Collection[tuple[str, ...]]) -> Iterator[Frame]:
    """`frames` are the sections that are turned away in each."""
    audience, rules = Audience.unseen(GRID), Rules(calibrate_seconds=10)
    for number, away in enumerate(frames):
        audience, frame = observe(audience, faces(analyser, away, number), number * STEP, rules)
        yield frame


def test_its_sections_are_those_of_a_watch() -> None:
    assert GRID.names == SECTIONS


def test_whoever_faces_the_stage_is_found_and_measured_so(analyser: FaceAnalyser) -> None:
    for seed in range(2):
        found = faces(analyser, (), seed)
        assert SEATED - 3 <= len(found) <= SEATED
        assert all(yaw <= 20 for section in SECTIONS for yaw in yaws(found, section))


def test_enough_of_those_who_turn_away_are_found_in_any_section_and_far_aside(analyser: FaceAnalyser) -> None:
    for seed in range(2):
        found = faces(analyser, SECTIONS, seed)
        assert all(5 <= len(yaws(found, section)) <= 8 for section in SECTIONS)
        assert all(yaw > 25 for section in SECTIONS for yaw in yaws(found, section))


def test_a_section_that_turns_away_becomes_red_and_the_others_stay_green(analyser: FaceAnalyser) -> None:
    seen = list(watch(analyser, [()] * 4 + [("front left",)] * 8))
    before, after = seen[3], seen[-1]
    assert {reading.level for reading in before.sections.values()} == {Level.GREEN}
    assert {name for name, reading in after.sections.items() if reading.level is Level.RED} == {"front left"}
    figures = after.sections["front left"].figures
    assert figures is not None
    assert figures.smoothed is not None
    assert figures.smoothed < 35
    assert {after.sections[name].level for name in SECTIONS if name != "front left"} == {Level.GREEN}


def test_pictures_of_a_seed_are_the_same_and_of_two_seeds_not() -> None:
    assert hall((), 1) == hall((), 1)
    assert hall((), 1) != hall((), 2)


def test_a_camera_in_the_hall_sees_a_section_turn_away_as_soon_as_a_file_names_it(tmp_path: Path) -> None:
    turned = tmp_path / "away"
    view = HallView(lambda: named_in(turned))
    with SimulatedCamera(photos=PHOTOS, password=PASSWORD) as camera, Visitor(camera) as visitor:
        camera.state.photos = view
        before = visitor.get("snapshot.cgi").content
        turned.write_text("back right\nfront left\n", encoding="utf-8")
        after = visitor.get("snapshot.cgi").content
    assert (before, after) == (hall((), 1), hall(("back right", "front left"), 2))
    assert [shot.photo for shot in camera.state.snapshots] == ["hall-0001.jpg", "hall-0002.jpg"]
