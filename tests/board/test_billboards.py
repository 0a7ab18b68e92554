"""What all screens of a camera are told together, and what goes on when something is missing."""

import asyncio
from pathlib import Path

import pytest

from board.aws.captures import Captures
from board.aws.watches import Watches
from board.billboards import Billboards
from board.domain.errors import CloudUnavailable
from tests.board.fakes import FakeTable, record

TWO_MOODS = """
default = "calm"
[moods.happy]
when = ["HAPPY"]
items = [{image = "party.jpg"}]
[moods.calm]
when = ["CALM"]
items = [{image = "sea.jpg"}]
"""


class Clock:
    def __init__(self) -> None:
        self.at = 1795687200.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for name in ("party.jpg", "sea.jpg"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "billboard.toml").write_text(TWO_MOODS, encoding="utf-8")
    return tmp_path / "billboard.toml"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def boards(file: Path, table: FakeTable, clock: Clock) -> Billboards:
    return Billboards(file, Captures(table), Watches(table), now=clock, monotonic=clock)


def mood(boards: Billboards) -> str:
    return asyncio.run(boards.current("lobby")).showing.mood


def put_press(table: FakeTable, at: str = "10:00:00") -> None:
    table.put(**record(capture_id=f"2026-11-26T{at}.000Z#a", pressed_at=f"2026-11-26T{at}.000Z"))


def put_bucket(table: FakeTable, begin: str = "09:59:50", **emotions: float) -> None:
    table.put(camera="audience/lobby", capture_id=f"2026-11-26T{begin}.000Z", mood=emotions)


def test_the_newest_press_decides_where_nobody_watches(boards: Billboards, table: FakeTable) -> None:
    put_press(table)
    assert mood(boards) == "happy"


def test_a_watch_goes_before_a_press(boards: Billboards, table: FakeTable) -> None:
    put_press(table)
    put_bucket(table, CALM=30)
    assert mood(boards) == "calm"


def test_a_watch_that_ended_a_while_ago_gives_way_to_a_press(boards: Billboards, table: FakeTable) -> None:
    put_bucket(table, "09:58:00", CALM=30)
    put_press(table)
    assert mood(boards) == "happy"


def test_all_that_ask_within_a_second_cost_one_look(boards: Billboards, table: FakeTable, clock: Clock) -> None:
    async def thirty() -> None:
        await asyncio.gather(*(boards.current("lobby") for _ in range(30)))

    asyncio.run(thirty())
    once = len(table.calls)
    clock.at += 0.9
    mood(boards)
    assert len(table.calls) == once
    clock.at += 0.1
    mood(boards)
    assert len(table.calls) == 2 * once


def test_without_aws_it_goes_on_and_comes_back_to_the_default(
    boards: Billboards, table: FakeTable, clock: Clock
) -> None:
    put_press(table)
    assert mood(boards) == "happy"
    table.error = CloudUnavailable("dynamodb:Query: no answer")
    clock.at += 60
    assert mood(boards) == "happy"
    clock.at += 1
    assert mood(boards) == "calm"


def test_a_file_that_changes_is_read_again(boards: Billboards, file: Path, clock: Clock) -> None:
    assert mood(boards) == "calm"
    file.write_text(TWO_MOODS.replace('default = "calm"', 'default = "happy"'), encoding="utf-8")
    clock.at += 1
    assert mood(boards) == "happy"


@pytest.mark.parametrize("broken", [None, "default = ", 'default = "nobody"'])
def test_a_file_that_breaks_changes_nothing(boards: Billboards, file: Path, clock: Clock, broken: str | None) -> None:
    mood(boards)
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken, encoding="utf-8")
    clock.at += 1
    assert mood(boards) == "calm"
    file.write_text(TWO_MOODS.replace('default = "calm"', 'default = "happy"'), encoding="utf-8")
    clock.at += 1
    assert mood(boards) == "happy"
