import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.sections import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_ROWS, read_grid

SIZES = [(columns, rows) for columns in range(1, MAX_COLUMNS + 1) for rows in range(1, MAX_ROWS + 1)]


def test_sections_are_named_by_their_place_with_the_back_row_on_top() -> None:
    assert read_grid("3x2").names == (
        *("back left", "back centre", "back right"),
        *("front left", "front centre", "front right"),
    )


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ("1x1", ("room",)),
        ("3x1", ("left", "centre", "right")),
        ("1x3", ("back", "middle", "front")),
        ("2x2", ("back left", "back right", "front left", "front right")),
    ],
)
def test_a_place_that_goes_without_saying_is_not_said(size: str, names: tuple[str, ...]) -> None:
    assert read_grid(size).names == names


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_every_grid_has_a_name_of_its_own_for_each_section(columns: int, rows: int) -> None:
    grid = read_grid(f"{columns}x{rows}")
    assert len(set(grid.names)) == columns * rows
    assert all(1 <= len(name) <= MAX_NAME_CHARACTERS for name in grid.names)
    assert read_grid(str(grid), ",".join(grid.names)) == grid


@pytest.mark.parametrize("size", ["", "3", "0x2", "7x1", "1x5", "3x2x1", "3,2", "-1x2", "axb", "3x", "٣x٢"])
def test_what_is_no_grid_is_refused_with_an_example(size: str) -> None:
    with pytest.raises(ValueError, match="3x2"):
        read_grid(size)


def test_names_of_one_s_own_come_in_reading_order() -> None:
    assert read_grid("2X1", " Stalls , Bar ").names == ("Stalls", "Bar")


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ("a,b,c", "3 names for 2 sections"),
        ("a,a", "more than one"),
        ("a,", "1 to 40"),
        (f"a,{'b' * 41}", "1 to 40"),
        ("a,b\x1b[2J", "cannot be shown"),
        ("a,b\u202ec", "cannot be shown"),
        ("a,b\nc", "cannot be shown"),
    ],
)
def test_names_that_do_not_fit_are_refused_with_the_reason(names: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        read_grid("2x1", names)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    ("middle", "name"),
    [
        ((0.0, 0.0), "back left"),
        ((0.33, 0.49), "back left"),
        ((0.34, 0.49), "back centre"),
        ((0.34, 0.5), "front centre"),
        ((0.67, 0.0), "back right"),
        ((1.0, 1.0), "front right"),
    ],
)
def test_a_point_belongs_to_the_section_in_which_it_lies(middle: tuple[float, float], name: str) -> None:
    assert read_grid("3x2").section_at(middle) == name


@given(st.sampled_from(SIZES), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_point_lies_in_a_section(size: tuple[int, int], middle: tuple[float, float]) -> None:
    grid = read_grid(f"{size[0]}x{size[1]}")
    assert grid.section_at(middle) in grid.names
