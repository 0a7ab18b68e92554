"""Photos and clips: only of records, only from their folder, a piece at a time."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus
from threading import Event, Semaphore
from typing import Any, cast

import pytest
from anyio import CapacityLimiter
from starlette.testclient import TestClient
from starlette.types import Message

from board.aws.photos import Opened
from board.domain.errors import CloudUnavailable
from board.services import Services
from board.web.app import make_app
from board.web.media import MOST_WAITING, Pieces
from tests.board.fakes import FakePhotos, FakeTable, capture_id, record

PHOTO = f"/photos/lobby/{capture_id(44).replace('#', '%23')}"
CLIP = PHOTO.replace("photos", "clips")
CONTENT = bytes(range(256)) * 10
PATIENCE_SECONDS = 20
KEY = "captures/lobby/2026/11/22/44.jpg"


@pytest.fixture
def photos(services: Services, table: FakeTable) -> FakePhotos:
    photos = cast("FakePhotos", services.photos)
    photos.stored[KEY] = CONTENT
    table.put(**record(44, video_key=KEY))
    return photos


def test_a_photo_is_a_photo_whatever_its_object_says(client: TestClient, photos: FakePhotos) -> None:
    answer = client.get(PHOTO)
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["cache-control"] == "private, no-store"
    assert "content-disposition" not in answer.headers
    assert photos.closed == 1


def test_a_download_has_a_name(client: TestClient, photos: FakePhotos) -> None:
    del photos
    answer = client.get(f"{PHOTO}?download=1")
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="lobby-2026-11-22T18-44-00.000Z-press-4400.jpg"'
    )


def test_a_head_has_everything_but_the_photo(client: TestClient, photos: FakePhotos) -> None:
    answer = client.head(PHOTO)
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert photos.closed == 1


@pytest.mark.parametrize(
    ("wished", "part"),
    [("bytes=0-1", slice(0, 2)), ("bytes=2000-", slice(2000, 2560)), ("bytes=-10", slice(2550, 2560))],
)
def test_a_part_of_a_clip_can_be_had(client: TestClient, photos: FakePhotos, wished: str, part: slice) -> None:
    del photos
    answer = client.get(CLIP, headers={"Range": wished})
    assert answer.status_code == HTTPStatus.PARTIAL_CONTENT
    assert answer.content == CONTENT[part]
    assert answer.headers["content-range"] == f"bytes {part.start}-{part.stop - 1}/{len(CONTENT)}"
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_part_behind_the_end_is_refused(client: TestClient, photos: FakePhotos) -> None:
    del photos
    assert client.get(CLIP, headers={"Range": "bytes=9999-"}).status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE


@pytest.mark.parametrize("wished", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=" + "9" * 40 + "-"])
def test_what_is_no_single_part_gets_all(client: TestClient, photos: FakePhotos, wished: str) -> None:
    del photos
    answer = client.get(CLIP, headers={"Range": wished})
    assert (answer.status_code, answer.content) == (HTTPStatus.OK, CONTENT)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"status": "forgotten"}, "may have been forgotten"),
        ({"image_key": None}, "not stored yet"),
        ({"image_key": "captures/other.jpg"}, "not in the bucket"),
        ({"image_key": "secrets/44.jpg"}, "captures/"),
        ({"image_key": ["a"]}, "not stored yet"),
        ({"image_bucket": "another"}, "in the bucket another"),
    ],
)
def test_nothing_else_is_handed_out(
    client: TestClient, photos: FakePhotos, table: FakeTable, more: dict[str, Any], words: str
) -> None:
    photos.stored["secrets/44.jpg"] = b"secret"
    table.put(**record(44, **more))
    answer = client.get(PHOTO)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert words in answer.json()["error"]


def test_another_camera_has_no_photos_here(client: TestClient, photos: FakePhotos, table: FakeTable) -> None:
    del photos
    table.put(**record(44, "watch/lobby"))
    assert client.get(PHOTO.replace("lobby", "watch%2Flobby")).status_code == HTTPStatus.NOT_FOUND


def test_trouble_with_s3_is_told(client: TestClient, photos: FakePhotos) -> None:
    photos.error = CloudUnavailable("s3:GetObject: SlowDown")
    answer = client.get(PHOTO)
    assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert "SlowDown" in answer.json()["error"]


class TestAStream:
    """The answer itself, whose client leaves or whose source breaks off."""

    def run(self, pieces: Iterator[bytes], *, leaves: bool) -> tuple[list[Message], int]:
        sent: list[Message] = []
        closed: list[bool] = []

        async def receive() -> Message:
            if not leaves:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            await asyncio.sleep(0)

        answer = Pieces(Opened(pieces, lambda: closed.append(True), 3, None), 200, {}, CapacityLimiter(1))
        scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}}
        asyncio.run(answer(scope, receive, send))
        return sent, len(closed)

    def test_frees_its_connection_when_the_viewer_leaves(self) -> None:
        def endless() -> Iterator[bytes]:
            while True:
                yield b"x"

        _, closed = self.run(endless(), leaves=True)
        assert closed == 1

    def test_that_breaks_off_is_not_ended_as_if_it_were_whole(self) -> None:
        def broken() -> Iterator[bytes]:
            yield b"x"
            raise CloudUnavailable("the connection broke")

        sent, closed = self.run(broken(), leaves=False)
        assert closed == 1
        assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


class SilentPhotos(FakePhotos):
    """A bucket that does not answer until it is let; `asked` once more was wanted of it than threads may wait for."""

    def __init__(self) -> None:
        super().__init__("photos")
        self.asked, self.go = Semaphore(0), Event()

    def open(self, key: str, byte_range: str | None = None) -> Opened | None:
        del key, byte_range
        self.asked.release()
        assert self.go.wait(PATIENCE_SECONDS)
        return None


def test_a_bucket_that_does_not_answer_keeps_nothing_but_its_photos(services: Services, table: FakeTable) -> None:
    table.put(**record(44))
    photos = SilentPhotos()
    app = make_app(replace(services, photos=photos))
    with TestClient(app, base_url="http://localhost") as client, ThreadPoolExecutor(MOST_WAITING + 2) as viewers:
        waiting = [viewers.submit(client.get, PHOTO) for _ in range(MOST_WAITING + 1)]
        try:
            for _ in range(MOST_WAITING):
                assert photos.asked.acquire(timeout=PATIENCE_SECONDS)
            style = viewers.submit(client.get, "/static/board.css").result(PATIENCE_SECONDS / 2)
            assert style.status_code == HTTPStatus.OK
        finally:
            photos.go.set()
        assert {viewer.result().status_code for viewer in waiting} == {HTTPStatus.NOT_FOUND}
