"""A watch as rows for a spreadsheet."""

from collections.abc import Iterable, Iterator

from worker.domain.record import Attributes
from worker.logs import printable

_FIGURES = ("level", "faces", "expected", "facing", "smiling", "score", "smoothed")
_FORMULA = ("=", "+", "-", "@")
"""With which a cell begins that a spreadsheet would reckon out (OWASP, CSV injection)."""

HEADER = ("begin", "frames", "all_faces", "mood", "section", *_FIGURES)


def csv_rows(buckets: Iterable[Attributes], names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """HEADER, then one row for each bucket and section, in the order of `names`; empty where nothing is told."""
    order = tuple(names)
    yield HEADER
    for bucket in buckets:
        mood = " ".join(f"{_text(emotion)}={faces:g}" for emotion, faces in sorted(bucket.get("mood", {}).items()))
        whole = (_text(bucket["capture_id"]), str(bucket["frames"]), str(bucket["faces"]), mood)
        for name in order:
            section = bucket["sections"].get(name, {})
            yield (*whole, _text(name), *(_text(section.get(figure, "")) for figure in _FIGURES))


def _text(value: object) -> str:
    text = printable(str(value))
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
