import csv
import hashlib
import json
import re
import time
from io import StringIO
from itertools import combinations
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest
from coloraide import Color
from httpx2 import Response
from starlette.testclient import TestClient

from board.domain.errors import CloudRefused, CloudUnavailable
from board.web.app import make_app
from tests.board.fakes import FakeTable, make_services, record
from tests.board.watched import ENDED, bucket_at

ROOT = Path(__file__).parents[3]
LACKING = ("protan", "deutan", "tritan")
VENDOR = ROOT / "board" / "static" / "vendor"
PAGE = f"history/watch/lobby/{quote(ENDED['capture_id'], safe='')}"


def whole(client: TestClient, address: str) -> str:
    """The page once it has read everything."""
    deadline = time.monotonic() + 10
    while True:
        answer = client.get(address)
        assert answer.status_code == 200
        if 'id="reading"' not in answer.text:
            return answer.text
        assert time.monotonic() < deadline


def charts(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def rows(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_presses_looks_and_response_times_are_told(client: TestClient, table: FakeTable) -> None:
    for minute in range(10):
        table.put(**record(minute))
    page = whole(client, "/history?days=1")
    assert re.search(r"<dt>Presses</dt><dd>10</dd>", page)
    assert re.search(r"<dt>From press to voice</dt><dd>0.8 s</dd>", page)
    assert "100 % looked happy" in page
    drawn = charts(page)
    assert [(line["name"], sum(line["values"])) for line in drawn["moods"]] == [("happy", 10)]
    assert '<td class="number">0.79 s</td>' in page


def test_the_days_are_those_of_the_viewers_time_zone(client: TestClient, table: FakeTable) -> None:
    table.put(**record(capture_id="2026-11-21T23:30:00.000Z#x"))
    assert re.search(r'<th scope="row">Sat 21 Nov</th>', whole(client, "/history?days=30"))
    page = whole(client, "/history?days=30&tz=Europe/Berlin")
    assert re.search(r'<th scope="row">Sun 22 Nov</th>', page)
    assert "Hours and days are those of Europe/Berlin." in page


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "<script>", "%00", "Europe"])
def test_a_time_zone_that_is_none_is_said_and_utc_stands_in(client: TestClient, zone: str) -> None:
    page = whole(client, f"/history?tz={zone}")
    assert "those of UTC: this board does not know the time zone" in page
    assert "<script>" not in page.replace("<script type", "")


@pytest.mark.parametrize("query", ["days=2", "days=x", "days=-1", "camera=nowhere", "days=30&camera=%3Cb%3E"])
def test_what_cannot_be_shown_is_said(client: TestClient, query: str) -> None:
    assert client.get(f"/history?{query}").status_code in {400, 404}


def test_one_camera_or_all(table: FakeTable) -> None:
    for camera in ("lobby", "stage"):
        table.put(**record(camera=camera))
    with TestClient(make_app(make_services(table, cameras=("lobby", "stage"))), base_url="http://localhost") as client:
        table.put(**record(43, camera="stage"))
        everything = whole(client, "/history")
        assert "<dt>Presses</dt><dd>3</dd>" in everything
        assert '<p class="quiet" id="cameras">stage: 2, lobby: 1</p>' in everything
        assert "<dt>Presses</dt><dd>2</dd>" in whole(client, "/history?camera=stage")
        assert [row["camera"] for row in rows(client.get("/history.csv?what=presses"))] == ["lobby", "stage", "stage"]
        assert [row["camera"] for row in rows(client.get("/history.csv?what=hours&camera=stage"))] == ["stage"]


def test_without_anything_it_says_what_to_do(client: TestClient) -> None:
    page = whole(client, "/history")
    assert "Nothing in this time" in page
    assert 'href="./history?days=90"' in page


@pytest.mark.parametrize(("error", "words"), [
    (CloudUnavailable("dynamodb:Query: no answer"), "tries again by itself"),
    (CloudRefused("dynamodb:Query: AccessDenied"), "Somebody has to change something"),
])  # fmt: skip
def test_trouble_with_aws_is_told(client: TestClient, table: FakeTable, error: Any, words: str) -> None:
    table.error = error
    answer = client.get("/history")
    assert answer.status_code == 502
    assert words in answer.text
    assert str(error) in answer.text
    assert "<dt>Presses</dt>" not in answer.text  # nobody knows that there was none
    for what in ("presses", "hours", "watches", "samples"):
        assert client.get(f"/history.csv?what={what}").status_code == 502


def test_after_trouble_everything_is_there_again(client: TestClient, table: FakeTable) -> None:
    table.put(**record())
    table.error = CloudUnavailable("no answer")
    client.get("/history")
    table.error = None
    assert "<dt>Presses</dt><dd>1</dd>" in whole(client, "/history")


def test_a_page_that_is_not_whole_says_how_far_it_is_and_comes_back(table: FakeTable) -> None:
    answered, gate = table.pages, Event()

    def held(*arguments: Any, **more: Any) -> Any:
        for page in answered(*arguments, **more):
            yield page
            assert gate.wait(10)

    table.pages = held  # type: ignore[method-assign]
    for minute in range(3):
        table.put(**record(minute))
    with TestClient(make_app(make_services(table)), base_url="http://localhost") as client:
        page = client.get("/history").text
        assert re.search(r'id="reading" role="status">Reading the records: \d+ so far', page)
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
        gate.set()
        assert "<dt>Presses</dt><dd>3</dd>" in whole(client, "/history")


def test_a_broken_record_or_watch_never_takes_the_page_down(client: TestClient, table: FakeTable) -> None:
    markup = "</script><script>alert(1)</script>"
    table.put(camera="lobby", capture_id="broken", status=7)
    table.put(**record(mood=markup, timings_ms=[1], face_count=markup, said="x" * 10_000, moments=7, command=["x"]))
    table.put(camera="watch/lobby", capture_id="broken", sections=markup)
    table.put(
        **{**ENDED, "sections": [markup, 7, None], "grid": markup, "summary": {"sections": {markup: {"green": 9}}}}
    )
    page = whole(client, "/history")
    assert "alert(1)</script>" not in page
    whole(client, "/" + PAGE)
    assert len(rows(client.get("/history.csv?what=presses"))) == 2


def test_watches_are_told_with_their_sections(client: TestClient, table: FakeTable) -> None:
    table.put(**ENDED)
    page = whole(client, "/history")
    assert "Facing 75 %, Away 25 %" in page
    assert f'href="./{PAGE}"' in page
    assert '<rect class="level-red" x="75.00%" width="25.00%"' in page
    assert "400 calls, $0.40" in page


def test_the_course_of_a_watch_is_drawn_and_told(client: TestClient, table: FakeTable) -> None:
    table.put(**ENDED)
    for at, score in (("18:01:00", 40), ("18:01:10", 50), ("18:03:00", 70)):
        table.put(**bucket_at(at, score))
    page = whole(client, "/" + PAGE + "?tz=Europe/Berlin")
    assert charts(page) == {"words": ["19:01", "19:02", "19:03"], "courses": [[45, None, 70], [None] * 3]}
    assert '<tr><th scope="row">19:03</th><td class="number">10.0</td><td class="number">70</td>' in page
    found = rows(client.get(f"/history.csv?what=samples&watch={quote(str(ENDED['capture_id']), safe='')}"))
    assert [row["smoothed"] for row in found] == ["70", "50", "40"]


def test_measurements_that_are_gone_are_said_to_be(client: TestClient, table: FakeTable) -> None:
    old = {
        **ENDED,
        "capture_id": "2026-11-02T18:00:00.000Z#w",
        "started_at": "2026-11-02T18:00:00.000Z",
        "ended_at": "2026-11-02T18:45:00.000Z",
    }
    table.put(**old)
    page = whole(client, f"/history/watch/lobby/{quote(old['capture_id'], safe='')}")
    assert "They are kept for a week" in page
    assert "Facing 75 %" in page


@pytest.mark.parametrize("address", ["history/watch/lobby/none", "history/watch/nowhere/x"])
def test_a_watch_that_is_not_there_is_said(client: TestClient, address: str) -> None:
    assert client.get(f"/{address}").status_code == 404


def test_a_download_is_named_and_kept_nowhere(client: TestClient, table: FakeTable) -> None:
    table.put(**record(said="=HYPERLINK(1)"))
    answer = client.get("/history.csv?what=presses&days=30")
    assert answer.headers["content-disposition"] == 'attachment; filename="history-presses.csv"'
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert rows(answer)[0]["said"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("what", ["presses", "hours", "watches", "samples"])
def test_the_documentation_has_each_column(client: TestClient, what: str) -> None:
    text = (ROOT / "docs" / "board.md").read_text(encoding="utf-8")
    header = client.get(f"/history.csv?what={what}").content.decode("utf-8-sig").splitlines()[0]
    for column in header.split(","):
        assert f"`{column}`" in text, column


def test_what_no_download_is_is_said(client: TestClient) -> None:
    assert client.get("/history.csv?what=faces").status_code == 400


def test_no_page_has_a_style_or_a_script_of_its_own(client: TestClient, table: FakeTable) -> None:
    table.put(**ENDED)
    table.put(**record())
    for address in ("/history", "/" + PAGE):
        page = whole(client, address)
        assert "style=" not in page
        assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_each_look_has_a_colour_in_the_style_sheet(client: TestClient, table: FakeTable) -> None:
    sheet = client.get("/static/history.css").text
    table.put(
        **record(
            mood=dict.fromkeys(
                ("HAPPY", "CALM", "SURPRISED", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "FEAR", "NEW"), 1
            )
        )
    )
    drawn = charts(whole(client, "/history"))
    assert len(drawn["moods"]) == 9
    for line in (*drawn["moods"], *drawn["presses"], *drawn["voice"]):
        assert f"{line['colour']}:" in sheet


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_no_two_looks_are_alike_whatever_colours_somebody_tells_apart(scheme: int) -> None:
    schemes = (ROOT / "board/static/history.css").read_text(encoding="utf-8").split("@media", 1)
    found = dict(re.findall(r"(--[\w-]+): (#\w{6});", schemes[scheme]))
    looks = [colour for name, colour in found.items() if name.startswith("--mood-")]
    ends = [found[name] for name in ("--bar", "--failed", "--late")]
    assert len(looks) == 9
    for colours in (looks, ends):
        seen = [[Color(colour), *(Color(colour).filter(lack) for lack in LACKING)] for colour in colours]
        for one, other in combinations(seen, 2):
            assert min(a.delta_e(b, method="2000") for a, b in zip(one, other, strict=True)) > 10


@pytest.mark.parametrize("file", ["uPlot.iife.min.js", "uPlot.min.css", "LICENSE.uplot"])
def test_what_others_made_is_as_it_came(file: str) -> None:
    digest = hashlib.sha256((VENDOR / file).read_bytes()).hexdigest()
    assert digest in (VENDOR / "SOURCES.md").read_text(encoding="utf-8")
    assert "board/static/vendor" in (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
