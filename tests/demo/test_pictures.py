from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from demo.pictures import Rectangle, boxed, caption, place_caption, to_pixels

YELLOW = (255, 212, 0)
GREY = (90, 90, 90)


def face(left: float, top: float, width: float, height: float) -> dict[str, Any]:
    box = {"left": left, "top": top, "width": width, "height": height}
    return {"box": box, "emotion": "HAPPY", "confidence": 98.7}


def photo(width: int = 400, height: int = 300) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), GREY).save(file, "JPEG", quality=95)
    return file.getvalue()


def test_a_box_is_in_fractions_of_the_photo() -> None:
    assert to_pixels(face(0.25, 0.5, 0.5, 0.25)["box"], (400, 200)) == Rectangle(100, 100, 300, 150)


def test_a_box_that_ends_at_the_edge_stays_within_the_photo() -> None:
    assert to_pixels(face(0.5, 0.5, 0.5, 0.5)["box"], (400, 200)) == Rectangle(200, 100, 399, 199)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (Rectangle(100, 100, 200, 200), Rectangle(100, 80, 160, 100)),
        (Rectangle(100, 5, 200, 200), Rectangle(100, 5, 160, 25)),
        (Rectangle(380, 100, 399, 200), Rectangle(339, 80, 399, 100)),
    ],
    ids=["on top", "inside where there is no room above", "moved in from the right edge"],
)
def test_a_caption_stays_within_the_photo(frame: Rectangle, expected: Rectangle) -> None:
    assert place_caption(frame, (60, 20), (400, 300)) == expected


def test_a_caption_names_the_top_emotion_and_how_sure_it_is() -> None:
    assert caption(face(0, 0, 1, 1)) == "HAPPY 99 %"


def test_a_face_without_an_emotion_is_named_all_the_same() -> None:
    assert caption({"box": face(0, 0, 1, 1)["box"]}) == "a face"


def test_the_frame_is_drawn_around_the_face_and_nothing_within() -> None:
    picture = boxed(photo(), [face(0.25, 0.5, 0.5, 0.25)])
    edges = [(200, 150), (200, 225), (100, 190), (300, 190)]
    assert [picture.getpixel(edge) for edge in edges] == [YELLOW] * 4
    assert picture.getpixel((200, 190)) == pytest.approx(GREY, abs=3)


def test_the_caption_is_written_above_the_frame() -> None:
    plate = boxed(photo(), [face(0.25, 0.5, 0.5, 0.25)]).crop((100, 130, 160, 149))
    colours = {colour for _, colour in plate.getcolors(10_000) or []}
    assert YELLOW in colours
    assert min(sum(colour) for colour in colours if isinstance(colour, tuple)) < 100


def test_a_photo_without_faces_stays_as_it_is() -> None:
    assert boxed(photo(), []).getcolors() == [(400 * 300, GREY)]
