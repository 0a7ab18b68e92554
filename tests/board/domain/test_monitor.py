from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.layout import MAX_SECTIONS, Layout
from board.domain.moment import stamp
from board.domain.monitor import Monitor, State, monitor
from board.domain.tile import Level, Point, Tile, Trend
from tests.board.fakes import NOW
from tests.board.watched import NAMES, WATCH, a_bucket, a_watch, scored

FIRST = NAMES[0]


def first_tile(*buckets: Any) -> Tile:
    """Of the newest bucket's first section."""
    return monitor(a_watch(), buckets, NOW).tiles[0]


def course(*scores: float | None, level: str = "green", faces: float = 12) -> list[Any]:
    """Buckets of the first section, newest first, ten seconds apart; None is a bucket without a score."""
    sections = [{"level": "too_few"} if score is None else scored(level, score, faces) for score in scores]
    return [a_bucket(10 * number, {FIRST: section}) for number, section in enumerate(sections)]


def test_a_camera_that_was_never_watched_has_no_watch() -> None:
    assert monitor(None, [], NOW) == Monitor(State.NO_WATCH)


def test_sections_are_shown_in_reading_order_with_their_level() -> None:
    levels = ["green", "yellow", "red", "too_few"]
    sections = {
        name: {"level": level} if level == "too_few" else scored(level, 50)
        for name, level in zip(NAMES, levels, strict=True)
    }
    shown = monitor(a_watch(), [a_bucket(5, sections)], NOW)
    assert (shown.state, shown.layout, shown.faces) == (State.RUNNING, Layout(2, 2, tuple(NAMES)), 42)
    assert [(tile.name, tile.level) for tile in shown.tiles] == list(zip(NAMES, map(Level, levels), strict=True))


def test_a_watch_without_a_bucket_yet_is_calibrating() -> None:
    shown = monitor(a_watch(started_at=stamp(NOW - timedelta(seconds=12))), [], NOW)
    assert (shown.state, {tile.level for tile in shown.tiles}) == (State.RUNNING, {Level.CALIBRATING})


def test_a_watch_may_take_a_minute_to_its_first_bucket() -> None:
    assert monitor(a_watch(started_at=stamp(NOW - timedelta(seconds=59.9))), [], NOW).state is State.RUNNING


def test_a_watch_that_never_gets_a_bucket_has_no_data() -> None:
    shown = monitor(a_watch(started_at=stamp(NOW - timedelta(seconds=60))), [], NOW)
    assert (shown.state, shown.tiles, {tile.level for tile in shown.silent}) == (State.SILENT, (), {Level.NO_DATA})


@pytest.mark.parametrize(("ended", "state"), [(29.9, State.RUNNING), (30, State.SILENT), (3600, State.SILENT)])
def test_without_a_sample_for_30_seconds_there_is_no_data(ended: float, state: State) -> None:
    shown = monitor(a_watch(), [a_bucket(ended, {FIRST: scored("green", 80)})], NOW)
    assert shown.state is state
    assert (shown.tiles == ()) is (state is State.SILENT)
    assert [tile.name for tile in shown.silent] == NAMES


def test_it_tells_until_when_it_is_of_now() -> None:
    shown = monitor(a_watch(), [a_bucket(10, {FIRST: scored("green", 80)})], NOW)
    assert shown.fresh_until == NOW + timedelta(seconds=20)
    assert not shown.is_late(NOW + timedelta(seconds=19.9))
    assert shown.is_late(NOW + timedelta(seconds=20))


def test_a_clock_that_is_slow_is_not_believed() -> None:
    """An hour-old bucket would be fresh for an hour more."""
    buckets = [a_bucket(-11, {FIRST: scored("green", 80)})]
    assert monitor(a_watch(), buckets, NOW).state is State.CLOCK
    assert monitor(a_watch(), [a_bucket(-10, {})], NOW).state is State.RUNNING


def test_a_watch_that_begins_in_the_future_is_a_clock_that_is_slow() -> None:
    assert monitor(a_watch(started_at=stamp(NOW + timedelta(seconds=11))), [], NOW).state is State.CLOCK
    assert monitor(a_watch(started_at=stamp(NOW + timedelta(seconds=10))), [], NOW).state is State.RUNNING


def test_without_a_watch_there_is_nothing_to_be_late_and_no_section() -> None:
    nothing = Monitor(State.NO_WATCH)
    assert not nothing.is_late(NOW)
    assert nothing.silent == ()


def test_faces_and_nameless_sections_are_those_of_the_newest_bucket() -> None:
    buckets = [a_bucket(5, {"new": {}}, faces=7), a_bucket(15, {"old": {}}, faces=90)]
    shown = monitor(a_watch(sections=None, grid=None), buckets, NOW)
    assert (shown.faces, shown.layout) == (7, Layout(1, 1, ("new",)))
    assert monitor(a_watch(), [a_bucket(5, {}, faces=-3)], NOW).faces == 0


def test_buckets_of_an_earlier_watch_are_passed_over() -> None:
    earlier = [a_bucket(20 + 10 * number, {FIRST: scored("red", 10)}, watch="earlier") for number in range(10)]
    tile = first_tile(a_bucket(0, {FIRST: scored("green", 80)}), *earlier)
    assert tile == Tile(FIRST, Level.GREEN, 80, None, ((Point(290, 80), Point(300, 80)),))
    assert monitor(a_watch(), earlier, NOW).state is State.SILENT


@pytest.mark.parametrize(("faces", "percentage"), [(9.9, None), (10, 72), (None, None)])
def test_a_percentage_needs_ten_faces(faces: float | None, percentage: int | None) -> None:
    section = {"level": "green", "smoothed": 72.4, "faces": faces}
    tile = first_tile(a_bucket(0, {FIRST: section}))
    assert (tile.level, tile.percentage) == (Level.GREEN, percentage)


@pytest.mark.parametrize(
    ("now", "then", "trend"),
    [(70, 65, None), (70, 64, Trend(rises=True, points=6)), (50, 62, Trend(rises=False, points=-12)), (50, None, None)],
)
def test_a_trend_is_a_change_of_more_than_5_points_in_60_seconds(
    now: float, then: float | None, trend: Trend | None
) -> None:
    assert first_tile(*course(now, *[now] * 5, then)).trend == trend


def test_with_few_faces_a_trend_has_no_points() -> None:
    assert first_tile(*course(70, *[70] * 5, 50, faces=7)).trend == Trend(rises=True, points=None)


def test_a_trend_takes_a_sample_of_up_to_30_seconds_before() -> None:
    assert first_tile(*course(70, *[None] * 8, 50)).trend == Trend(rises=True, points=20)
    assert first_tile(*course(70, *[None] * 9, 50)).trend is None


def test_the_line_has_a_gap_where_nothing_was_measured() -> None:
    tile = first_tile(*course(60, None, None, None, 40, 50))
    assert tile.runs == (
        (Point(240, 50), Point(250, 50), Point(260, 40)),
        (Point(290, 60), Point(300, 60)),
    )


def test_a_sample_every_30_seconds_makes_a_line_without_a_gap() -> None:
    assert first_tile(*course(60, None, None, 40)).runs == ((Point(260, 40), Point(270, 40), Point(300, 60)),)


def test_the_line_reaches_back_five_minutes() -> None:
    (run,) = first_tile(*course(*[50.0] * 40)).runs
    assert (run[0].second, run[-1].second) == (0, 300)
    assert first_tile(*course(50, *[None] * 30, 50)).runs == ((Point(290, 50), Point(300, 50)),)


def test_a_section_that_the_newest_bucket_does_not_know_has_no_data() -> None:
    sections = {FIRST: scored("green", 80), NAMES[1]: {"level": "purple"}, NAMES[2]: "green"}
    assert [tile.level for tile in monitor(a_watch(), [a_bucket(0, sections)], NOW).tiles] == [
        Level.GREEN,
        *[Level.NO_DATA] * 3,
    ]


@pytest.mark.parametrize("smoothed", [float("nan"), float("inf"), "80", None, True, {}])
def test_a_level_without_a_figure_is_a_colour_alone(smoothed: object) -> None:
    section = {"level": "green", "faces": 12, "smoothed": smoothed}
    assert first_tile(a_bucket(0, {FIRST: section})) == Tile(FIRST, Level.GREEN)


def test_a_level_without_a_score_shows_no_figure_whatever_the_bucket_has() -> None:
    calibrating = scored("calibrating", 80)
    tile = first_tile(a_bucket(0, {FIRST: calibrating}))
    assert (tile.level, tile.percentage, tile.trend) == (Level.CALIBRATING, None, None)


def test_a_level_that_nobody_knows_is_no_data_and_has_no_line() -> None:
    assert first_tile(a_bucket(0, {FIRST: scored("purple", 80)})) == Tile(FIRST)


def test_figures_stay_within_their_bounds() -> None:
    tile = first_tile(*course(1e9, *[-5.0] * 6))
    assert tile.percentage == 100
    assert {point.score for run in tile.runs for point in run} == {0, 100}


@pytest.mark.parametrize(
    ("grid", "sections", "layout"),
    [
        ("2x1", ["a", "b"], Layout(2, 1, ("a", "b"))),
        ("3x1", ["a"], Layout(3, 1, ("a", "section 2", "section 3"))),
        ("1x1", ["a", "b"], Layout(1, 1, ("a",))),
        ("9x9", ["a", "b"], Layout(2, 1, ("a", "b"))),
        (None, ["a", 7, "", "d", "e", "f", "g"], Layout(6, 2, ("a", "section 2", "section 3", "d", "e", "f", "g"))),
        ("2x1", "ab", Layout(2, 1, ("x", "y"))),
        ({}, None, Layout(2, 1, ("x", "y"))),
    ],
)
def test_sections_are_laid_out_whatever_the_item_says(grid: object, sections: object, layout: Layout) -> None:
    watch = a_watch(grid=grid, sections=sections)
    assert monitor(watch, [a_bucket(0, {"y": {}, "x": {}})], NOW).layout == layout


def test_a_thousand_sections_are_cut_to_as_many_as_there_can_be() -> None:
    watch = a_watch(grid="1000x1", sections=[f"section {number}" for number in range(1000)])
    assert len(monitor(watch, [a_bucket(0, {})], NOW).tiles) == MAX_SECTIONS == 24
    measured: dict[str, Any] = {f"section {number}": {} for number in range(1000)}
    assert len(monitor(a_watch(grid=None, sections=None), [a_bucket(0, measured)], NOW).tiles) == MAX_SECTIONS


def test_a_watch_of_which_no_section_is_known_is_of_a_room() -> None:
    watch = a_watch(grid=None, sections=None, started_at=stamp(NOW))
    assert monitor(watch, [], NOW).layout == Layout(1, 1, ("room",))


def test_a_long_name_is_cut_where_it_is_shown_only() -> None:
    name = "x" * 10_000
    (tile,) = monitor(a_watch(grid="1x1", sections=[name]), [a_bucket(0, {name: scored("red", 9)})], NOW).tiles
    assert (len(tile.name), tile.level) == (62, Level.RED)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"end_reason": "time"}, "Its time was over."),
        ({"end_reason": "stopped"}, "It was stopped."),
        ({"end_reason": "budget"}, "It had cost as much as WATCH_MAX_DOLLARS allows."),
        ({"end_reason": "failed", "error": "no camera"}, "It could not go on: no camera."),
        ({"end_reason": "failed", "error": "It is off."}, "It could not go on: It is off."),
        ({"end_reason": "failed"}, "It could not go on; the worker's log says why."),
        ({"end_reason": 7}, ""),
    ],
)
def test_an_end_is_told_in_words(attributes: dict[str, Any], reason: str) -> None:
    shown = monitor(a_watch(status="ended", ended_at=stamp(NOW), **attributes), [], NOW)
    assert shown.end is not None
    assert (shown.state, shown.end.reason, shown.end.at, shown.end.sections) == (State.ENDED, reason, NOW, ())


def test_a_summary_is_told_section_by_section() -> None:
    told = {FIRST: {"yellow": 0.25, "green": 0.5, "too_few": 0.25}, NAMES[1]: {"red": 7, "green": "all"}}
    summary = {"minutes": 44.6, "faces": 61.7, "sections": told}
    end = monitor(a_watch(status="ended", summary=summary), [], NOW).end
    assert end is not None
    assert (end.minutes, end.faces) == (45, 62)
    first, second, *others = end.sections
    assert [(share.level, share.before, share.percent) for share in first.shares] == [
        ("green", 0, 50),
        ("yellow", 0.5, 25),
        ("too_few", 0.75, 25),
    ]
    assert [(share.level, share.percent) for share in second.shares] == [("red", 100)]
    assert all(section.shares == () for section in others)


def test_a_summary_that_cannot_be_is_told_as_far_as_it_can() -> None:
    summary = {"minutes": -5, "faces": "many", "sections": {FIRST: {"green": 0.8, "red": 0.7, "too_few": 0.1}}}
    end = monitor(a_watch(status="ended", summary=summary), [], NOW).end
    assert end is not None
    assert (end.minutes, end.faces) == (0, None)
    assert [(share.level, share.percent) for share in end.sections[0].shares] == [("green", 80), ("red", 20)]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z", "soon", 7])
def test_moments_that_cannot_be_have_no_data(moment: object) -> None:
    assert monitor(a_watch(started_at=moment, ends_at=moment), [], NOW).state is State.SILENT
    bucket = {**a_bucket(0, {FIRST: scored("green", 60)}), "capture_id": moment}
    assert monitor(a_watch(), [bucket], NOW).state is State.SILENT


EDGES = ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z", WATCH]
broken = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes().map(str)
    | st.sampled_from(["green", "ended", "failed", "2x2", *EDGES]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), inner),
    max_leaves=12,
)  # fmt: skip
names = st.sampled_from([*a_watch(), *a_bucket(0, {}), "end_reason", "error", "summary", "ended_at"])


@given(st.dictionaries(names, broken, max_size=6), st.lists(st.dictionaries(names, broken, max_size=4), max_size=4))
def test_broken_items_are_shown_as_far_as_they_can_be(watch: dict[str, Any], buckets: list[dict[str, Any]]) -> None:
    whole = [{**a_bucket(10 * number, {FIRST: scored("green", 60)}), **item} for number, item in enumerate(buckets)]
    shown = monitor({**a_watch(), **watch}, whole, NOW)
    assert shown.layout is not None
    assert 1 <= len(shown.layout.sections) <= shown.layout.columns * shown.layout.rows <= MAX_SECTIONS
    assert len(shown.tiles) in {0, len(shown.layout.sections)}
    assert (shown.state is State.RUNNING) is (shown.tiles != ())


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=45), st.floats(0, 40))
def test_nothing_late_is_shown_and_nothing_lies_outside_the_line(scores: list[float | None], late: float) -> None:
    shown = monitor(a_watch(), course(*scores), NOW + timedelta(seconds=late))
    assert (shown.tiles == ()) is (late >= 30)
    points = [point for tile in shown.tiles for run in tile.runs for point in run]
    assert all(0 <= point.second <= 300 and 0 <= point.score <= 100 for point in points)
    for tile in shown.tiles:
        assert all(len(run) >= 2 and [*run] == sorted(run, key=lambda point: point.second) for run in tile.runs)
