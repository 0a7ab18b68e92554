from tests.worker.audience import item
from worker.commands.watch_rows import HEADER, csv_rows


def test_each_bucket_has_a_row_for_each_section() -> None:
    green = {"level": "green", "faces": 8.5, "expected": 9, "facing": 8, "smiling": 0.5, "score": 80.5, "smoothed": 79}
    bucket = item("2027-01-15T08:00:00", {"bar": {"level": "too_few"}, "hall": green})
    begin = ("2027-01-15T08:00:00.000Z", "2", "20.0", "CALM=2 HAPPY=0.5")
    assert list(csv_rows([{**bucket, "mood": {"HAPPY": 0.5, "CALM": 2}}], ["hall", "bar", "roof"])) == [
        HEADER,
        (*begin, "hall", "green", "8.5", "9", "8", "0.5", "80.5", "79"),
        (*begin, "bar", "too_few", "", "", "", "", "", ""),
        (*begin, "roof", "", "", "", "", "", "", ""),
    ]


def test_what_a_terminal_or_a_spreadsheet_would_obey_is_written_out() -> None:
    names = ["=HYPERLINK(1)", "@x", "\x1b[2J"]
    rows = list(csv_rows([item("2027-01-15T08:00:00", {})], names))
    assert [row[4] for row in rows[1:]] == ["'=HYPERLINK(1)", "'@x", "\\x1b[2J"]
