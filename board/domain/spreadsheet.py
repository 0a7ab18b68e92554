"""The history as rows for a spreadsheet: what a cell may hold, and which columns there are (docs/board.md)."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from zoneinfo import ZoneInfo

from board.domain.attributes import mapping, number, text
from board.domain.captures import is_shown
from board.domain.history import Row
from board.domain.item import Item
from board.domain.layout import MAX_SECTIONS
from board.domain.moods import MOODS
from board.domain.tally import OTHER, Count, voice_ms
from board.domain.watched import LEVELS, Watch

Cell = str | int | float | None
Cells = Sequence[Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell begins that a spreadsheet would reckon out (OWASP, CSV injection)."""

_TEXTS = (
    "camera",
    "capture_id",
    "pressed_at",
    "taken_at",
    "completed_at",
    "command",
    "status",
    "source",
    "device",
    "click",
)
_TIMES = ("queue", "snapshot", "faces", "store", "record", "speech_start", "total")
_LOOKS = (*MOODS, OTHER)
_FIGURES = ("faces", "expected", "facing", "smiling", "score", "smoothed")

PRESSES = (
    *_TEXTS,
    "face_count",
    "top_emotion",
    "top_confidence",
    *(mood.lower() for mood in MOODS),
    "said",
    "speech",
    *(f"{name}_ms" for name in _TIMES),
    "press_to_voice_ms",
    "error",
)
PRESS_ATTRIBUTES = (
    *_TEXTS,
    "face_count",
    "top_emotion",
    "top_confidence",
    "mood",
    "said",
    "speech",
    "timings_ms",
    "error",
)
HOURS = (
    "begin",
    "camera",
    "presses",
    "photos",
    "clips",
    "failed",
    "expired",
    "faces",
    *(look.lower() for look in _LOOKS),
    "voice_p50_ms",
    "voice_p95_ms",
)
WATCHES = (
    "camera",
    "capture_id",
    "status",
    "started_at",
    "ended_at",
    "minutes",
    "end_reason",
    "error",
    "faces",
    "calls",
    "dollars",
    "section",
    *LEVELS,
)
SAMPLES = ("camera", "begin", "watch", "frames", "all_faces", "section", "level", *_FIGURES)
SAMPLE_ATTRIBUTES = ("capture_id", "watch", "frames", "faces", "sections")


def lines(rows: Iterable[Cells]) -> str:
    """As RFC 4180 has it; a text that a spreadsheet would take for a formula gets an apostrophe."""
    written = StringIO()
    csv.writer(written).writerows([_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def press_rows(records: Iterable[Item]) -> Iterator[Cells]:
    """PRESSES; what was forgotten is left out."""
    for record in filter(is_shown, records):
        mood, timings = mapping(record.get("mood")), mapping(record.get("timings_ms"))
        yield (
            *(text(record.get(name)) for name in _TEXTS),
            number(record.get("face_count")),
            text(record.get("top_emotion")),
            number(record.get("top_confidence")),
            *(number(mood.get(name)) for name in MOODS),
            text(record.get("said")),
            text(record.get("speech")),
            *(number(timings.get(name)) for name in _TIMES),
            voice_ms(record),
            text(record.get("error")),
        )


def hour_rows(camera: str, rows: Iterable[Row]) -> Iterator[Cells]:
    """HOURS; those without a press are left out."""
    for row in rows:
        tally = row.tally
        if tally.presses:
            yield (
                row.period.begin.isoformat(timespec="minutes"),
                camera,
                tally.presses,
                *(
                    tally.counts[count]
                    for count in (Count.PHOTOS, Count.CLIPS, Count.FAILED, Count.EXPIRED, Count.FACES)
                ),
                *(tally.moods[look] for look in _LOOKS),
                tally.voice_ms(50),
                tally.voice_ms(95),
            )


def watch_rows(watches: Iterable[Watch], zone: ZoneInfo) -> Iterator[Cells]:
    """WATCHES, one for each section; a share is 0 to 1. Before there are any, one row tells of the watch."""
    for watch in watches:
        whole: Cells = (
            watch.camera,
            watch.capture_id,
            "running" if watch.running else "ended",
            *(at.astimezone(zone).isoformat(timespec="seconds") if at else None for at in (watch.started, watch.ended)),
            watch.minutes,
            watch.end_reason,
            watch.error,
            watch.faces,
            watch.calls,
            watch.dollars,
        )
        for section in watch.shares:
            shares: Mapping[str, float] = {share.level: round(share.share, 4) for share in section.shares}
            yield (*whole, section.name, *(shares.get(level) for level in LEVELS))
        if not watch.shares:
            yield (*whole, None, *(None for _ in LEVELS))


def sample_rows(camera: str, buckets: Iterable[Item], watch: str | None) -> Iterator[Cells]:
    """SAMPLES, one for each ten seconds and section; only those of `watch`, where one is given."""
    for bucket in buckets:
        if watch is not None and bucket.get("watch") != watch:
            continue
        begin, of = text(bucket.get("capture_id")), text(bucket.get("watch"))
        whole: Cells = (camera, begin, of, number(bucket.get("frames")), number(bucket.get("faces")))
        for name, section in list(mapping(bucket.get("sections")).items())[:MAX_SECTIONS]:
            found = mapping(section)
            yield (*whole, text(name), text(found.get("level")), *(number(found.get(figure)) for figure in _FIGURES))


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
