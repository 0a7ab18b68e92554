"""The newest watch, as a person reads it."""

from datetime import UTC, datetime

from tests.worker.audience import item
from worker.commands.watched import Terminal, Told, as_text
from worker.domain.record import Attributes

PIPE = Terminal(None, colour=False)
NOW = datetime(2026, 11, 22, 18, 45, 10, tzinfo=UTC)
SECTION = {"level": "green", "faces": 12.0, "expected": 12.0, "smoothed": 82.0, "score": 82.0}
BUCKETS = [item("2026-11-22T18:44:50", {"left": SECTION, "right": {"level": "too_few"}})]
RUNNING: Attributes = {
    "camera": "watch/lobby",
    "capture_id": "2026-11-22T18:44:00.123Z#6f1c",
    "status": "running",
    "started_at": "2026-11-22T18:44:00.523Z",
    "ends_at": "2026-11-22T19:44:00.523Z",
    "grid": "2x1",
    "sections": ["left", "right"],
    "calls": 12,
    "dollars": 0.012,
}
ENDED: Attributes = {
    **RUNNING,
    "status": "ended",
    "ended_at": "2026-11-22T18:45:02.000Z",
    "end_reason": "stopped",
    "summary": {
        "minutes": 1.0,
        "faces": 20.3,
        "sections": {"left": {"green": 0.75, "calibrating": 0.25}, "right": {"too_few": 1}},
        "calls": 12,
        "dollars": 0.012,
    },
}


def shown(watch: Attributes, buckets: list[Attributes], now: datetime = NOW) -> list[str]:
    return as_text(Told(watch, buckets), now, PIPE, UTC).splitlines()


def test_a_running_watch_has_its_times_its_cost_and_its_chart() -> None:
    assert shown(RUNNING, BUCKETS)[:8] == [
        "watch       2026-11-22T18:44:00.123Z#6f1c",
        "started     2026-11-22 18:44:00+00:00",
        "runs until  2026-11-22 19:44:00+00:00",
        "cost        12 calls, $0.012",
        "",
        "left                    right",
        " ✔ Facing 82 %           ◌ Too few",
        "▇",
    ]


def test_a_watch_that_has_ended_says_why_and_for_how_long_each_section_was_how() -> None:
    lines = shown(ENDED, BUCKETS, datetime(2027, 1, 1, tzinfo=UTC))
    assert "ended    2026-11-22 18:45:02+00:00: stopped" in lines
    assert "faces    20.3 on average, in 1.0 min" in lines
    assert " ✔ Facing 82 %           ◌ Too few" in lines
    heading, _, left, right = (line.split() for line in lines[-4:])
    assert heading == ["of", "the", "time", "Facing", "Mixed", "Away", "Too", "few", "Calibrating"]
    assert (left, right) == (["left", "75%", "25%"], ["right", "100%"])


def test_a_watch_that_failed_says_what_was_wrong_without_control_characters() -> None:
    failed = {**ENDED, "end_reason": "failed", "error": "no\x1b[31m login"}
    assert any(line.endswith(": failed: no\\x1b[31m login") for line in shown(failed, BUCKETS))


def test_of_a_watch_that_has_only_begun_nothing_has_been_seen() -> None:
    bare = {name: RUNNING[name] for name in ("capture_id", "status", "started_at", "ends_at")}
    assert shown(bare, [])[-1] == "Nothing has been seen yet."


def test_sections_are_those_of_the_buckets_where_the_watch_names_none() -> None:
    bare = {name: RUNNING[name] for name in ("capture_id", "status", "started_at", "ends_at")}
    assert {"left", "right"} <= set(shown(bare, BUCKETS))
