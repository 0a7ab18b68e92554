from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.answers import answers
from worker.domain.audience_face import AudienceFace, Judgement, Pose, read_audience

WHOLE = {
    "BoundingBox": {"Left": 0.25, "Top": 0.5, "Width": 0.125, "Height": 0.25},
    "Pose": {"Roll": 3.0, "Yaw": -12.5, "Pitch": 7.25},
    "EyesOpen": {"Value": True, "Confidence": 97.5},
    "Smile": {"Value": False, "Confidence": 61.0},
    "FaceOccluded": {"Value": False, "Confidence": 99.0},
    "Emotions": [{"Type": "CALM", "Confidence": 80.0}, {"Type": "HAPPY", "Confidence": 12.0}],
    "Confidence": 99.9,
}
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["Value", "Left", "Yaw"]), inner),
    max_leaves=4,
)


def read(**changes: Any) -> AudienceFace:
    (face,) = read_audience([{**WHOLE, **changes}])
    return face


def test_a_face_is_read_with_all_that_is_told_of_it() -> None:
    assert read() == AudienceFace(
        middle=(0.3125, 0.625),
        size=(0.125, 0.25),
        pose=Pose(yaw=-12.5, pitch=7.25),
        eyes_open=Judgement(value=True, confidence=97.5),
        smile=Judgement(value=False, confidence=61.0),
        occluded=Judgement(value=False, confidence=99.0),
        emotions={"CALM": 80.0, "HAPPY": 12.0},
    )


def test_of_a_face_of_which_nothing_is_told_nothing_is_known() -> None:
    assert read_audience([{}]) == (AudienceFace(middle=None),)


@pytest.mark.parametrize("number", [None, "12", float("nan"), float("inf"), True, 10**400, [1.0]])
def test_what_is_no_number_is_not_told(number: object) -> None:
    judgement = {"Value": True, "Confidence": number}
    seen = read(
        BoundingBox={**WHOLE["BoundingBox"], "Left": number},  # type: ignore[dict-item]
        Pose={"Yaw": 1.0, "Pitch": number},
        EyesOpen=judgement,
        Emotions=[{"Type": "HAPPY", "Confidence": number}],
    )
    assert (seen.middle, seen.pose, seen.eyes_open, seen.emotions) == (None, None, None, {})


@pytest.mark.parametrize("value", [None, "true", 1])
def test_what_is_neither_yes_nor_no_is_not_told(value: object) -> None:
    assert read(Smile={"Value": value, "Confidence": 99.0}).smile is None


@pytest.mark.parametrize("pose", [{"Yaw": 180.5, "Pitch": 0.0}, {"Yaw": 0.0, "Pitch": -181.0}, {"Yaw": 3.0}])
def test_half_a_pose_or_one_beyond_all_degrees_is_none(pose: dict[str, float]) -> None:
    assert read(Pose=pose).pose is None


def test_the_middle_of_a_box_that_reaches_beyond_the_picture_lies_within_it() -> None:
    assert read(BoundingBox={"Left": -0.5, "Top": 0.9, "Width": 0.25, "Height": 0.5}).middle == (0.0, 1.0)


@pytest.mark.parametrize(("least", "worn"), [(79.9, "CALM"), (80.0, "CALM"), (80.1, None)])
def test_an_emotion_is_worn_from_the_least_confidence_on(least: float, worn: str | None) -> None:
    assert read().wears(least) == worn


@settings(max_examples=40)
@given(answers)
def test_every_answer_is_read(details: list[dict[str, Any]]) -> None:
    seen = read_audience(details)
    assert len(seen) == len(details)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in (face.middle for face in seen if face.middle))


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), odd))
def test_an_answer_of_odd_parts_is_a_face_of_which_less_is_told(changes: dict[str, Any]) -> None:
    assert isinstance(read(**changes), AudienceFace)
    assert len(read_audience(changes.values())) == len(changes)
