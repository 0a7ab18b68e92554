import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.commands.cells import cells, fitted


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("hall", 4), ("前列", 4), ("é", 1), ("e\N{COMBINING ACUTE ACCENT}", 1)]
)
def test_a_text_takes_as_many_columns_as_a_terminal_gives_it(text: str, columns: int) -> None:
    assert cells(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"), [("hall", "hall  "), ("balcony", "balco…"), ("front", "front "), ("前列の左", "前列… ")]
)
def test_a_text_is_shortened_or_filled_up(text: str, shown: str) -> None:
    assert fitted(text, 6) == shown


@given(st.text(), st.integers(1, 30))
def test_a_fitted_text_takes_exactly_its_columns(text: str, width: int) -> None:
    assert cells(fitted(text, width)) == width
