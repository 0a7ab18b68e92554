import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from board.domain import costs
from board.domain.costs import Watched, estimate, month_of
from board.domain.tally import PHOTO_BYTES, Count, Tally

PAGE = (Path(__file__).parents[3] / "docs" / "costs.md").read_text(encoding="utf-8")
MONTH_END = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
ROWS = re.findall(
    r"^\| [\d,]+ \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| \*\*([\d.]+)\*\* \|$", PAGE, re.MULTILINE
)


def tally(presses: int) -> Tally:
    counts = {Count.PHOTOS: presses, Count.LOOKS: presses, Count.STORED: presses, Count.BYTES: presses * PHOTO_BYTES}
    return Tally(Counter(counts))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_month_costs_what_the_documentation_says(row: tuple[str, ...]) -> None:
    presses = int(row[0].replace(",", ""))
    found = estimate(tally(presses), [], MONTH_END)
    looks, _, photos, _, on_their_way, _ = found.lines
    told = [float(cell) for cell in row[1:4]]
    assert [round(line.dollars, 2) for line in (looks, photos, on_their_way)] == pytest.approx(told, abs=0.011)


def test_the_documentation_has_rows_to_compare_with() -> None:
    assert len(ROWS) == 4


@pytest.mark.parametrize(
    ("words", "price"),
    [
        (r"DetectFaces: \$([\d.]+) an image", costs.DETECT_FACES),
        (r"Neural voice: \$([\d.]+) a million", costs.CHARACTER * 1e6),
        (r"S3 Standard: \$([\d.]+) a GB", costs.BYTE_MONTH * 1e9),
        (r"\$([\d.]+) for 1,000 PUTs", costs.PUT * 1000),
        (r"DynamoDB on demand: \$([\d.]+) a million", costs.WRITE_UNIT * 1e6),
        (r"SQS standard: \$([\d.]+) a million", costs.REQUEST * 1e6),
        (r"Lambda arm64: \$([\d.]+) a million", costs.INVOCATION * 1e6),
        (r"\$([\d.]+) a GB-second", costs.GB_SECOND),
    ],
)
def test_each_price_is_the_documentations(words: str, price: float) -> None:
    found = re.search(words, PAGE)
    assert found
    assert float(found[1]) == pytest.approx(price)


def test_region_and_date_of_the_prices_are_the_documentations() -> None:
    assert costs.REGION in PAGE
    assert costs.COLLECTED in PAGE
    assert f"{costs.POLLING_REQUESTS:,}" in PAGE


def test_an_hour_of_watching_costs_its_calls_and_a_little_more() -> None:
    found = estimate(Tally(), [Watched(0.72, 60)], MONTH_END)
    assert found.lines[1].dollars == pytest.approx(0.72 + 60 * 24 * 2 * 0.625e-6)  # docs/costs.md: $0.001 to $0.003


def test_what_was_said_on_request_costs_by_its_characters() -> None:
    assert estimate(Tally(Counter({Count.CHARACTERS: 500_000})), [], MONTH_END).lines[3].dollars == pytest.approx(8)


def test_waiting_for_presses_costs_by_the_days_that_have_passed() -> None:
    month = 129_600 * 0.40e-6
    assert estimate(Tally(), [], MONTH_END).lines[5].dollars == pytest.approx(month, rel=1e-4)
    third = estimate(Tally(), [], datetime(2026, 11, 11, tzinfo=UTC))
    assert third.lines[5].dollars == pytest.approx(month / 3)
    assert third.dollars == pytest.approx(month / 3)
    assert third.month == "Nov"


def test_the_month_is_projected_from_the_days_so_far() -> None:
    third = estimate(tally(1000), [], datetime(2026, 11, 11, tzinfo=UTC))
    assert third.projected == pytest.approx(3 * third.dollars)


def test_the_first_hours_of_a_month_are_taken_for_a_day() -> None:
    first = estimate(tally(10), [], datetime(2026, 11, 1, 1, tzinfo=UTC))
    assert first.projected == pytest.approx(30 * first.dollars)


def test_a_month_begins_in_utc_as_on_the_bill() -> None:
    assert month_of(datetime.fromisoformat("2026-12-01T00:30+01:00")) == datetime(2026, 11, 1, tzinfo=UTC)
