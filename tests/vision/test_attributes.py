"""What the analyser tells of a face, by what it was asked for."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from localcloud.vision import Attribute, FaceAnalyser
from localcloud.vision.geometry import Box
from localcloud.vision.quality import quality

from .photos import FACES_BY_EYE, photo, pixels

DEFAULT = {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), set()),
        (("DEFAULT",), set()),
        (("EMOTIONS",), {"Emotions"}),
        (("DEFAULT", "SMILE"), {"Smile"}),
        (("DEFAULT", "EMOTIONS", "SMILE", "EYES_OPEN", "FACE_OCCLUDED"), {"Emotions", "Smile"}),
        (("ALL",), {"Emotions", "Smile"}),
    ],
)
def test_what_is_asked_for_and_known_comes_with_the_default(
    analyser: FaceAnalyser, asked: tuple[Attribute, ...], told: set[str]
) -> None:
    (face,) = analyser.detect_faces(pixels(photo("astronaut.jpg")), frozenset(asked))
    assert set(face) == DEFAULT | told
    assert set(face["Pose"]) == {"Roll", "Yaw", "Pitch"}


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_smiles_are_told_from_none_from_near_and_from_afar(analyser: FaceAnalyser, scale: float) -> None:
    smiling = {"astronaut.jpg": [True], "group-of-three.jpg": [False, True, True]}
    for name, expected in smiling.items():
        image = photo(name)
        size = round(image.width * scale), round(image.height * scale)
        small = image.resize(size, Image.Resampling.LANCZOS) if image.width > 1000 else image
        faces = analyser.detect_faces(pixels(small), frozenset({"SMILE"}))
        faces.sort(key=lambda face: face["BoundingBox"]["Left"])
        assert [face["Smile"]["Value"] for face in faces] == expected
        assert all(face["Smile"]["Confidence"] > 60 for face in faces)


def test_a_blurred_face_is_less_sharp_and_a_darkened_one_less_bright() -> None:
    image, (face,) = photo("astronaut.jpg"), FACES_BY_EYE["astronaut.jpg"]
    sharpness = [quality(image.filter(ImageFilter.GaussianBlur(radius)), face).sharpness for radius in (0, 1, 2, 4)]
    brightness = [quality(image.point(lambda value, part=part: value * part), face).brightness for part in (1, 0.5, 0)]
    assert sharpness == sorted(sharpness, reverse=True)
    assert sharpness[0] > 2 * sharpness[3]
    assert brightness[1] == pytest.approx(brightness[0] / 2, rel=0.05)
    assert brightness[2] == 0


@pytest.mark.parametrize("grey", [0, 255])
def test_a_face_without_detail_or_outside_has_a_quality_too(grey: int) -> None:
    image = Image.fromarray(np.full((100, 100, 3), grey, np.uint8))
    for face in (Box(10, 10, 60, 70), Box(-5, -5, 3, 3), Box(99.6, 99.6, 120, 120)):
        found = quality(image, face)
        assert found.brightness == pytest.approx(grey / 2.55)
        assert found.sharpness == 0
