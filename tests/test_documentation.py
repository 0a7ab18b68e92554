"""The pages of settings and commands, and `.env.example`, name exactly what there is in the code."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from board.cli import make_parser as make_board_parser
from board.settings import SETTINGS as BOARD_SETTINGS
from board.settings import BoardSettings
from tools.languages import PAGE, with_sentences
from worker.commands.cli import COMMANDS, make_parser
from worker.settings import CAMERA_VARIABLES, SETTINGS, CameraSettings, WorkerSettings, doubts
from worker.settings.languages import languages

ROOT = Path(__file__).parent.parent
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text()


def table() -> Iterator[tuple[list[str], list[str], str]]:
    """The names of each row, its defaults where they are in a code span, and its bounds."""
    for line in (ROOT / "docs" / "settings.md").read_text().splitlines():
        if line.startswith("| `"):
            names, defaults, bounds = line.split("|")[1:4]
            yield re.findall(r"`([A-Z_]+)`", names), re.findall(r"`([^`]+)`", defaults), bounds.strip()


def in_documentation() -> dict[str, str]:
    """Each setting's default; empty where the table says none."""
    found = {
        name: values[index] if index < len(values) else ""
        for names, values, _ in table()
        for index, name in enumerate(names)
    }
    return {name: default for name, default in found.items() if not name.startswith("AWS_")}


def in_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return {name: value for name, value in pairs if not name.startswith("AWS_")}


def fields() -> dict[str, FieldInfo]:
    camera = {CAMERA_VARIABLES[name]: field for name, field in CameraSettings.model_fields.items()}
    return camera | {name.upper(): field for name, field in WorkerSettings.model_fields.items()}


def in_code() -> dict[str, str]:
    return {name: as_text(name, field.default) for name, field in fields().items()}


def as_text(name: str, value: object) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool):
        return {True: "on", False: "off"}[value] if name in {"SPEECH", "WATCH"} else str(value).lower()
    return ",".join(value) if isinstance(value, frozenset) else f"{value:g}" if isinstance(value, float) else str(value)


def numbers() -> dict[str, str]:
    """The settings that are a number, with what they may be."""
    return {name: _bounds(field) for name, field in fields().items() if re.search("int|float", str(field.annotation))}


def _bounds(field: FieldInfo) -> str:
    [low] = [noted.ge for noted in field.metadata if hasattr(noted, "ge")]
    [high] = [noted.le for noted in field.metadata if hasattr(noted, "le")]
    return f"{low} to {high}"


def test_the_table_names_exactly_the_settings_of_the_code() -> None:
    assert set(in_documentation()) == SETTINGS | set(BOARD_SETTINGS)


def test_example_names_exactly_the_settings_of_the_code() -> None:
    assert set(in_example()) == SETTINGS | set(BOARD_SETTINGS)


@pytest.mark.parametrize("name", ["BOARD_HOST", "BOARD_PORT", "BOARD_AUTH", "BOARD_ACTIONS"])
def test_table_and_example_tell_the_boards_default_of(name: str) -> None:
    value = getattr(BoardSettings(table_name="", bucket_name=""), name.removeprefix("BOARD_").lower())
    told = {True: "on", False: "off"}.get(value, str(value))
    assert (told, told) == (in_documentation()[name], in_example()[name])


def test_a_worker_has_no_doubts_about_the_boards_settings() -> None:
    """Both may be told by one `.env`."""
    assert list(doubts(BOARD_SETTINGS)) == []


@pytest.mark.parametrize("name", sorted(in_code()))
def test_table_and_example_tell_the_default_of(name: str) -> None:
    assert (in_code()[name], in_code()[name]) == (in_documentation()[name], in_example()[name])


@pytest.mark.parametrize(("name", "bounds"), sorted(numbers().items()))
def test_every_number_has_bounds_and_the_table_tells_those_of(name: str, bounds: str) -> None:
    assert [told for names, _, told in table() if name in names] == [bounds]


def parsers(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Those of the commands that have none below them, by what is to be typed."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for word, command in action.choices.items():
            yield from parsers(f"{name} {word}".strip(), command)
    if not below:
        yield name, parser


PARSERS = dict([*parsers("", make_parser()), *parsers("python -m board", make_board_parser())])


def options() -> Iterator[tuple[str, str]]:
    """Each command with each of its options and arguments, as the usage has them."""
    for name, parser in PARSERS.items():
        for action in parser._actions:
            if "--help" not in action.option_strings:
                shown = f" {action.metavar}" if action.option_strings and action.metavar else ""
                yield name, f"{(action.option_strings or [str(action.metavar)])[0]}{shown}"


@pytest.mark.parametrize("name", sorted({*COMMANDS, *PARSERS, "python -m board"}))
def test_every_command_is_documented(name: str) -> None:
    assert documented(name)


@pytest.mark.parametrize(("name", "option"), sorted(options()))
def test_every_option_is_documented(name: str, option: str) -> None:
    assert option in documented(name)


def documented(name: str) -> str:
    """The usage of a command: the first cells of its rows."""
    rows = [line.split("|")[1] for line in COMMANDS_PAGE.splitlines() if line.startswith("| ")]
    return " ".join(row for row in rows if re.match(rf" \[?`{name}\b", row))


def test_no_option_is_documented_that_is_not_there() -> None:
    there = {option.split()[0] for _, option in options()} | {"--version", "--help"}
    assert set(re.findall(r"--[a-z]+", COMMANDS_PAGE)) <= there


def test_the_languages_page_has_the_sentences_that_are_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_sentences(page), "python -m tools.languages"


def test_the_languages_page_lists_the_languages_there_are() -> None:
    before, _, _ = PAGE.read_text(encoding="utf-8").partition("\n## ")
    assert re.findall(r"^\| `([\w-]+)`", before, re.MULTILINE)[1:] == languages()
