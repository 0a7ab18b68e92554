from datetime import UTC, datetime, timedelta, timezone

from worker.press import Press

PRESSED_AT = datetime(2026, 11, 2, 8, 4, 0, 7_000, UTC)
PRESS = Press("lobby", "6f1c", PRESSED_AT)


def test_the_record_is_found_by_time_and_press() -> None:
    assert PRESS.capture_id == "2026-11-02T08:04:00.007Z#6f1c"


def test_the_photo_lies_under_camera_and_day() -> None:
    assert PRESS.image_key == "captures/lobby/2026/11/02/080400007-6f1c.jpg"


def test_both_are_in_utc() -> None:
    elsewhere = Press("lobby", "6f1c", PRESSED_AT.astimezone(timezone(timedelta(hours=-9))))
    assert (elsewhere.capture_id, elsewhere.image_key) == (PRESS.capture_id, PRESS.image_key)
