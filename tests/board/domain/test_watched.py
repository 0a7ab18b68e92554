from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from board.domain.costs import Watched
from board.domain.watch_chart import chart_of
from board.domain.watched import ATTRIBUTES, BUCKET_ATTRIBUTES, Minute, minutes_of, read_watch, share_words, watches_of
from tests.board.anything import ANYTHING
from tests.board.watched import ENDED, bucket_at

UTC_ZONE = ZoneInfo("UTC")


def test_the_sections_of_a_watch_share_the_time_out_best_level_first() -> None:
    watch = read_watch(ENDED)
    assert [(section.name, share_words(section)) for section in watch.shares] == [
        ("left", "Facing 75 %, Away 25 %"),
        ("right", "Too few 100 %"),
    ]
    assert (watch.camera, watch.columns, watch.minutes, watch.faces) == ("lobby", 2, 45, 12.5)


def test_a_watch_that_runs_has_no_summary_yet() -> None:
    running = {name: value for name, value in ENDED.items() if name not in {"summary", "ended_at", "end_reason"}}
    watch = read_watch({**running, "status": "running"})
    assert (watch.running, watch.minutes, watch.reason) == (True, None, "")
    assert (watch.sections, watch.shares) == (("left", "right"), ())


def test_a_watch_that_failed_says_why() -> None:
    failed = read_watch({**ENDED, "end_reason": "failed", "error": "the camera is gone"})
    assert failed.reason == "It could not go on: the camera is gone."


def test_a_minute_is_the_mean_of_its_buckets() -> None:
    minutes = minutes_of(
        read_watch(ENDED),
        [bucket_at("18:01:00", 40), bucket_at("18:01:50", 60), bucket_at("18:02:00", 10)],
    )
    assert {at: minute.scores["left"].value for at, minute in minutes.items()} == {
        "2026-11-22T18:01": 50,
        "2026-11-22T18:02": 10,
    }


def test_another_watchs_buckets_are_left_out() -> None:
    assert minutes_of(read_watch(ENDED), [bucket_at("18:01:00", watch="2026-11-22T17:00:00.000Z#other")]) == {}


def test_the_course_has_a_gap_where_nothing_was_measured() -> None:
    watch = read_watch(ENDED)
    chart = chart_of(
        watch,
        minutes_of(watch, [bucket_at("18:01:00", 40), bucket_at("18:03:00", None), bucket_at("18:04:10", 50)]),
        UTC_ZONE,
    )
    assert chart.times == ["18:01", "18:02", "18:03", "18:04"]
    assert [course.values for course in chart.courses] == [[40, None, None, 50], [None] * 4]
    assert chart.faces == [10, None, 10, 10]
    assert chart.courses[0].mean == 45


@given(st.lists(st.integers(0, 59), max_size=10), st.integers(0, 10))
def test_page_by_page_the_minutes_come_to_the_same_as_at_once(seconds: list[int], cut: int) -> None:
    watch = read_watch(ENDED)
    buckets = [bucket_at(f"18:0{second % 2}:{second:02}", second) for second in seconds]
    first, second = minutes_of(watch, buckets[:cut]), minutes_of(watch, buckets[cut:])
    assert {at: first.get(at, Minute()) + second.get(at, Minute()) for at in first | second} == minutes_of(
        watch, buckets
    )


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(ATTRIBUTES, ANYTHING)),
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(BUCKET_ATTRIBUTES, ANYTHING)), max_size=3),
)
def test_whatever_is_in_a_watch_and_its_buckets_there_is_a_page(
    item: dict[str, Any], buckets: list[dict[str, Any]]
) -> None:
    watches_of([item])
    watch = read_watch({**item, "capture_id": ENDED["capture_id"]})
    named = [{**one, "capture_id": "2026-11-22T18:01:00.000Z", "watch": watch.capture_id} for one in buckets]
    chart_of(watch, minutes_of(watch, [*buckets, *named]), UTC_ZONE)
    for section in watch.shares:
        assert sum(share.share for share in section.shares) <= 1.001


def test_a_watch_without_a_summary_lasted_from_its_begin_to_its_end() -> None:
    cut = {name: value for name, value in ENDED.items() if name != "summary"}
    assert read_watch({**cut, "ended_at": "2026-11-22T18:30:32.000Z"}).minutes == 30.5
    assert read_watch({**cut, "ended_at": "2026-11-22T17:00:00.000Z"}).minutes == 0
    assert read_watch({**cut, "started_at": None}).minutes is None


def test_a_watch_costs_what_it_says_and_by_its_minutes() -> None:
    assert read_watch(ENDED).cost == Watched(0.4, 45)
    assert read_watch({**ENDED, "summary": None, "started_at": None, "dollars": -3}).cost == Watched(0, 0)
    assert read_watch({**ENDED, "calls": -7, "dollars": 1e12, "summary": {"minutes": 1e12}}).cost == Watched(1000, 1e5)


def test_scores_and_faces_that_cannot_be_are_cut() -> None:
    wild = [bucket_at("18:01:00", 150, faces=-5), bucket_at("18:02:00", -50)]
    found = minutes_of(read_watch(ENDED), wild)
    assert [minute.scores["left"].value for minute in found.values()] == [100, 0]
    assert found["2026-11-22T18:01"].faces.value == 0


def test_a_bucket_that_no_worker_names_is_left_out() -> None:
    assert minutes_of(read_watch(ENDED), [{**bucket_at("18:01:00"), "capture_id": "18:01"}]) == {}


def test_a_course_without_a_figure_has_no_mean() -> None:
    watch = read_watch(ENDED)
    assert [course.mean for course in chart_of(watch, {}, UTC_ZONE).courses] == [None, None]
