from tests.worker.audience import item
from worker.domain.watch_summary import summarise


def test_a_summary_by_hand() -> None:
    buckets = [
        item("2027-01-15T08:00:00", {"left": {"level": "calibrating"}, "right": {"level": "too_few"}}, 2, 20.0),
        item("2027-01-15T08:00:10", {"left": {"level": "green"}, "right": {"level": "too_few"}}, 2, 24.0),
        item("2027-01-15T08:00:20", {"left": {"level": "green"}, "right": {"level": "red"}}, 1, 12.0),
    ]
    assert summarise(iter(buckets), seconds=90.0, calls=5) == {
        "minutes": 1.5,
        "faces": 20.0,
        "sections": {"left": {"calibrating": 0.333, "green": 0.667}, "right": {"too_few": 0.667, "red": 0.333}},
        "calls": 5,
        "dollars": 0.005,
    }


def test_a_watch_that_saw_nothing_has_a_summary_too() -> None:
    assert summarise([], seconds=0.0, calls=0) == {
        "minutes": 0.0,
        "faces": 0.0,
        "sections": {},
        "calls": 0,
        "dollars": 0.0,
    }
