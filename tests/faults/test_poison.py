"""What is on the queue and is no command: it becomes a dead letter with a reason, and the loop goes on."""

import json
from collections.abc import Mapping

from tests.support.books import DEAD
from tests.support.site import Site

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


def test_poison_becomes_dead_letters_at_once_and_the_press_behind_it_is_done(site: Site) -> None:
    # Whoever left it to the visibility timeout would not see the end of this test.
    worker = site.start(SPEECH="off", VISIBILITY_SECONDS="600")
    sent = {site.send(body): (body, reason) for body, reason in POISON.values()}
    site.press("lobby")
    site.books.balance()
    ends = site.books.ends()
    assert [ends[message_id]["status"] for message_id in sent] == [DEAD] * len(POISON)
    for message_id, (body, reason) in sent.items():
        [entry] = worker.logged("rejected", message_id=message_id)
        assert reason in entry["reason"]
        assert entry["body_characters"] == len(body)
        assert len(entry["body"]) <= LONGEST
    assert all(json.loads(line) and line.isprintable() for line in worker.output.splitlines())
