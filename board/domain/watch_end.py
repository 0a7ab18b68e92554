"""A watch that has ended: why, and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from board.domain.attributes import mapping, number, text, within
from board.domain.item import Item
from board.domain.layout import shown
from board.domain.moment import parse

MAX_REASON_CHARACTERS, MAX_ERROR_CHARACTERS = 20, 300

_LEVELS = ("green", "yellow", "red", "calibrating", "too_few")
_REASONS = {
    "time": "Its time was over.",
    "stopped": "It was stopped.",
    "budget": "It had cost as much as WATCH_MAX_DOLLARS allows.",
}


@dataclass(frozen=True)
class Share:
    """`share` of the watched time, 0 to 1, after what came `before` it."""

    level: str
    share: float
    before: float

    @property
    def percent(self) -> int:
        return round(self.share * 100)


@dataclass(frozen=True)
class Shares:
    """Of one section, the best level first; empty where nothing was measured of it."""

    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class End:
    """`minutes` is how long it lasted, `faces` their mean; None where its summary was never written."""

    reason: str
    at: datetime | None
    minutes: int | None
    faces: int | None
    sections: tuple[Shares, ...]


def end_of(watch: Item, sections: Sequence[str]) -> End:
    summary = mapping(watch.get("summary"))
    told = mapping(summary.get("sections"))
    return End(
        _reason(watch),
        parse(watch.get("ended_at")),
        _whole(summary.get("minutes")),
        _whole(summary.get("faces")),
        tuple(Shares(shown(section), _shares(mapping(told.get(section)))) for section in sections) if told else (),
    )


def _reason(watch: Item) -> str:
    reason = text(watch.get("end_reason"), MAX_REASON_CHARACTERS)
    if reason != "failed":
        return _REASONS.get(reason, "")
    error = text(watch.get("error"), MAX_ERROR_CHARACTERS)
    if not error:
        return "It could not go on; the worker's log says why."
    return f"It could not go on: {error.removesuffix('.')}."


def _shares(told: Item) -> tuple[Share, ...]:
    shares: list[Share] = []
    before = 0.0
    for level in _LEVELS:
        share = within(told.get(level), 0, 1 - before)
        if share:
            shares.append(Share(level, share, before))
            before += share
    return tuple(shares)


def _whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else round(max(found, 0))
