"""A table, a bucket and a queue in memory, in which a test puts what it needs, and a clock that it sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from board.aws.captures import Captures
from board.aws.photos import FOLDER, Opened, Photos, RangeNotSatisfiable
from board.aws.queue import Queue
from board.aws.table import PAGE, Condition, Table
from board.aws.watches import Watches
from board.domain.captures import Stretch
from board.domain.errors import CloudError
from board.domain.item import Item
from board.feed import Feed
from board.services import Services
from board.settings import BoardSettings
from board.settings.board import Auth

NOW = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)


@dataclass
class Clock:
    """Both clocks of the board."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class FakeTable(Table):
    """`error` is raised instead of an answer; `calls` has the partitions that were asked for."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.error: CloudError | None = None
        self.calls: list[str] = []

    def put(self, **item: Any) -> Item:
        self.items[item["camera"], item["capture_id"]] = item
        return item

    def get(self, camera: str, capture_id: str) -> Item | None:
        self._called(camera)
        return self.items.get((camera, capture_id))

    def stretch(
        self,
        camera: str,
        limit: int,
        before: str | None = None,
        condition: Condition | None = None,
        *,
        consistent: bool = False,
    ) -> Stretch:
        """A `condition` only spares the network: none is tried here."""
        del condition, consistent
        self._called(camera)
        found = [item for item in self._of(camera) if before is None or item["capture_id"] < before]
        return Stretch(found[:limit], found[limit - 1]["capture_id"] if len(found) > limit else None)

    def after(self, camera: str, limit: int, capture_id: str) -> list[Item]:
        self._called(camera)
        return [item for item in reversed(self._of(camera)) if item["capture_id"] > capture_id][:limit]

    def pages(
        self,
        camera: str,
        since: str,
        until: str = "~",
        attributes: tuple[str, ...] = (),
        limit: int = PAGE,
    ) -> Iterator[list[Item]]:
        last = until
        while True:
            self._called(camera)
            found = [item for item in self._of(camera) if since <= item["capture_id"] <= last][: limit + 1]
            yield [{name: item[name] for name in attributes or item if name in item} for item in found[:limit]]
            if len(found) <= limit:
                return
            last = found[limit]["capture_id"]

    def _of(self, camera: str) -> list[Item]:
        found = [item for (partition, _), item in list(self.items.items()) if partition == camera]
        return sorted(found, key=lambda item: str(item["capture_id"]), reverse=True)

    def _called(self, camera: str) -> None:
        self.calls.append(camera)
        if self.error:
            raise self.error


class FakePhotos(Photos):
    """`stored` has what lies under each key."""

    def __init__(self, bucket: str) -> None:
        super().__init__(client=None, bucket=bucket)  # type: ignore[arg-type]
        self.stored: dict[str, bytes] = {}
        self.error: CloudError | None = None
        self.closed = 0

    def open(self, key: str, byte_range: str | None = None) -> Opened | None:
        if self.error:
            raise self.error
        if not key.startswith(FOLDER) or key not in self.stored:
            return None
        content = self.stored[key]
        if byte_range is None:
            return Opened(_pieces(content), self._close, len(content), None)
        first, _, last = byte_range.removeprefix("bytes=").partition("-")
        begin = int(first) if first else max(0, len(content) - int(last))
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        if begin >= len(content):
            raise RangeNotSatisfiable
        part = content[begin : end + 1]
        return Opened(_pieces(part), self._close, len(part), f"bytes {begin}-{end}/{len(content)}")

    def _close(self) -> None:
        self.closed += 1


def _pieces(content: bytes) -> Iterator[bytes]:
    for begin in range(0, len(content), 1000):
        yield content[begin : begin + 1000]


class FakeQueue(Queue):
    """`sent` has each message's command, camera, identity and wishes."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.error: CloudError | None = None

    def send(self, command: str, camera: str, press_id: str, pressed_at: str, **wished: Any) -> None:
        if self.error:
            raise self.error
        told = {"command": command, "camera": camera, "press_id": press_id, "pressed_at": pressed_at}
        self.sent.append({**told, **wished})


def make_services(table: FakeTable | None = None, period: float = 0.01, **settings: Any) -> Services:
    """Of the camera `lobby`, without a login, and without actions unless `actions=True`."""
    found = BoardSettings(
        **{"table_name": "captures", "bucket_name": "photos", "cameras": ("lobby",), "auth": Auth.NONE, **settings}
    )
    table = table or FakeTable()
    captures, watches = Captures(table), Watches(table)
    queue = FakeQueue() if found.actions else None
    feed = Feed(captures, watches, period=period)
    return Services(found, captures, watches, FakePhotos(found.bucket_name), queue, feed, now=lambda: NOW)


def capture_id(minute: int, second: int = 0) -> str:
    """Of a press some minutes after 18 o'clock."""
    return f"2026-11-22T18:{minute:02}:{second:02}.000Z#press-{minute:02}{second:02}"


def record(minute: int = 44, camera: str = "lobby", **more: Any) -> Item:
    """Of a press that was photographed, with one happy face; None leaves an attribute out."""
    identity = capture_id(minute)
    face = {"left": 0.4, "top": 0.3, "width": 0.2, "height": 0.3}
    whole = {
        "camera": camera,
        "capture_id": identity,
        "status": "completed",
        "pressed_at": identity.partition("#")[0],
        "image_bucket": "photos",
        "image_key": f"captures/{camera}/2026/11/22/{minute}.jpg",
        "faces": [{"box": face, "emotion": "HAPPY", "confidence": 98.7, "emotions": {"HAPPY": 98.7, "CALM": 1.0}}],
        "face_count": 1,
        "top_emotion": "HAPPY",
        "top_confidence": 98.7,
        "mood": {"HAPPY": 1},
        "said": "You look happy.",
        "speech": "spoken",
        "timings_ms": {"queue": 90, "snapshot": 402, "faces": 180, "speech_start": 700, "total": 2100},
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}
