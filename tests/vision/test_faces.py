"""The analyser on the demo's photographs, with the real networks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from localcloud.vision import FaceAnalyser, FaceDetail
from localcloud.vision.geometry import Box

from .photos import FACES_BY_EYE, photo, pixels


def top_emotion(face: FaceDetail) -> str:
    return max(face["Emotions"], key=lambda emotion: emotion["Confidence"])["Type"]


def by_position(faces: list[FaceDetail]) -> list[FaceDetail]:
    return sorted(faces, key=lambda face: face["BoundingBox"]["Left"])


def box_of(face: FaceDetail, image: Image.Image) -> Box:
    left, top = face["BoundingBox"]["Left"] * image.width, face["BoundingBox"]["Top"] * image.height
    width, height = face["BoundingBox"]["Width"] * image.width, face["BoundingBox"]["Height"] * image.height
    return Box(left, top, left + width, top + height)


def points_of(face: FaceDetail, image: Image.Image) -> dict[str, tuple[float, float]]:
    return {point["Type"]: (point["X"] * image.width, point["Y"] * image.height) for point in face["Landmarks"]}


def group_members(analyser: FaceAnalyser) -> Iterator[tuple[FaceDetail, Image.Image]]:
    for name in FACES_BY_EYE:
        image = photo(name)
        for face in analyser.detect_faces(pixels(image)):
            yield face, image


@pytest.mark.parametrize("name", FACES_BY_EYE)
def test_every_face_is_found_once_and_boxed_tightly(analyser: FaceAnalyser, name: str) -> None:
    image = photo(name)
    found = by_position(analyser.detect_faces(pixels(image)))
    assert len(found) == len(FACES_BY_EYE[name])
    for face, by_eye in zip(found, FACES_BY_EYE[name], strict=True):
        assert box_of(face, image).iou(by_eye) > 0.6


def test_a_cat_is_not_a_face(analyser: FaceAnalyser) -> None:
    assert analyser.detect_faces(pixels(photo("cat.jpg"))) == []


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080)])
def test_noise_is_not_a_face(analyser: FaceAnalyser, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (*size[::-1], 3), np.uint8)
    assert analyser.detect_faces(noise) == []


def test_smiles_are_happy(analyser: FaceAnalyser) -> None:
    (astronaut,) = analyser.detect_faces(pixels(photo("astronaut.jpg")))
    _, middle, right = by_position(analyser.detect_faces(pixels(photo("group-of-three.jpg"))))
    assert [top_emotion(face) for face in (astronaut, middle, right)] == ["HAPPY"] * 3


def test_unsmiling_faces_of_the_groups_are_calm(analyser: FaceAnalyser) -> None:
    pouting = by_position(analyser.detect_faces(pixels(photo("group-of-three.jpg"))))[0]
    serious = by_position(analyser.detect_faces(pixels(photo("group-of-four.jpg"))))[2]
    assert [top_emotion(pouting), top_emotion(serious)] == ["CALM", "CALM"]


def test_all_eight_emotions_add_up_to_100_and_confusion_is_not_invented(analyser: FaceAnalyser) -> None:
    names = {"HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR"}
    for face, _ in group_members(analyser):
        confidences = {emotion["Type"]: emotion["Confidence"] for emotion in face["Emotions"]}
        assert set(confidences) == names
        assert len(face["Emotions"]) == len(names)
        assert sum(confidences.values()) == pytest.approx(100)
        assert confidences["CONFUSED"] == 0


def test_the_largest_face_comes_first(analyser: FaceAnalyser) -> None:
    for name in FACES_BY_EYE:
        boxes = [face["BoundingBox"] for face in analyser.detect_faces(pixels(photo(name)))]
        areas = [box["Width"] * box["Height"] for box in boxes]
        assert areas == sorted(areas, reverse=True)


def test_landmarks_lie_within_the_box_and_where_a_face_has_them(analyser: FaceAnalyser) -> None:
    for face, image in group_members(analyser):
        box, points = box_of(face, image), points_of(face, image)
        assert all(box.left < x < box.right and box.top < y < box.bottom for x, y in points.values())
        assert points["eyeLeft"][0] < points["nose"][0] < points["eyeRight"][0]
        assert points["mouthLeft"][0] < points["mouthRight"][0]
        assert max(points["eyeLeft"][1], points["eyeRight"][1]) < points["nose"][1] < points["mouthLeft"][1]


@pytest.mark.parametrize("clockwise", [-20, -10, 10, 20])
def test_roll_follows_a_turned_photograph(analyser: FaceAnalyser, clockwise: int) -> None:
    upright = photo("astronaut.jpg")
    (before,) = analyser.detect_faces(pixels(upright))
    (after,) = analyser.detect_faces(pixels(upright.rotate(-clockwise, Image.Resampling.BICUBIC)))
    assert after["Pose"]["Roll"] - before["Pose"]["Roll"] == pytest.approx(clockwise, abs=5)
    assert top_emotion(after) == "HAPPY"


def test_a_grey_photograph_is_read_like_a_coloured_one(analyser: FaceAnalyser) -> None:
    (face,) = analyser.detect_faces(pixels(photo("astronaut.jpg").convert("L").convert("RGB")))
    assert top_emotion(face) == "HAPPY"


@pytest.mark.parametrize("side", [80, 512, 3000])
def test_the_resolution_of_a_close_up_does_not_matter(analyser: FaceAnalyser, side: int) -> None:
    close_up = photo("astronaut.jpg").crop((130, 10, 330, 210)).resize((side, side), Image.Resampling.LANCZOS)
    (face,) = analyser.detect_faces(pixels(close_up))
    by_eye = Box(46, 50, 140, 168)
    scale = 200 / side
    box = box_of(face, close_up)
    assert by_eye.iou(Box(*(scale * edge for edge in (box.left, box.top, box.right, box.bottom)))) > 0.6
    assert top_emotion(face) == "HAPPY"


def test_people_far_away_are_found(analyser: FaceAnalyser) -> None:
    room = Image.new("RGB", (1920, 1080), (120, 110, 100))
    room.paste(photo("group-of-four.jpg").resize((720, 576), Image.Resampling.LANCZOS), (600, 300))
    assert len(analyser.detect_faces(pixels(room))) == 4


def test_a_face_at_the_edge_keeps_its_box_within_the_photograph(analyser: FaceAnalyser) -> None:
    cut_off = photo("astronaut.jpg").crop((186, 75, 446, 335))
    (face,) = analyser.detect_faces(pixels(cut_off))
    box = face["BoundingBox"]
    assert min(box["Left"], box["Top"]) >= 0
    assert box["Left"] + box["Width"] <= 1
    assert box["Top"] + box["Height"] <= 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3000, 2), (2, 3000)])
def test_photographs_of_odd_shapes_have_no_faces(analyser: FaceAnalyser, width: int, height: int) -> None:
    assert analyser.detect_faces(np.full((height, width, 3), 128, np.uint8)) == []


def test_threads_do_not_disturb_each_other(analyser: FaceAnalyser) -> None:
    images = [pixels(photo(name)) for name in ("astronaut.jpg", "group-of-three.jpg", "cat.jpg")] * 3
    alone = [analyser.detect_faces(image) for image in images]
    with ThreadPoolExecutor(len(images)) as pool:
        assert list(pool.map(analyser.detect_faces, images)) == alone
