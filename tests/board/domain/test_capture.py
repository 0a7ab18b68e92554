"""A record as a page shows it: one that is broken is shown as far as it can be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.capture import ClipMoment, Rated, read_capture, seen
from board.domain.faces import Box, Rating
from board.domain.moment import Moment, moment
from board.domain.moods import MOODS, summary, wears, word
from board.domain.steps import progress
from tests.board.anything import ANYTHING
from tests.board.fakes import NOW, record

ATTRIBUTES = (
    "status",
    "command",
    "pressed_at",
    "taken_at",
    "completed_at",
    "lease_until",
    "source",
    "device",
    "image_key",
    "video_key",
    "faces",
    "face_count",
    "top_emotion",
    "mood",
    "said",
    "speech",
    "error",
    "labels",
    "text",
    "moments",
    "timings_ms",
)


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), ANYTHING))
def test_whatever_is_in_a_record_it_can_be_shown(attributes: dict[str, Any]) -> None:
    broken = {**record(), **attributes}
    shown = read_capture(broken, NOW)
    assert shown.capture_id == broken["capture_id"]
    assert shown.alt.encode()
    assert progress("TakePicture", "now", broken, NOW).steps
    assert wears(broken, "HAPPY") in {True, False}


@given(ANYTHING, ANYTHING)
def test_whatever_a_face_is_it_can_be_shown(face: Any, box: Any) -> None:
    broken = record(faces=[face, {"box": box, "emotions": face, "attributes": face}, {"box": {"left": box}}])
    for shown in read_capture(broken, NOW).faces:
        assert shown.box is None or (shown.box.left + shown.box.width <= 100.01 and shown.box.width > 0)


def test_boxes_that_reach_beyond_the_photo_end_with_it() -> None:
    box = {"left": 0.9, "top": -0.2, "width": 0.5, "height": 0.5}
    (shown,) = read_capture(record(faces=[{"box": box}]), NOW).faces
    assert shown.box is not None
    assert (shown.box.left, shown.box.top, shown.box.width, shown.box.height) == (90, 0, 10, 50)


def test_emotions_are_words_and_the_surest_goes_first() -> None:
    face = {"emotions": {"CALM": 1.5, "FEAR": 90.0, "UNKNOWN": 0.2}}
    (shown,) = read_capture(record(faces=[face]), NOW).faces
    assert shown.name == "afraid 90 %"
    assert [rating.word for rating in shown.telling] == ["afraid", "calm"]
    assert len(MOODS) == 8
    assert word("BORED") == "bored"


def test_a_long_text_is_cut_and_half_a_character_does_not_take_the_page_down() -> None:
    shown = read_capture(record(said="x" * 10_000, error="\ud800"), NOW)
    assert len(shown.said) < 2100
    assert shown.said.endswith("…")


def test_a_record_counts_as_another_once_a_tile_shows_something_else() -> None:
    early = record(status="in_progress", speech=None, image_key=None)
    assert seen(early) != seen({**early, "image_key": "captures/1.jpg"})
    assert seen(early) == seen({**early, "lease_until": "2026-11-22T18:46:00.000Z"})


def test_moments_are_told_in_utc_whatever_the_hosts_language() -> None:
    assert moment("2026-11-22T23:30:00.000-02:00").words == "23 Nov 2026, 01:30 UTC"
    assert moment("yesterday").words == "yesterday"
    assert moment("0001-01-01T00:00:00+12:00").iso == ""
    assert not moment(None).words


def test_moods_are_counted_the_commonest_first() -> None:
    assert summary({"CALM": 1, "HAPPY": 2, "SAD": 0, "ANGRY": "many"}) == "2 happy, 1 calm"


def test_a_record_from_before_moods_counts_by_its_largest_face() -> None:
    assert wears(record(mood=None), "HAPPY")
    assert not wears(record(mood={}), "HAPPY")


def test_what_all_attributes_add_is_said_in_words() -> None:
    found = {
        "AgeRange": {"Low": 24, "High": 32},
        "Smile": {"Value": True, "Confidence": 91.2},
        "Gender": {"Value": "Female", "Confidence": 99.0},
        "Landmarks": [{"Type": "eyeLeft", "X": 0.3, "Y": 0.4}],
        "Pose": {"Roll": 1.2, "Yaw": -3.4, "Pitch": 5.0},
    }
    (shown,) = read_capture(record(faces=[{"attributes": found}]), NOW).faces
    assert dict(shown.attributes) == {
        "Age range": "24 to 32",
        "Smile": "yes (91 %)",
        "Gender": "female (99 %)",
        "Pose": "roll 1, yaw -3, pitch 5",
    }


@pytest.mark.parametrize("size", [{"width": 0, "height": 0.5}, {"width": 0.5, "height": 0}, {"width": -1}, {}])
def test_a_box_without_a_size_is_nowhere_to_be_seen(size: dict[str, float]) -> None:
    (shown,) = read_capture(record(faces=[{"box": {"left": 0.1, "top": 0.1, **size}}]), NOW).faces
    assert shown.box is None


def test_a_box_ends_with_the_photo_below_too_and_is_told_to_a_hundredth() -> None:
    box = {"left": 0.123456, "top": 0.8, "width": 0.111111, "height": 0.9}
    (shown,) = read_capture(record(faces=[{"box": box}]), NOW).faces
    assert shown.box == Box(12.35, 80.0, 11.11, 20.0)


def test_a_face_with_nothing_but_its_emotion_is_rated_by_that() -> None:
    (shown,) = read_capture(record(faces=[{"emotion": "CALM", "confidence": 77.4}]), NOW).faces
    assert (shown.name, shown.ratings) == ("calm 77 %", (Rating("calm", 77.4),))
    (silent,) = read_capture(record(faces=[{}]), NOW).faces
    assert (silent.name, silent.ratings) == ("", ())


def test_ratings_stay_within_their_bounds_and_what_is_no_number_is_left_out() -> None:
    (shown,) = read_capture(record(faces=[{"emotions": {"SAD": 170, "CALM": -3, "FEAR": "90"}}]), NOW).faces
    assert shown.ratings == (Rating("sad", 100), Rating("calm", 0))
    assert [rating.word for rating in shown.telling] == ["sad"]


def test_no_more_faces_are_shown_than_rekognition_finds() -> None:
    assert len(read_capture(record(faces=[{}] * 150), NOW).faces) == 100


def test_an_attribute_that_does_not_hold_is_a_no() -> None:
    found = {"Smile": {"Value": False, "Confidence": 61.0}, "AgeRange": {"Low": -4, "High": 900}}
    (shown,) = read_capture(record(faces=[{"attributes": found}]), NOW).faces
    assert dict(shown.attributes) == {"Smile": "no (61 %)", "Age range": "0 to 200"}


def test_what_rekognition_calls_unknown_is_not_clear() -> None:
    assert word("UNKNOWN") == "not clear"


@pytest.mark.parametrize(("counts", "worn"), [({"HAPPY": 1}, True), ({"HAPPY": 0}, False), ({"HAPPY": -1}, False)])
def test_a_mood_is_worn_by_somebody(counts: dict[str, int], *, worn: bool) -> None:
    assert wears(record(mood=counts), "HAPPY") is worn


@pytest.mark.parametrize("value", ["2026-11-22T23:30:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+12:00"])
def test_what_is_no_moment_that_can_be_reckoned_with_is_told_as_it_stands(value: str) -> None:
    assert moment(value) == Moment("", value)


@pytest.mark.parametrize(
    ("command", "kind", "clip"),
    [
        (None, "photo", False),
        ("TakePicture", "photo", False),
        ("RecordVideo", "clip", True),
        ("Forget", "forgetting", False),
        ("Dance", "Dance", False),
    ],
)
def test_a_record_is_of_a_kind(command: str | None, kind: str, *, clip: bool) -> None:
    shown = read_capture(record(command=command), NOW)
    assert (shown.kind, shown.is_clip) == (kind, clip)


def test_a_photo_has_an_address_once_it_is_stored() -> None:
    assert read_capture(record(image_key=None), NOW).photo == ""
    assert read_capture(record(), NOW).photo.startswith("photos/lobby/")


def test_a_press_without_its_moment_is_told_by_its_name() -> None:
    assert read_capture(record(pressed_at=None), NOW).pressed.words == "22 Nov 2026, 18:44 UTC"
    assert read_capture(record(pressed_at="2026-11-22T18:43:00.000Z"), NOW).pressed.words == "22 Nov 2026, 18:43 UTC"


@pytest.mark.parametrize(
    ("count", "told"), [(None, "not looked at yet"), (0, "no face"), (1, "1 face"), (3, "3 faces")]
)
def test_faces_are_counted_for_who_does_not_see_the_photo(count: int | None, told: str) -> None:
    assert read_capture(record(face_count=count, faces=[]), NOW).alt == f"Photo of lobby: {told}"


def test_faces_are_named_for_who_does_not_see_the_photo() -> None:
    faces = [{"emotions": {"HAPPY": 98.7}}, {}, {"emotions": {"CALM": 80}}]
    assert read_capture(record(face_count=3, faces=faces), NOW).alt == "Photo of lobby: 3 faces: happy 99 %, calm 80 %"


def test_what_was_found_besides_has_a_name_and_is_sure_by_0_to_100() -> None:
    labels = [{"name": "Dog", "confidence": 93.5}, {"confidence": 80}, {"name": "Cat", "confidence": 300}]
    texts = [{"text": "EXIT", "confidence": -4}]
    shown = read_capture(record(labels=labels, text=texts), NOW)
    assert shown.labels == [Rated("Dog", 93.5), Rated("Cat", 100)]
    assert shown.texts == [Rated("EXIT", 0)]


def test_moments_of_a_clip_that_have_a_second_are_told() -> None:
    moments = [{"second": 2, "face_count": 3, "mood": {"HAPPY": 3}}, {"second": "soon", "face_count": 1}, {"second": 4}]
    assert read_capture(record(moments=moments), NOW).moments == [ClipMoment(2, 3, "3 happy"), ClipMoment(4, 0, "")]


def test_timings_are_shares_of_the_longest() -> None:
    shown = read_capture(record(timings_ms={"total": 2000, "snapshot": 500, "faces": "long", "dance": 9}), NOW)
    assert [(timing.name, timing.ms, timing.share) for timing in shown.timings] == [
        ("snapshot", 500, 25),
        ("total", 2000, 100),
    ]
    (nothing,) = read_capture(record(timings_ms={"queue": 0}), NOW).timings
    assert nothing.share == 0
