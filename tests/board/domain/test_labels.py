"""Names of faces on a photo: a label out of the frame or across another cannot be read."""

from hypothesis import given
from hypothesis import strategies as st

from board.domain.faces import Box, Face, Rating
from board.domain.labels import LABEL_HEIGHT, Frame, Label, name_faces

FRAME = Frame(280, 158)


def face(left: float, top: float, width: float, height: float, word: str = "happy") -> Face:
    return Face(Box(left, top, width, height), (Rating(word, 98.7),), ())


def area(label: Label, frame: Frame) -> tuple[float, float, float, float]:
    left, top = label.x / 100 * frame.width + label.dx, label.y / 100 * frame.height + label.dy
    return left, top, left + label.width, top + LABEL_HEIGHT


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


boxes = st.tuples(st.floats(0, 95), st.floats(0, 95), st.floats(1, 100), st.floats(1, 100)).map(
    lambda box: face(box[0], box[1], min(box[2], 100 - box[0]), min(box[3], 100 - box[1]), "disgusted")
)


@given(st.lists(boxes, max_size=12), st.floats(280, 2000), st.floats(158, 1500))
def test_labels_lie_in_the_frame_and_apart_however_large_it_is_shown(
    faces: list[Face], width: float, height: float
) -> None:
    shown = Frame(width, height)
    areas = [area(named.label, shown) for named in name_faces(faces, FRAME) if named.label]
    for left, top, right, bottom in areas:
        assert left >= -0.01
        assert top >= -0.01
        assert right <= width + 0.01
        assert bottom <= height + 0.01


@given(st.lists(boxes, max_size=12))
def test_labels_lie_apart(faces: list[Face]) -> None:
    areas = [area(named.label, FRAME) for named in name_faces(faces, FRAME) if named.label]
    assert not any(overlap(one, other) for at, one in enumerate(areas) for other in areas[:at])


def test_a_face_is_named_above_its_box() -> None:
    (named,) = name_faces([face(40, 40, 20, 30)], FRAME)
    assert named.label is not None
    assert (named.label.text, named.label.x, named.label.y) == ("happy 99 %", 40, 40)
    assert named.label.dy < -LABEL_HEIGHT


def test_a_face_at_the_top_is_named_below_and_one_that_fills_the_photo_inside() -> None:
    (top,) = name_faces([face(40, 2, 20, 30)], FRAME)
    (whole,) = name_faces([face(0, 0, 100, 100)], FRAME)
    assert top.label is not None
    assert top.label.y == 32
    assert whole.label is not None
    assert (whole.label.y, whole.label.dy > 0) == (0, True)


def test_no_name_lies_on_anothers_face_where_there_is_room() -> None:
    faces = [face(40, 40, 10, 20), face(40, 20, 10, 18)]
    lower = name_faces(faces, FRAME)[0].label
    assert lower is not None
    assert (lower.y, lower.dy > 0) == (60, True)


def test_where_there_is_no_room_the_box_stays() -> None:
    crowd = [face(10 + at % 10 * 8, 10 + at // 10 * 8, 7, 7) for at in range(100)]
    named = name_faces(crowd, FRAME)
    assert len(named) == 100
    assert any(one.label is None for one in named)


def test_a_name_that_would_reach_out_of_the_photo_stands_at_the_other_side_of_the_box() -> None:
    (named,) = name_faces([face(90, 40, 8, 30, "disgusted")], FRAME)
    assert named.label is not None
    assert (named.label.x, named.label.dx) == (98, -named.label.width)


def test_a_face_without_an_expression_has_a_box_and_no_name() -> None:
    nameless = Face(Box(10, 40, 20, 30), (), ())
    assert [named.label for named in name_faces([nameless], FRAME)] == [None]


def test_a_face_that_is_nowhere_to_be_seen_takes_no_place() -> None:
    nowhere = Face(None, (Rating("calm", 80),), ())
    assert [named.box for named in name_faces([nowhere, face(40, 40, 20, 30)], FRAME)] == [Box(40, 40, 20, 30)]
