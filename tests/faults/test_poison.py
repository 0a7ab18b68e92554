"""What is on the queue and is no command: it becomes a dead letter with a reason, and the loop goes on."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.books import DEAD
from tests.faults.site import Site

WITHIN_SECONDS = 20
LONGEST = 200
POISON: Mapping[str, tuple[str, str]] = {
    "nothing": (" ", "unknown command"),
    "the largest message there is": ("TakePicture!" * (1_048_576 // 12), "unknown command"),
    "deep JSON": ('{"a":' * 20_000, "looks like JSON"),
    "half of JSON": ('{"command": ', "looks like JSON"),
    "JSON with half a character": ('{"command": "\\ud800"}', "unknown command"),
    "JSON with control characters": ('{"command": "\\u001b[2J\\u0000"}', "unknown command"),
    "lines that look like a log's": ('TakePicture\n{"event": "done", "level": "info"}', "unknown command"),
    "an unknown command": ("rm -rf /", "unknown command"),
    "an unknown camera": ('{"command": "TakePicture", "camera": "cellar"}', "unknown camera"),
    "a camera with a path": ('{"command": "TakePicture", "camera": "../../etc/passwd"}', "unknown camera"),
    "a camera that is a list": ('{"command": "TakePicture", "camera": ["lobby"]}', "not a text"),
}


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        yield site


def test_poison_becomes_dead_letters_within_seconds_and_the_press_behind_it_is_done(site: Site) -> None:
    worker = site.start(SPEECH="off")
    sent = {site.send(body): reason for body, reason in POISON.values()}
    site.press("lobby")
    begun = time.monotonic()
    site.books.balance()
    assert time.monotonic() - begun < WITHIN_SECONDS
    ends = site.books.ends()
    assert [ends[message_id]["status"] for message_id in sent] == [DEAD] * len(POISON)
    for message_id, reason in sent.items():
        [entry] = worker.logged("rejected", message_id=message_id)
        assert reason in entry["reason"]
        assert len(entry["body"]) <= LONGEST
    assert all(json.loads(line) and line.isprintable() for line in worker.output.splitlines())
