"""`python -m board` as a process: how it starts, what it asks of AWS, and how it ends."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

import pytest
import requests

from demo.program import PATIENCE_SECONDS, Program
from tests.support.cloud_faults import Refusal
from tests.support.site import Site
from tests.support.waiting import eventually

OPEN = {"BOARD_AUTH": "none", "BOARD_PORT": "0"}


@contextmanager
def board(site: Site, **settings: str) -> Iterator[tuple[Program, str]]:
    """A board that runs, and its address."""
    environment = site.host.environment(**OPEN | settings)
    with Program("board", environment=environment, folder=site.folder / "home") as program:
        yield program, program.wait_for("the board is open")[0]["address"]


def refused(site: Site, **settings: str) -> str:
    """What a board says that does not start."""
    environment = site.host.environment(**OPEN | settings)
    with Program("board", environment=environment, folder=site.folder / "home") as program:
        assert program.wait(PATIENCE_SECONDS) == 2
        return program.output


def read_events(answer: requests.Response) -> Iterator[tuple[str, dict[str, object]]]:
    """Server-sent events: name and data."""
    name = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def follow(address: str) -> requests.Response:
    answer = requests.get(f"{address}api/events", stream=True, timeout=PATIENCE_SECONDS)
    assert answer.status_code == HTTPStatus.OK
    return answer


def test_settings_that_cannot_be_used_are_told_at_once(site: Site) -> None:
    told = refused(site, BOARD_AUTH="", TABLE_NAME="", BOARD_PORT="all")
    assert {line.strip().partition(":")[0] for line in told.splitlines()[1:]} == {
        "BOARD_PASSWORD",
        "TABLE_NAME",
        "BOARD_PORT",
    }


def test_a_port_that_is_taken_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = refused(site, BOARD_PORT=str(taken.getsockname()[1]))
    assert "BOARD_HOST, BOARD_PORT: cannot listen on 127.0.0.1, port" in told
    assert "in use" in told


def test_a_typing_error_is_warned_of(site: Site) -> None:
    with board(site, BOARD_ACTION="on") as (program, _):
        assert any("did you mean BOARD_ACTIONS?" in entry["event"] for entry in program.entries)


def test_a_press_is_told_as_it_happens_and_its_photo_is_there(site: Site) -> None:
    with board(site, DATA_DIR=str(site.folder / "board")) as (_, address), follow(address) as answer:
        site.start()
        site.press()
        captures = (data for name, data in read_events(answer) if name == "capture")
        ended = next(data for data in captures if data["status"] == "completed")
        assert ended["said"] == "You look happy."
        photo = requests.get(f"{address}{ended['photo']}", timeout=PATIENCE_SECONDS)
        assert photo.content == site.photo("default", "astronaut.jpg")
        listed = requests.get(f"{address}api/captures", timeout=PATIENCE_SECONDS).json()["captures"]
        assert listed == [ended]


def test_aws_is_asked_nothing_before_somebody_looks(site: Site) -> None:
    with board(site) as (_, address):
        assert requests.get(f"{address}healthz", timeout=PATIENCE_SECONDS).json() == {"status": "ok"}
        assert not site.proxy.asked
        with follow(address):
            eventually(lambda: len(site.proxy.calls("Query")) > 1)


def test_trouble_with_aws_is_told_and_its_end(site: Site) -> None:
    refusal = Refusal(HTTPStatus.BAD_REQUEST, "AccessDeniedException")
    site.proxy.befall(refusal, "Query")
    with board(site) as (_, address), follow(address) as answer:
        troubles = (data["error"] for name, data in read_events(answer) if name == "trouble")
        assert "give the board's IAM user or role the permission dynamodb:Query" in str(next(troubles))
        site.proxy.heal()
        assert next(error for error in troubles if error is None) is None


def test_it_stops_although_somebody_looks(site: Site) -> None:
    with board(site) as (program, address), follow(address) as answer:
        program.signal(signal.SIGTERM)
        with suppress(requests.exceptions.ChunkedEncodingError):
            for _ in answer.iter_lines():
                """Until the board ends the stream."""
        assert program.wait(PATIENCE_SECONDS) == 0


def test_it_stops_although_aws_does_not_answer(site: Site) -> None:
    with site.proxy.holding("Query") as hold, board(site) as (program, address), follow(address):
        hold.wait_until_reached()
        program.signal(signal.SIGTERM)
        assert program.wait(PATIENCE_SECONDS) == 0
        assert not hold.released.is_set()


@pytest.mark.parametrize("path", ["", "history", "monitor/default", "api/captures"])
def test_a_page_says_what_is_wrong_where_aws_does_not_answer(site: Site, path: str) -> None:
    with board(site) as (_, address), site.proxy.outage():
        answer = requests.get(f"{address}{path}", timeout=PATIENCE_SECONDS)
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.BAD_GATEWAY}
        assert "AWS" in answer.text
