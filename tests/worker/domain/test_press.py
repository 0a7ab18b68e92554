from datetime import UTC, datetime, timedelta, timezone

import pytest

from worker.domain.press import NotACapture, Press, read_capture_id

PRESSED_AT = datetime(2026, 11, 2, 8, 4, 0, 7_000, UTC)
PRESS = Press("lobby", "6f1c", PRESSED_AT)


def test_the_record_is_found_by_time_and_press() -> None:
    assert PRESS.capture_id == "2026-11-02T08:04:00.007Z#6f1c"


def test_the_photo_lies_under_camera_and_day() -> None:
    assert PRESS.image_key == "captures/lobby/2026/11/02/080400007-6f1c.jpg"
    assert PRESS.video_key == "captures/lobby/2026/11/02/080400007-6f1c.mp4"


def test_both_are_in_utc() -> None:
    elsewhere = Press("lobby", "6f1c", PRESSED_AT.astimezone(timezone(timedelta(hours=-9))))
    assert (elsewhere.capture_id, elsewhere.image_key) == (PRESS.capture_id, PRESS.image_key)


def test_a_capture_id_is_read_back() -> None:
    assert read_capture_id("lobby", PRESS.capture_id) == PRESS


@pytest.mark.parametrize(
    ("camera", "capture_id"),
    [
        ("lobby", ""),
        ("lobby", "6f1c"),
        ("lobby", "2026-11-02T08:04:00.007Z"),
        ("lobby", "2026-11-02T08:04:00.007Z#"),
        ("lobby", "2026-11-02T08:04:00.007Z#../../etc"),
        ("lobby", "2026-99-99T08:04:00.007Z#6f1c"),
        ("lobby", "2026-11-02T08:04:00Z#6f1c"),
        ("..", "2026-11-02T08:04:00.007Z#6f1c"),
        ("", "2026-11-02T08:04:00.007Z#6f1c"),
    ],
)
def test_nothing_else_is(camera: str, capture_id: str) -> None:
    with pytest.raises(NotACapture):
        read_capture_id(camera, capture_id)
