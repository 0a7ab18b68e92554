from dataclasses import replace

import pytest

from tests.worker.video.films import film
from worker.camera.encoding import Encoding
from worker.commands.check.encoding import advice, measured
from worker.commands.check.line import Level

GOOD = Encoding("H.264", 15, 15, "1920x1080", enabled=True, smart=False)
SILENT = Encoding("", None, None, "", enabled=None, smart=None)


def test_the_encoding_that_is_advised_is_praised() -> None:
    line = advice("encoding", GOOD)
    assert (line.level, line.remedy) == (Level.OK, "")
    assert line.found == "H.264, 1920x1080, 15 pictures a second, a key frame every 1.0 s"


def test_a_camera_that_does_not_say_is_not_blamed() -> None:
    assert advice("encoding", SILENT).level is Level.OK


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (replace(GOOD, codec="H.265"), "H.264"),
        (replace(GOOD, codec="MJPG"), "H.264"),
        (replace(GOOD, key_frame_distance=30), "I frame interval"),
        (replace(GOOD, smart=True), "Smart Codec off"),
        (replace(GOOD, enabled=False), "switch this stream on"),
    ],
)
def test_each_thing_that_costs_time_is_told_with_what_to_do(found: Encoding, word: str) -> None:
    line = advice("encoding", found)
    assert line.level is Level.WARNING
    assert word in line.remedy


def test_what_came_is_told_with_its_age() -> None:
    line = measured("stream", film(2))
    assert line.level is Level.OK
    assert "H.264, 10 pictures and 1.0 s from one key frame to the next" in line.found
    assert "at most 0.10 s ago" in line.found


def test_key_frames_that_do_not_come_are_told() -> None:
    line = measured("stream", film(2)[:9])
    assert (line.level, "I frame interval" in line.remedy) == (Level.WARNING, True)
