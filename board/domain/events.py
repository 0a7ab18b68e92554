"""What viewers are told as it happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from board.domain.captures import forgotten_by, gone, is_shown, told
from board.domain.item import Item


class Kind(StrEnum):
    """The name of a server-sent event."""

    CAPTURE = "capture"
    WATCH = "watch"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Topic:
    """What can be followed: the captures of a camera, or what is measured of its audience."""

    kind: Kind
    camera: str


@dataclass(frozen=True)
class Event:
    """`data` is what JSON can say."""

    topic: Topic
    data: Any

    @property
    def name(self) -> str:
        return self.topic.kind.value


def changes(topic: Topic, before: Iterable[Item], now: Iterable[Item]) -> list[Event]:
    """What is new or different in the newest records of a camera, oldest first; what was deleted is told, too.

    Both are newest first. Older ones that fell off the end of `now` have not been deleted: of those a `Forget` tells.
    """
    were = {record["capture_id"]: record for record in before}
    are = {record["capture_id"]: record for record in now}
    oldest = min(are, default="")
    lost = [capture_id for capture_id in were if capture_id not in are and (not are or capture_id > oldest)]
    seen = [record for capture_id, record in sorted(are.items()) if were.get(capture_id) != record]
    forgotten = filter(None, map(forgotten_by, seen))
    return [
        *(Event(topic, gone(topic.camera, capture_id)) for capture_id in (*lost, *forgotten)),
        *(
            Event(topic, told(record) if is_shown(record) else gone(topic.camera, record["capture_id"]))
            for record in seen
        ),
    ]
