from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.history import DAYS, Window, rows_of, since, zone_of
from board.domain.history_chart import charts_of
from board.domain.moods import MOODS
from board.domain.tally import slot, tallies_of
from tests.board.fakes import NOW, record

BERLIN, KATHMANDU, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")
MONDAYS = [
    (31, "Aug"),
    *((day, "Sep") for day in (7, 14, 21, 28)),
    *((day, "Oct") for day in (5, 12, 19, 26)),
    *((day, "Nov") for day in (2, 9, 16)),
]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


def test_a_day_is_the_last_24_hours_by_hour() -> None:
    periods = Window(1, BERLIN, NOW).periods()
    assert len(periods) == 24
    assert (periods[0].words, periods[-1].words) == ("Sat 21 Nov, 20:00", "Sun 22 Nov, 19:00")


def test_thirty_days_are_days_of_the_viewers_calendar() -> None:
    periods = Window(30, BERLIN, NOW).periods()
    assert (len(periods), periods[0].words, periods[-1].words) == (30, "Sat 24 Oct", "Sun 22 Nov")


def test_a_week_is_hours_and_a_month_too_where_hours_are_asked_for() -> None:
    week, month = Window(7, UTC_ZONE, NOW), Window(30, UTC_ZONE, NOW, hourly=True)
    assert (len(week.periods()), len(month.periods())) == (6 * 24 + 19, 29 * 24 + 19)
    assert month.periods()[0].words == "Sat 24 Oct, 00:00"


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        (1, [f"{hour % 24:02}:00" for hour in range(19, 19 + 24)]),
        (7, ["Mon 16 Nov", "Tue 17 Nov", "Wed 18 Nov", "Thu 19 Nov", "Fri 20 Nov", "Sat 21 Nov", "Sun 22 Nov"]),
        (30, [*(f"{day} Oct" for day in range(24, 32)), *(f"{day} Nov" for day in range(1, 23))]),
        (90, [f"{day} {month}" for day, month in MONDAYS]),
    ],
)
def test_an_axis_has_so_many_words_as_can_be_read(days: int, ticks: list[str]) -> None:
    assert [period.tick for period in Window(days, UTC_ZONE, NOW).periods() if period.tick] == ticks


def test_a_press_at_night_belongs_to_the_viewers_day() -> None:
    late = record(capture_id="2026-11-21T23:30:00.000Z#x")
    days = {zone.key: rows_of(Window(30, zone, NOW), [tallies_of([late])]) for zone in (UTC_ZONE, BERLIN)}
    assert [row.period.words for row in days["UTC"] if row.tally.presses] == ["Sat 21 Nov"]
    assert [row.period.words for row in days["Europe/Berlin"] if row.tally.presses] == ["Sun 22 Nov"]


def test_midnight_may_lie_at_a_quarter_of_an_hour() -> None:
    early, late = (record(capture_id=f"2026-11-21T18:{minute}:00.000Z#x") for minute in ("14", "16"))
    rows = rows_of(Window(30, KATHMANDU, NOW), [tallies_of([early]), tallies_of([late])])
    assert [(row.period.words, row.tally.presses) for row in rows if row.tally.presses] == [
        ("Sat 21 Nov", 1),
        ("Sun 22 Nov", 1),
    ]


def test_a_day_on_which_the_clocks_go_back_has_25_hours() -> None:
    now = datetime(2026, 10, 25, 22, tzinfo=UTC)
    hours = [period.words for period in Window(7, BERLIN, now).periods() if period.words.startswith("Sun 25 Oct")]
    assert len(hours) == 25
    assert hours.count("Sun 25 Oct, 02:00") == 2


@given(st.sampled_from(DAYS), ZONES, MOMENTS, st.lists(st.integers(0, 95 * 24 * 60), max_size=20))
def test_each_press_of_the_window_counts_once(days: int, zone: ZoneInfo, now: datetime, ago: list[int]) -> None:
    window = Window(days, zone, now)
    moments = [now - timedelta(minutes=minutes) for minutes in ago]
    names = [f"{at.replace(microsecond=0).isoformat().replace('+00:00', 'Z')}#x" for at in moments]
    rows = rows_of(window, [tallies_of([record(capture_id=name) for name in names])])
    assert sum(row.tally.presses for row in rows) == sum(slot(at) >= slot(window.begin) for at in moments)
    begins = [row.period.begin.astimezone(UTC) for row in rows]
    assert begins == sorted(begins)
    assert begins[0] == window.begin
    assert begins[-1] <= now < begins[-1] + timedelta(hours=26)


def test_the_month_counts_from_its_first_slot() -> None:
    counted = [tallies_of([record(capture_id=f"2026-{day}T00:00:00.000Z#x") for day in ("10-31", "11-01", "11-02")])]
    assert since("2026-11-01T00:00", counted).presses == 2


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "..", "../../etc/passwd", "Europe", "/etc/localtime", "x" * 9000, "a\0b"]
)
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert zone_of(name) is None


def test_a_chart_has_a_value_for_each_period_and_leaves_out_what_never_was() -> None:
    rows = rows_of(Window(1, UTC_ZONE, NOW), [tallies_of([record(), record(43, status="failed", speech="off")])])
    charts = charts_of(rows, MOODS)
    assert [(line["name"], sum(line["values"])) for line in charts["presses"]] == [("done", 1), ("failed", 1)]
    assert [line["name"] for line in charts["moods"]] == ["happy"]
    assert charts["voice"][0]["values"] == [None] * 23 + [0.79]
    assert len(charts["words"]) == len(charts["ticks"]) == 24


def test_a_press_that_failed_or_came_too_late_is_not_done() -> None:
    ends = ["completed", "completed", "completed", "failed", "failed", "expired"]
    rows = rows_of(
        Window(1, UTC_ZONE, NOW), [tallies_of([record(number, status=end) for number, end in enumerate(ends)])]
    )
    drawn = charts_of(rows, MOODS)["presses"]
    assert [(line["name"], sum(line["values"])) for line in drawn] == [("done", 3), ("failed", 2), ("too late", 1)]


def test_the_slower_line_is_what_95_of_100_do_not_exceed() -> None:
    waits = [*range(100, 2000, 100), 9000]
    records = [record(number, timings_ms={"queue": 0, "speech_start": wait}) for number, wait in enumerate(waits)]
    half, slow = charts_of(rows_of(Window(1, UTC_ZONE, NOW), [tallies_of(records)]), MOODS)["voice"]
    assert (max(filter(None, half["values"])), max(filter(None, slow["values"]))) == (1.0, 1.9)
