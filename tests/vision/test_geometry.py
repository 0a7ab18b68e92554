import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from localcloud.vision.geometry import Box, Square


def test_a_turned_square_cuts_out_what_lies_under_it_levelled() -> None:
    image = Image.new("RGB", (400, 400))
    ImageDraw.Draw(image).polygon([(200, 100), (300, 200), (200, 300), (100, 200)], fill="white")
    cut = np.asarray(Square(200, 200, 120, math.radians(45)).cut(image, 30))
    assert cut.shape == (30, 30, 3)
    assert cut.min() == 255


def test_what_lies_outside_the_photograph_is_black() -> None:
    cut = np.asarray(Square(0, 50, 40).cut(Image.new("RGB", (100, 100), "white"), 40))
    assert cut[:, :18].max() == 0
    assert cut[:, 22:].min() == 255


def test_reducing_averages_instead_of_skipping_pixels() -> None:
    stripes = np.zeros((800, 800, 3), np.uint8)
    stripes[:, ::2] = 255
    cut = np.asarray(Square(400, 400, 600, 0.3).cut(Image.fromarray(stripes), 40))
    assert abs(cut.astype(int) - 127).max() <= 4


@pytest.mark.parametrize("roll", [0.0, 0.4, -1.2])
def test_a_square_around_points_holds_them_and_maps_its_own_back(roll: float) -> None:
    square = Square.around(np.array([[10.0, 20.0], [50.0, 40.0]]), margin=1.0, roll=roll)
    corners = square.to_photo(np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5]]))
    assert corners[2] == pytest.approx((30, 30))
    assert math.dist(corners[0], corners[1]) == pytest.approx(square.side)
    assert math.atan2(*(corners[1] - corners[0])[::-1]) == pytest.approx(roll)


def test_points_that_coincide_still_give_a_square_that_can_be_cut() -> None:
    square = Square.around(np.full((68, 2), 5.0), margin=1.1, roll=0.0)
    assert square.cut(Image.new("RGB", (10, 10)), 112).size == (112, 112)


def test_overlap_is_1_for_a_box_within_another_and_iou_is_not() -> None:
    outer, inner = Box(0, 0, 10, 10), Box(2, 2, 7, 6)
    assert outer.overlap(inner) == 1
    assert outer.iou(inner) == pytest.approx(0.2)
    assert outer.iou(Box(20, 20, 30, 30)) == 0
