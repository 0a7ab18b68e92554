import math

import numpy as np
import pytest

from localcloud.vision.geometry import Points, rotation
from localcloud.vision.pose import Pose, pose

# Eyes, nose and mouth of a head in distances between its eyes: x to the right, y down, z towards the camera.
HEAD = np.array([(-0.5, 0, 0), (0.5, 0, 0), (0, 0.67, 0.6), (-0.4, 1, 0), (0.4, 1, 0)])


def seen(yaw: float = 0, up: float = 0, roll: float = 0, size: float = 60) -> Points:
    """The five points in pixels, of the head turned by degrees."""
    turn, tilt = math.radians(yaw), math.radians(up)
    about_y = np.array([(math.cos(turn), 0, math.sin(turn)), (0, 1, 0), (-math.sin(turn), 0, math.cos(turn))])
    about_x = np.array([(1, 0, 0), (0, math.cos(tilt), -math.sin(tilt)), (0, math.sin(tilt), math.cos(tilt))])
    flat = (about_x @ about_y @ HEAD.T).T[:, :2]
    return np.asarray(size * flat @ rotation(math.radians(roll)).T + (300, 200))


def measured(points: Points) -> Pose:
    return pose(*points)


@pytest.mark.parametrize("yaw", [-30, -15, 0, 15, 30])
@pytest.mark.parametrize("roll", [-25, 0, 25])
@pytest.mark.parametrize("size", [12, 200])
def test_yaw_is_that_of_the_head_however_it_leans_and_however_far_it_is(yaw: float, roll: float, size: float) -> None:
    found = measured(seen(yaw, roll=roll, size=size))
    assert found.yaw == pytest.approx(yaw, abs=1)
    assert found.roll == pytest.approx(roll, abs=1)


def test_pitch_grows_as_the_head_looks_up() -> None:
    pitches = [measured(seen(up=up)).pitch for up in (-25, -10, 0, 10, 25)]
    assert pitches == sorted(pitches)
    assert pitches[2] == pytest.approx(0, abs=1)
    assert pitches[0] < -15
    assert pitches[4] > 15


# From "Recognizing celebrities in an image" and "Analyzing a stored video" of the Amazon Rekognition Developer Guide:
# eyeLeft, eyeRight, nose, mouthLeft, mouthRight, and the Yaw of the same face.
PUBLISHED = [
    ([(0.2837, 0.3637), (0.4092, 0.3738), (0.3527, 0.4966), (0.2786, 0.5455), (0.3957, 0.5598)], 9.0),
    ([(0.5863, 0.3694), (0.6999, 0.3770), (0.6350, 0.4805), (0.5873, 0.5536), (0.6952, 0.5601)], -6.2),
    ([(0.0686, 0.3084), (0.1040, 0.3006), (0.0967, 0.3408), (0.0752, 0.3811), (0.1074, 0.3741)], 20.3),
]


@pytest.mark.parametrize(("points", "yaw"), PUBLISHED)
def test_yaw_is_what_rekognition_makes_of_the_same_landmarks(points: list[tuple[float, float]], yaw: float) -> None:
    assert measured(np.array(points) * (1920, 1080)).yaw == pytest.approx(yaw, abs=1.5)


def test_points_that_coincide_have_a_pose_of_finite_numbers() -> None:
    found = measured(np.full((5, 2), 7.0))
    assert all(math.isfinite(value) for value in (found.roll, found.yaw, found.pitch))
