from typing import Any

import pytest
from hypothesis import given, settings

from tests.worker.answers import answers, detail
from worker.domain.faces import Box, count_moods, read_faces


def read(*details: dict[str, Any]) -> list[str | None]:
    return [face.emotion for face in read_faces(details, keep_attributes=False)]


def test_the_largest_face_comes_first() -> None:
    assert read(detail(0.1, SAD=90.0), detail(0.3, HAPPY=90.0), detail(0.2, CALM=90.0)) == ["HAPPY", "CALM", "SAD"]


def test_emotions_come_in_falling_order() -> None:
    (face,) = read_faces([detail(CALM=10.0, HAPPY=80.0, SAD=9.0)], keep_attributes=False)
    assert list(face.emotions.items()) == [("HAPPY", 80.0), ("CALM", 10.0), ("SAD", 9.0)]
    assert (face.emotion, face.confidence) == ("HAPPY", 80.0)


def test_a_face_without_emotions_wears_none() -> None:
    (face,) = read_faces([detail()], keep_attributes=False)
    assert (face.emotion, face.confidence, face.wears(0)) == (None, None, None)


@pytest.mark.parametrize(("min_confidence", "worn"), [(79.9, "HAPPY"), (80.0, "HAPPY"), (80.1, None)])
def test_an_emotion_is_worn_from_the_least_confidence_on(min_confidence: float, worn: str | None) -> None:
    (face,) = read_faces([detail(HAPPY=80.0)], keep_attributes=False)
    assert face.wears(min_confidence) == worn


def test_a_box_that_reaches_beyond_the_photo_is_cut_at_its_edge() -> None:
    box = {"Left": -0.125, "Top": 0.75, "Width": 0.375, "Height": 0.5}
    (face,) = read_faces([{"BoundingBox": box}], keep_attributes=False)
    assert face.box == Box(left=0.0, top=0.75, width=0.25, height=0.25)


def test_the_commonest_mood_comes_first_and_unsure_faces_do_not_count() -> None:
    faces = read_faces(
        [detail(0.4, SAD=90.0), detail(0.3, HAPPY=90.0), detail(0.2, HAPPY=60.0), detail(0.1, CALM=40.0)],
        keep_attributes=False,
    )
    assert list(count_moods(faces, 50).items()) == [("HAPPY", 2), ("SAD", 1)]


def test_of_two_moods_that_tie_the_larger_face_s_comes_first() -> None:
    faces = read_faces([detail(0.1, HAPPY=90.0), detail(0.4, SAD=90.0)], keep_attributes=False)
    assert list(count_moods(faces, 50)) == ["SAD", "HAPPY"]


def test_further_attributes_are_kept_where_they_are_wanted() -> None:
    given_detail = {**detail(HAPPY=90.0), "Smile": {"Value": True, "Confidence": 88.0}}
    (kept,) = read_faces([given_detail], keep_attributes=True)
    (dropped,) = read_faces([given_detail], keep_attributes=False)
    assert (kept.attributes, dropped.attributes) == ({"Smile": {"Value": True, "Confidence": 88.0}}, {})


@pytest.mark.parametrize("number", [None, "0.5", float("nan"), float("inf")])
def test_what_is_no_number_is_left_out(number: object) -> None:
    (face,) = read_faces(
        [{"BoundingBox": {"Left": number}, "Emotions": [{"Type": "SAD", "Confidence": number}]}], keep_attributes=False
    )
    assert (face.box, face.emotions) == (Box(0.0, 0.0, 0.0, 0.0), {})


@settings(max_examples=40)
@given(answers)
def test_every_answer_is_read(details: list[dict[str, Any]]) -> None:
    faces = read_faces(details, keep_attributes=True)
    assert len(faces) == len(details)
    assert [face.box.area for face in faces] == sorted((face.box.area for face in faces), reverse=True)
    for face in faces:
        box = face.box
        assert 0 <= box.left <= box.left + box.width <= 1 + 1e-9
        assert 0 <= box.top <= box.top + box.height <= 1 + 1e-9
        assert list(face.emotions.values()) == sorted(face.emotions.values(), reverse=True)
    assert sum(count_moods(faces, 50).values()) <= len(faces)
