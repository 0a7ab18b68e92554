"""The billboard's addresses."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from board.domain.errors import CloudRefused
from board.web.app import make_app
from tests.board.fakes import FakeTable, make_services, record

LIST = """
default = "calm"
[moods.happy]
when = ["HAPPY"]
items = [{url = "https://example.org/show?a=1"}, {url = "http://player.local:8080/"}]
[moods.calm]
when = ["CALM"]
items = [{image = "sea & sand.jpg", seconds = 15}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sea & sand.jpg").write_bytes(b"0123456789")
    (tmp_path / "other.jpg").write_bytes(b"nobody names it")
    (tmp_path / "billboard.toml").write_text(LIST, encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(table: FakeTable, folder: Path) -> Iterator[TestClient]:
    services = make_services(table, billboard_file=folder / "billboard.toml")
    with TestClient(make_app(services), base_url="http://localhost", follow_redirects=False) as client:
        yield client


def press(table: FakeTable) -> None:
    """A happy face, ten seconds ago."""
    table.put(**record(capture_id="2026-11-22T18:44:50.000Z#a", pressed_at="2026-11-22T18:44:50.000Z"))


def test_what_is_on_is_told_as_the_design_says(client: TestClient) -> None:
    assert client.get("/billboard/lobby/current.json").json() == {
        "mood": "calm",
        "item": {"kind": "image", "src": "billboard/lobby/files/sea%20%26%20sand.jpg", "seconds": 15},
        "since": "2026-11-22T18:45:00.000Z",
        "next_change_at": "2026-11-22T18:45:15.000Z",
    }


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/billboard/lobby/current.json").headers["ETag"]
    again = client.get("/billboard/lobby/current.json", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", tag)


def test_players_are_led_to_the_file(client: TestClient) -> None:
    answer = client.get("/billboard/lobby/current")
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.headers["Location"] == "../../billboard/lobby/files/sea%20%26%20sand.jpg"
    assert answer.headers["Cache-Control"] == "no-store"
    found = client.get("/billboard/lobby/files/sea%20%26%20sand.jpg", headers={"Range": "bytes=2-4"})
    assert (found.status_code, found.content) == (HTTPStatus.PARTIAL_CONTENT, b"234")
    assert found.headers["Content-Type"] == "image/jpeg"


def test_players_are_led_to_an_address(client: TestClient, table: FakeTable) -> None:
    press(table)
    assert client.get("/billboard/lobby/current").headers["Location"] == "https://example.org/show?a=1"


def test_only_the_addresses_of_the_file_may_be_framed(client: TestClient) -> None:
    policy = client.get("/billboard/lobby").headers["Content-Security-Policy"]
    [frames] = [part.split() for part in policy.split("; ") if part.startswith("frame-src")]
    assert set(frames[1:]) == {"https://example.org", "http://player.local:8080"}
    assert "frame-src" not in client.get("/").headers["Content-Security-Policy"]


def test_the_page_works_without_its_script(client: TestClient) -> None:
    assert 'src="../billboard/lobby/files/sea%20%26%20sand.jpg"' in client.get("/billboard/lobby").text


def test_all_that_may_come_is_told_for_hard_times(client: TestClient) -> None:
    told = client.get("/billboard/lobby/playlist.json").json()
    assert told["default"] == "calm"
    assert [item["kind"] for item in told["moods"]["happy"]] == ["url", "url"]


@pytest.mark.parametrize("name", ["other.jpg", "billboard.toml", "..%2Fother.jpg", "%2Fetc%2Fpasswd", "sea"])
def test_no_other_file_is_shown(client: TestClient, name: str) -> None:
    assert client.get(f"/billboard/lobby/files/{name}").status_code == HTTPStatus.NOT_FOUND


def test_a_file_that_is_gone_is_told(client: TestClient, folder: Path) -> None:
    (folder / "sea & sand.jpg").unlink()
    answer = client.get("/billboard/lobby/files/sea%20%26%20sand.jpg")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "is gone" in answer.text


def test_without_aws_it_is_there_all_the_same(client: TestClient, table: FakeTable) -> None:
    table.error = CloudRefused("dynamodb:Query: AccessDenied")
    assert client.get("/billboard/lobby").status_code == HTTPStatus.OK
    assert client.get("/billboard/lobby/current.json").json()["mood"] == "calm"


@pytest.mark.parametrize("path", ["", "/current", "/current.json", "/playlist.json", "/files/sea.jpg"])
def test_without_a_file_it_says_what_to_do(table: FakeTable, path: str) -> None:
    with TestClient(make_app(make_services(table)), base_url="http://localhost") as client:
        answer = client.get(f"/billboard/lobby{path}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "BILLBOARD_FILE" in answer.text


@pytest.mark.parametrize("path", ["", "/current", "/current.json", "/playlist.json", "/files/sea.jpg"])
def test_a_camera_that_is_not_there_is_told(client: TestClient, path: str) -> None:
    assert client.get(f"/billboard/nowhere{path}").status_code == HTTPStatus.NOT_FOUND
