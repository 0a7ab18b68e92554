from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.audience import item
from worker.commands.cells import cells
from worker.commands.watch_chart import FOOTER, LOOKS, NOTHING, SPARKS, chart
from worker.domain.level import Level
from worker.domain.record import Attributes
from worker.domain.sections import Grid, read_grid

FIRST = datetime(2027, 1, 15, 8, tzinfo=UTC)
ONE = Grid(1, 1, ("hall",))


def section(level: str, smoothed: float, faces: float = 12.0) -> Attributes:
    return {"level": level, "faces": faces, "smoothed": smoothed, "score": smoothed}


def bucket(number: int, **sections: Attributes) -> Attributes:
    begin = FIRST + timedelta(seconds=10 * number)
    return item(begin.isoformat().removesuffix("+00:00"), {name.replace("_", " "): of for name, of in sections.items()})


def drawn(*buckets: Attributes, grid: Grid = ONE, late: float = 0.0, width: int | None = None) -> str:
    last = datetime.fromisoformat(buckets[-1]["capture_id"]).timestamp() if buckets else 0.0
    return chart(grid, buckets, last + 10 + late, width=width, colour=False)


def test_sections_lie_as_in_the_picture_with_sign_word_and_percentage() -> None:
    grid = read_grid("3x2")
    now = bucket(
        0,
        back_left=section("green", 82.4),
        back_centre=section("yellow", 50.0),
        back_right=section("red", 12.0),
        front_left={"level": "too_few"},
        front_centre={"level": "calibrating", "faces": 12.0, "expected": 12.0, "smiling": 0.0},
        front_right=section("green", 70.0, faces=9.9),
    )
    assert drawn(now, grid=grid, width=80).splitlines() == [
        "back left               back centre             back right",
        " ✔ Facing 82 %           ▲ Mixed 50 %            ✖ Away 12 %",
        "▇                       ▅                       ▁",
        "",
        "front left              front centre            front right",
        " ◌ Too few               … Calibrating           ✔ Facing",
        "                                                ▆",
        "",
        *FOOTER.splitlines(),
    ]


def test_a_line_for_each_section_where_a_row_does_not_fit() -> None:
    grid = read_grid("2x1")
    assert drawn(
        bucket(0, left=section("green", 82.0), right=section("red", 9.0)), grid=grid, width=45
    ).splitlines() == [
        "left   ✔ Facing 82 %  ▇",
        "right  ✖ Away 9 %     ▁",
        "",
        *FOOTER.splitlines(),
    ]


def test_colours_are_for_terminals() -> None:
    now = bucket(0, hall=section("green", 82.0))
    assert "\x1b" not in chart(ONE, [now], FIRST.timestamp(), width=None, colour=False)
    assert "\x1b[48;5;30;38;5;231m ✔ Facing 82 %" in chart(ONE, [now], FIRST.timestamp(), width=None, colour=True)


@pytest.mark.parametrize(
    ("then", "now", "faces", "shown"),
    [
        (50.0, 60.0, 12, "▲ Mixed 60 % ↗ +10"),
        (60.0, 50.0, 12, "▲ Mixed 50 % ↘ -10"),
        (50.0, 55.0, 12, "▲ Mixed 55 %"),
        (50.0, 60.0, 9, "▲ Mixed ↗"),
    ],
)
def test_a_trend_beyond_five_points_in_a_minute_has_an_arrow(then: float, now: float, faces: float, shown: str) -> None:
    past = [bucket(number, hall=section("yellow", then, faces)) for number in range(6)]
    lines = drawn(*past, bucket(6, hall=section("yellow", now, faces))).splitlines()
    assert lines[1].strip() == shown


def test_without_a_sample_for_half_a_minute_there_is_no_data() -> None:
    now = bucket(0, hall=section("green", 82.0))
    assert "Facing" in drawn(now, late=30.0)
    assert drawn(now, late=30.1).splitlines()[1] == " ? No data"


def test_a_spark_line_spans_the_whole_watch_and_leaves_its_gaps_blank() -> None:
    rising = [bucket(number, hall=section("yellow", number)) for number in range(100) if not 40 <= number < 60]
    (spark,) = drawn(*rising).splitlines()[2:3]
    assert spark == "▁▁▂▂▃▃   ▆▆▇▇██"


def test_a_watch_without_a_bucket_says_so() -> None:
    assert drawn() == NOTHING


def test_what_a_terminal_would_obey_is_written_out() -> None:
    evil = Grid(1, 1, ("\x1b[2J\u202eho",))
    shown = chart(
        evil, [item("2027-01-15T08:00:00", {"\x1b[2J\u202eho": section("green", 80)})], 0.0, width=None, colour=False
    )
    assert shown.splitlines()[0] == "\\x1b[2J\\u202eho"


levels = st.sampled_from(list(Level)).map(str)
figures = st.fixed_dictionaries({"level": levels}, optional={"faces": st.floats(5, 40), "smoothed": st.floats(0, 100)})


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), figures.filter(lambda one: ("faces" in one) == ("smoothed" in one))),
        min_size=1,
        max_size=30,
    ),
    st.text(st.characters(exclude_characters="%"), min_size=1, max_size=40),
    st.none() | st.integers(1, 200),
)
def test_whatever_is_kept_no_percentage_is_shown_below_ten_faces(
    kept: list[tuple[int, Attributes]], name: str, width: int | None
) -> None:
    buckets = [
        item((FIRST + timedelta(seconds=10 * number)).isoformat().removesuffix("+00:00"), {name: of})
        for number, of in sorted(kept, key=lambda one: one[0])
    ]
    shown = drawn(*buckets, grid=Grid(1, 1, (name,)), width=width)
    many = buckets[-1]["sections"][name].get("faces", 0) >= 10
    assert ("%" in shown) == many
    assert all(line.isprintable() for line in shown.split("\n"))


def test_each_level_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(Level)
    assert len({look.sign for look in LOOKS.values()}) == len({look.word for look in LOOKS.values()}) == len(LOOKS)
    assert all(cells(look.sign) == 1 for look in LOOKS.values())
    assert len(SPARKS) == 8
