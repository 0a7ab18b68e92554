"""The analyser on halls made up of the demo's faces, with the real networks. How long it takes, `recall` measures."""

import pytest
from PIL import Image

from localcloud.vision import Attribute, FaceAnalyser
from localcloud.vision.analyser import coarse_sides, fine_sides
from localcloud.vision.geometry import Box

from .halls import BACKDROPS, SIZE, Cutting, cuttings, found_and_false, hall
from .photos import boxes, photo, pixels
from .turning import turned

pytestmark = pytest.mark.slow

DEFAULT: frozenset[Attribute] = frozenset({"DEFAULT"})


def found(analyser: FaceAnalyser, width: int, count: int, backdrop: str, seed: int) -> tuple[int, int]:
    seen = hall(width, count, backdrop, seed)
    return found_and_false(boxes(analyser.detect_faces(pixels(seen.image), DEFAULT), seen.image), seen.faces)


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize("seed", [1, 2])
def test_of_30_faces_of_45_pixels_at_least_26_are_found_and_no_false_one(
    analyser: FaceAnalyser, backdrop: str, seed: int
) -> None:
    right, false = found(analyser, 45, 30, backdrop, seed)
    assert right >= 26
    assert false == 0


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize(("width", "count"), [(90, 12), (200, 3)])
def test_larger_faces_are_all_found_and_no_false_one(
    analyser: FaceAnalyser, width: int, count: int, backdrop: str
) -> None:
    assert [found(analyser, width, count, backdrop, seed) for seed in range(4)] == [(count, 0)] * 4


def test_a_front_row_does_not_hide_the_rows_behind_it(analyser: FaceAnalyser) -> None:
    seen = hall(45, 30, "plain", 3)
    person = cuttings(0.2)[0].scaled(200).image
    front = Image.new("RGB", (SIZE[0], SIZE[1] + person.height), (120, 110, 100))
    front.paste(seen.image, (0, 0))
    for left in range(0, 6 * 300, 300):
        front.paste(person, (left, SIZE[1]))
    assert len(analyser.detect_faces(pixels(front), DEFAULT)) >= 6 + 26


def cat(scale: float, degrees: float) -> Image.Image:
    image = photo("cat.jpg")
    size = int(image.width * scale), int(image.height * scale)
    return image.resize(size).transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(degrees)


@pytest.mark.parametrize(
    ("scale", "degrees", "place"), [(2.209, 3.7, (672, 178)), (0.906, -13.03, (1451, 451)), (2.244, 5.57, (474, -73))]
)
def test_a_doubtful_detection_on_a_cat_is_not_a_face(
    analyser: FaceAnalyser, scale: float, degrees: float, place: tuple[int, int]
) -> None:
    wall = Image.new("RGB", SIZE, (120, 110, 100))
    wall.paste(cat(scale, degrees), place)
    assert analyser.detect_faces(pixels(wall), DEFAULT) == []


def test_a_cat_taken_for_a_near_face_does_not_hide_the_hall(analyser: FaceAnalyser) -> None:
    seen = hall(45, 30, "plain", 3)
    picture = cat(1.64, -10)
    covered = Box(658, 247, 658 + picture.width, 247 + picture.height)
    seen.image.paste(picture, (658, 247))
    rest = [face for face in seen.faces if not face.shared_area(covered)]
    right, _ = found_and_false(boxes(analyser.detect_faces(pixels(seen.image), DEFAULT), seen.image), rest)
    assert len(rest) >= 20
    assert right >= 0.85 * len(rest)


def test_a_crowd_is_told_of_by_its_100_largest_faces(analyser: FaceAnalyser) -> None:
    seen = hall(45, 112, "plain", 5)
    answer = analyser.detect_faces(pixels(seen.image), DEFAULT)
    areas = [face["BoundingBox"]["Width"] * face["BoundingBox"]["Height"] for face in answer]
    assert len(answer) == 100
    assert areas == sorted(areas, reverse=True)


def test_a_small_photograph_is_looked_at_no_more_often_than_it_needs() -> None:
    assert [*coarse_sides(512), *fine_sides(512)] == [512, 224, 96]
    assert [*coarse_sides(1920), *fine_sides(1920)] == [512, 384, 224, 96, 960, 1920]
    assert fine_sides(1280) == [640, 1280]
    assert fine_sides(4000) == [960, 1920]


def yaw(analyser: FaceAnalyser, person: Cutting) -> float:
    wall = Image.new("RGB", (640, 480), (110, 105, 100))
    wall.paste(person.image, (40, 40))
    return analyser.detect_faces(pixels(wall), DEFAULT)[0]["Pose"]["Yaw"]


@pytest.mark.parametrize("width", [45, 160])
@pytest.mark.parametrize("person", range(8))
def test_yaw_grows_as_a_head_turns_to_the_right_of_the_picture(analyser: FaceAnalyser, person: int, width: int) -> None:
    head = cuttings(0.5)[person]
    measured = [yaw(analyser, turned(head, degrees).scaled(width)) for degrees in (-20, 0, 20)]
    assert measured == sorted(measured)
    assert measured[-1] - measured[0] > 8


@pytest.mark.parametrize("person", range(8))
def test_yaw_is_the_same_from_near_and_from_afar(analyser: FaceAnalyser, person: int) -> None:
    head = cuttings(0.5)[person]
    assert yaw(analyser, head.scaled(45)) == pytest.approx(yaw(analyser, head.scaled(160)), abs=6)


def test_yaw_of_a_mirrored_head_has_the_other_sign(analyser: FaceAnalyser) -> None:
    head = cuttings(0.5)[3].scaled(160)
    assert yaw(analyser, head.mirrored()) == pytest.approx(-yaw(analyser, head), abs=8)
    assert yaw(analyser, head) > 10
