"""The gallery as a browser without a script gets it."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from starlette.testclient import TestClient

from board.domain.errors import CloudRefused, CloudUnavailable
from board.web.app import make_app
from tests.board.fakes import FakeTable, capture_id, make_services, record

SHOWN = re.compile(r'data-capture="([^"]+)"')


def shown(html: str) -> list[int]:
    """The minutes of the presses whose tiles are there, in their order."""
    return [int(found[14:16]) for found in SHOWN.findall(html)]


@pytest.fixture
def two_cameras(table: FakeTable) -> Iterator[TestClient]:
    services = make_services(table, cameras=("lobby", "garden"))
    with TestClient(make_app(services), base_url="http://localhost") as client:
        yield client


def test_the_newest_comes_first_with_its_sentence_its_face_and_its_time(client: TestClient, table: FakeTable) -> None:
    table.put(**record(43))
    table.put(**record(44))
    html = client.get("/").text
    assert shown(html) == [44, 43]
    assert "You look happy." in html
    assert ">happy 99 %</text>" in html
    assert 'x="40.0%" y="30.0%" width="20.0%" height="30.0%"' in html
    assert '<time datetime="2026-11-22T18:44:00.000Z">22 Nov 2026, 18:44 UTC</time>' in html
    assert 'src="./photos/lobby/2026-11-22T18%3A44%3A00.000Z%23press-4400"' in html
    assert 'alt="Photo of lobby: 1 face: happy 99 %"' in html


def test_what_is_no_capture_has_no_tile(client: TestClient, table: FakeTable) -> None:
    for minute, command in enumerate(("Say", "StartWatching", "StopWatching", "Forget", "RecordVideo")):
        table.put(**record(minute, command=command))
    table.put(**record(9, status="forgotten"))
    assert shown(client.get("/").text) == [4]


def test_a_failure_is_a_tile_that_says_what_happened(client: TestClient, table: FakeTable) -> None:
    table.put(**record(44, status="failed", error="no answer from the camera", image_key=None))
    html = client.get("/").text
    assert "no answer from the camera" in html
    assert "Is the camera on" in html


def test_one_camera_or_one_mood_can_be_chosen(two_cameras: TestClient, table: FakeTable) -> None:
    table.put(**record(40))
    table.put(**record(41, "garden"))
    table.put(**record(42, "garden", mood={"SAD": 1}))
    assert shown(two_cameras.get("/").text) == [42, 41, 40]
    assert shown(two_cameras.get("/?camera=garden").text) == [42, 41]
    assert shown(two_cameras.get("/?camera=garden&mood=HAPPY").text) == [41]
    chosen = two_cameras.get("/?camera=&mood=SAD").text
    assert shown(chosen) == [42]
    assert '<option value="SAD" selected>sad</option>' in chosen


@pytest.mark.parametrize("query", ["camera=cellar", "mood=BORED"])
def test_what_cannot_be_chosen_is_told(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such mood" in answer.text or "knows no such camera" in answer.text


def test_older_pages_follow_and_keep_the_choice(client: TestClient, table: FakeTable) -> None:
    for minute in range(30):
        table.put(**record(minute))
    first = client.get("/?mood=HAPPY").text
    assert shown(first) == list(range(29, 5, -1))
    link = re.search(r'id="older" href="([^"]+)"', first)
    assert link is not None
    second = client.get(link[1].replace("&amp;", "&")).text
    assert shown(second) == list(range(5, -1, -1))
    assert "data-newest" not in second
    assert 'id="older" href="./" hidden' in second


def test_an_empty_gallery_says_how_to_press(client: TestClient) -> None:
    html = client.get("/").text
    assert "No photo yet" in html
    assert "python -m worker press" in html
    assert 'id="tiles" data-newest' in html


def test_a_choice_that_nothing_meets_leads_back(client: TestClient, table: FakeTable) -> None:
    table.put(**record(44))
    html = client.get("/?mood=FEAR").text
    assert "on which somebody looks afraid" in html
    assert "Show all" in html


def test_trouble_with_aws_says_what_to_do(client: TestClient, table: FakeTable) -> None:
    table.error = CloudUnavailable("dynamodb:Query: Could not connect")
    passing = client.get("/")
    assert passing.status_code == HTTPStatus.BAD_GATEWAY
    assert "AWS did not answer as it should" in passing.text
    assert "Could not connect" in passing.text
    assert "tries again by itself" in passing.text
    table.error = CloudRefused("dynamodb:Query: ResourceNotFoundException")
    assert "TABLE_NAME" in client.get("/").text


def test_a_clip_plays(client: TestClient, table: FakeTable) -> None:
    table.put(**record(44, command="RecordVideo", image_key=None, video_key="captures/lobby/1.mp4", faces=None))
    html = client.get("/").text
    assert '<video controls preload="none"' in html
    assert 'src="./clips/lobby/2026-11-22T18%3A44%3A00.000Z%23press-4400"' in html


@pytest.mark.parametrize(("timings", "told"), [({"snapshot": 402}, False), ({"snapshot": 402, "total": 3000}, True)])
def test_from_when_a_time_counts_is_said_of_those_that_are_there(
    client: TestClient, table: FakeTable, timings: dict[str, int], *, told: bool
) -> None:
    table.put(**record(44, timings_ms=timings))
    html = client.get(f"/captures/lobby/{capture_id(44).replace('#', '%23')}").text
    assert ("from when the worker had the press" in html) is told


def test_a_broken_record_takes_nothing_else_down(client: TestClient, table: FakeTable) -> None:
    table.put(**record(43))
    table.put(**record(44, faces="many", mood=[1], timings_ms="fast", error=7, said={"a": 1}, speech=[2], status=[3]))
    assert shown(client.get("/").text) == [44, 43]


def test_what_a_record_says_is_text(client: TestClient, table: FakeTable) -> None:
    table.put(**record(44, said='"><script>alert(1)</script>'))
    html = client.get("/").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


class TestATile:
    def test_is_what_the_page_has(self, client: TestClient, table: FakeTable) -> None:
        table.put(**record(44))
        table.put(**record(43, status="failed", error="no"))
        page = " ".join(client.get("/").text.split())
        for minute in (43, 44):
            tile = client.get(f"/tiles/lobby/{capture_id(minute).replace('#', '%23')}").text
            assert " ".join(tile.split()) in page

    def test_is_none_of_what_the_choice_leaves_out_or_is_gone(self, client: TestClient, table: FakeTable) -> None:
        address = f"/tiles/lobby/{capture_id(44).replace('#', '%23')}"
        assert client.get(address).status_code == HTTPStatus.NO_CONTENT
        table.put(**record(44))
        assert client.get(f"{address}?mood=HAPPY").status_code == HTTPStatus.OK
        assert client.get(f"{address}?mood=SAD").status_code == HTTPStatus.NO_CONTENT
        table.put(**record(44, command="Say"))
        assert client.get(address).status_code == HTTPStatus.NO_CONTENT
