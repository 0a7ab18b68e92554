"""What a person reads and gets who lets the worker watch an audience."""

import pytest

from tests.worker.settings.conftest import ENOUGH, SECRET
from worker.settings import SettingsError, WorkerSettings, configuration, load_configuration


def worker(**given: str) -> WorkerSettings:
    return load_configuration({**ENOUGH, **given}).worker


def mistakes(**given: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load_configuration({**ENOUGH, **given})
    assert SECRET not in str(error.value)
    return error.value.mistakes


class TestWatching:
    def test_is_off_unless_it_is_asked_for(self) -> None:
        found = worker()
        assert (found.watch, found.watch_minutes, found.watch_seconds, found.watch_announce) == (False, 60, 5, True)
        assert (found.watch_min_faces, found.watch_calibrate_seconds, found.watch_max_dollars) == (5, 60, 2)
        assert str(found.grid) == "3x2"
        assert found.grid.names[0] == "back left"

    @pytest.mark.parametrize(("word", "on"), [("on", True), ("off", False), ("true", True), ("0", False)])
    def test_is_switched_by_a_word(self, word: str, on: bool) -> None:  # noqa: FBT001 - of a table
        assert worker(WATCH=word).watch is on

    def test_is_nothing_else(self) -> None:
        assert mistakes(WATCH=SECRET) == ["WATCH: must be on or off"]

    def test_needs_pillow_and_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(configuration, "pillow_installed", lambda: False)
        [mistake] = mistakes(WATCH="on")
        assert mistake.startswith("WATCH: ")
        assert "pip install 'camera-to-voice[watch]'" in mistake
        assert not worker().watch


class TestTheSections:
    def test_have_names_of_ones_own(self) -> None:
        assert worker(WATCH_GRID="2X1", WATCH_SECTIONS=" balcony,stalls ").grid.names == ("balcony", "stalls")

    @pytest.mark.parametrize("size", [SECRET, "0x1", "7x1", "1x5", "3", "3x2x1", "-1x2"])
    def test_are_no_other_grid(self, size: str) -> None:
        assert mistakes(WATCH_GRID=size) == ["WATCH_GRID: must be columns x rows, up to 6x4, such as 3x2"]

    @pytest.mark.parametrize(
        "names", [SECRET, f"{SECRET},{SECRET}", f"{SECRET},", f"a,{'x' * 41}", "a,b\u202e", "a,b,c"]
    )
    def test_have_as_many_names_as_there_are(self, names: str) -> None:
        [mistake] = mistakes(WATCH_GRID="2x1", WATCH_SECTIONS=names)
        assert mistake.startswith("WATCH_SECTIONS: must be a comma list of 2 different names")
        assert "WATCH_GRID=2x1" in mistake

    def test_are_one_mistake_where_the_grid_is_one(self) -> None:
        assert len(mistakes(WATCH_GRID="big", WATCH_SECTIONS="a,b")) == 1


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("WATCH_MINUTES", "0"),
        ("WATCH_MINUTES", "481"),
        ("WATCH_MINUTES", "2.5"),
        ("WATCH_SECONDS", "0.5"),
        ("WATCH_SECONDS", "61"),
        ("WATCH_SECONDS", "nan"),
        ("WATCH_CALIBRATE_SECONDS", "0"),
        ("WATCH_MAX_DOLLARS", "0"),
        ("WATCH_MAX_DOLLARS", "inf"),
        ("WATCH_ANNOUNCE", "loudly"),
    ],
)
def test_what_is_out_of_range_is_told_by_name(name: str, outside: str) -> None:
    [mistake] = mistakes(**{name: outside})
    assert mistake.startswith(f"{name}: must be ")


def test_figures_of_so_few_that_they_speak_of_single_people_are_refused_with_the_reason() -> None:
    [mistake] = mistakes(WATCH_MIN_FACES="4")
    assert mistake.startswith("WATCH_MIN_FACES: must be a whole number from 5 to 100")
    assert "single people" in mistake
