import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.stillness import CHANGED_BY, STILL_SIZE, changed, repeats

GREY = bytes([128]) * (STILL_SIZE[0] * STILL_SIZE[1])


def with_pixel(value: int, place: int = 100) -> bytes:
    return GREY[:place] + bytes([value]) + GREY[place + 1 :]


@pytest.mark.parametrize("by", [CHANGED_BY, -CHANGED_BY, 100])
@pytest.mark.parametrize("place", [0, 100, len(GREY) - 1])
def test_one_pixel_that_differs_is_a_change(by: int, place: int) -> None:
    assert changed(GREY, with_pixel(128 + by, place))


@given(st.lists(st.integers(1 - CHANGED_BY, CHANGED_BY - 1), min_size=len(GREY), max_size=len(GREY)))
def test_noise_is_none(noise: list[int]) -> None:
    assert not changed(GREY, bytes(128 + by for by in noise))


@pytest.mark.parametrize("other", [b"", GREY[:-1]])
def test_pictures_of_other_sizes_are_a_change(other: bytes) -> None:
    assert changed(GREY, other)


@pytest.mark.parametrize(
    ("before", "after", "age", "may"),
    [
        (GREY, GREY, 0.0, True),
        (GREY, GREY, 29.9, True),
        (GREY, GREY, 30.0, False),
        (GREY, GREY, -1.0, False),
        (GREY, with_pixel(255), 5.0, False),
        (None, GREY, 5.0, False),
    ],
)
def test_a_result_stands_for_what_does_not_change_for_half_a_minute(
    before: bytes | None, after: bytes, age: float, *, may: bool
) -> None:
    assert repeats(before, after, age) is may
