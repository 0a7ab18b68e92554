"""What is pressed on a page goes over the queue, once; without a script, too."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import cast

import pytest
from starlette.testclient import TestClient

from board.debounce import Debouncer
from board.domain.errors import CloudUnavailable
from board.services import Services
from board.web.app import make_app
from tests.board.fakes import NOW, FakeQueue, FakeTable, capture_id, make_services, record

ADDRESS = f"/captures/lobby/{capture_id(44).replace('#', '%23')}"
IDENTITY = "2026-11-22T18:45:00.000Z#abc"


@pytest.fixture
def services(table: FakeTable) -> Services:
    return make_services(table, actions=True)


@pytest.fixture
def queue(services: Services) -> FakeQueue:
    return cast("FakeQueue", services.queue)


@pytest.fixture
def only_looking(table: FakeTable) -> Iterator[TestClient]:
    with TestClient(make_app(make_services(table)), base_url="http://localhost") as client:
        yield client


def press(client: TestClient, press_id: str = "abc", camera: str = "lobby") -> str:
    """Where the page leads that was shown for the press."""
    answer = client.post("/presses", data={"camera": camera, "press_id": press_id})
    assert answer.status_code == HTTPStatus.OK
    return str(answer.url)


def test_a_press_goes_over_the_queue_and_leads_to_its_page(client: TestClient, queue: FakeQueue) -> None:
    assert press(client).endswith("/presses/lobby/2026-11-22T18%3A45%3A00.000Z%23abc")
    assert queue.sent == [
        {"command": "TakePicture", "camera": "lobby", "press_id": "abc", "pressed_at": "2026-11-22T18:45:00.000Z"}
    ]


def test_a_redirect_holds_behind_any_prefix(client: TestClient) -> None:
    answer = client.post("/presses", data={"camera": "lobby", "press_id": "abc"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"][:2]) == (HTTPStatus.SEE_OTHER, "./")


def test_each_form_has_an_identity_of_its_own(client: TestClient) -> None:
    rendered = client.get("/presses").text + client.get("/presses").text
    found = re.findall(r'name="press_id" value="([^"]+)"', rendered)
    assert len(set(found)) == len(found) == 2


def test_a_double_click_is_one_press_and_a_later_one_another(client: TestClient, queue: FakeQueue) -> None:
    assert press(client) == press(client)
    assert len({(sent["press_id"], sent["pressed_at"]) for sent in queue.sent}) == 1
    debouncer = Debouncer()
    assert debouncer.pressed_at("a", NOW) == debouncer.pressed_at("a", NOW + timedelta(seconds=3)) == NOW
    assert debouncer.pressed_at("a", NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=30)
    assert debouncer.pressed_at("b", NOW + timedelta(seconds=4)) == NOW + timedelta(seconds=4)


@pytest.mark.parametrize("press_id", ["", "a b", "a" * 65, "ä", "a\n"])
def test_an_identity_that_no_worker_takes_is_refused(client: TestClient, queue: FakeQueue, press_id: str) -> None:
    answer = client.post("/presses", data={"camera": "lobby", "press_id": press_id})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert not queue.sent


def test_a_queue_that_does_not_answer_is_told(client: TestClient, queue: FakeQueue) -> None:
    queue.error = CloudUnavailable("sqs:SendMessage: Could not connect")
    answer = client.post("/presses", data={"camera": "lobby", "press_id": "abc"})
    assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert "sqs:SendMessage" in answer.text


def test_the_page_of_a_press_goes_on_until_it_is_over(client: TestClient, table: FakeTable) -> None:
    address = press(client)
    assert '<noscript><meta http-equiv="refresh"' in client.get(address).text
    table.put(**{**record(45), "capture_id": IDENTITY})
    over = client.get(address).text
    assert '<noscript><meta http-equiv="refresh"' not in over
    assert "data-over" in over
    steps = client.get(f"{address}/steps").text
    assert " ".join(steps.split()) in " ".join(over.split())
    assert "You look happy." in steps
    assert "402 ms" in steps


def test_the_newest_presses_of_all_commands_are_listed(client: TestClient, table: FakeTable) -> None:
    table.put(**record(43, command="Say", said="Dinner is ready."))
    table.put(**record(44, status="failed", error="no answer from the camera", source="iot-button"))
    listed = client.get("/presses").text
    assert listed.index("no answer from the camera") < listed.index("Dinner is ready.")
    assert " ".join(client.get("/presses/newest?root=./").text.split()) in " ".join(listed.split())


def test_a_page_of_a_press_that_cannot_be_is_none(client: TestClient) -> None:
    assert client.get("/presses/lobby/yesterday").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/presses/cellar/2026-11-22T18:45:00.000Z%23abc").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/presses"),
        ("POST", "/presses"),
        ("GET", "/presses/lobby/2026-11-22T18:45:00.000Z%23abc"),
        ("POST", f"{ADDRESS}/say"),
        ("POST", f"{ADDRESS}/forget"),
    ],
)
def test_who_may_only_look_is_told_the_setting(
    only_looking: TestClient, table: FakeTable, method: str, address: str
) -> None:
    table.put(**record(44))
    answer = only_looking.request(method, address)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "BOARD_ACTIONS" in answer.text


class TestACapture:
    def test_has_all_that_is_known_of_it(self, client: TestClient, table: FakeTable) -> None:
        table.put(
            **record(44, labels=[{"name": "Person", "confidence": 99.8}], text=[{"text": "EXIT", "confidence": 9}])
        )
        table.put(**record(43))
        table.put(**record(45, command="Say"))
        table.put(**record(46))
        html = client.get(ADDRESS).text
        for words in (
            "You look happy.",
            "happy 99 %",
            "Person",
            "EXIT",
            "402 ms",
            "on the queue",
            "&#34;image_key&#34;",
        ):
            assert words in html
        assert 'rel="next"' in html
        assert (
            f'href="../../captures/lobby/{capture_id(46).replace(":", "%3A").replace("#", "%23")}" rel="prev"' in html
        )
        assert "photos/lobby/2026-11-22T18%3A44%3A00.000Z%23press-4400?download=1" in html

    def test_has_no_buttons_for_who_may_only_look(self, only_looking: TestClient, table: FakeTable) -> None:
        table.put(**record(44))
        html = only_looking.get(ADDRESS).text
        assert "<form" not in html

    def test_that_is_not_there_says_why(self, client: TestClient) -> None:
        answer = client.get(ADDRESS)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "may have been forgotten" in answer.text

    def test_is_said_again(self, client: TestClient, table: FakeTable, queue: FakeQueue) -> None:
        table.put(**record(44))
        answer = client.post(f"{ADDRESS}/say", data={"press_id": "abc"})
        assert str(answer.url).endswith("/presses/lobby/2026-11-22T18%3A45%3A00.000Z%23abc?command=Say")
        assert "To be said" in answer.text
        assert [(sent["command"], sent["text"]) for sent in queue.sent] == [("Say", "You look happy.")]

    @pytest.mark.parametrize("said", [None, "x" * 501, "two\nlines", "..."])
    def test_whose_sentence_no_worker_says_is_not_sent(
        self, client: TestClient, table: FakeTable, queue: FakeQueue, said: str | None
    ) -> None:
        table.put(**record(44, said=said))
        assert "/say" not in client.get(ADDRESS).text
        assert client.post(f"{ADDRESS}/say", data={"press_id": "abc"}).status_code == HTTPStatus.NOT_FOUND
        assert not queue.sent

    def test_is_forgotten_by_the_worker_and_the_page_says_so(
        self, client: TestClient, table: FakeTable, queue: FakeQueue
    ) -> None:
        table.put(**record(44))
        asked = client.post(f"{ADDRESS}/forget", data={"press_id": "abc"})
        assert [(sent["command"], sent["capture_id"]) for sent in queue.sent] == [("Forget", capture_id(44))]
        assert "has been asked to forget" in asked.text
        assert "data-waiting" in asked.text
        table.put(**record(44, status="forgotten"))
        assert "Forgotten." in client.get(asked.url).text

    def test_that_cannot_be_forgotten_now_says_why(self, client: TestClient, table: FakeTable) -> None:
        table.put(**record(44))
        asked = client.post(f"{ADDRESS}/forget", data={"press_id": "abc"})
        error = "a worker is working on this press until 18:46; try again after that"
        table.put(camera="lobby", capture_id=IDENTITY, command="Forget", status="failed", error=error)
        told = client.get(asked.url).text
        assert "could not be forgotten" in told
        assert error in told


NO_KEY = "é" * 512 + "e"
"""A byte more than DynamoDB's sort keys can have."""


@pytest.mark.parametrize(
    "path",
    ["captures/lobby/{}", "tiles/lobby/{}", "photos/lobby/{}", "clips/lobby/{}", "history/watch/lobby/{}"],
)
def test_what_cannot_be_a_capture_id_is_not_there_and_aws_is_not_asked(
    client: TestClient, table: FakeTable, path: str
) -> None:
    answer = client.get(f"/{path.format(NO_KEY)}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert table.calls == []


@pytest.mark.parametrize("action", ["say", "forget"])
def test_nothing_is_sent_about_what_cannot_be_a_capture_id(
    client: TestClient, table: FakeTable, queue: FakeQueue, action: str
) -> None:
    answer = client.post(f"/captures/lobby/{NO_KEY}/{action}", data={"press_id": "abc"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert table.calls == []
    assert queue.sent == []


def test_a_forgetting_that_cannot_be_one_is_not_asked_for(client: TestClient, table: FakeTable) -> None:
    answer = client.get(f"{ADDRESS}?forget={NO_KEY}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert table.calls == ["lobby"]


def test_the_longest_capture_id_is_asked_for(client: TestClient, table: FakeTable) -> None:
    table.put(**record(44, capture_id=NO_KEY[:-1]))
    assert client.get(f"/captures/lobby/{NO_KEY[:-1]}").status_code == HTTPStatus.OK
