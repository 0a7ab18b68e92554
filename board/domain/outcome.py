"""What became of a press that is no finished photo, in plain words, and what may help."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from board.domain.attributes import mapping, number, text
from board.domain.captures import RECORD_VIDEO, TAKE_PICTURE
from board.domain.item import Item
from board.domain.moment import parse

_GRACE = timedelta(seconds=5)
"""The clock here and AWS's may differ."""

CHECK = "On the worker's host, “python -m worker check” asks everything it needs, and says what to do."
_SETTING = re.compile(r"\b([A-Z]+_[A-Z_]+\b|[A-Z]{3,}(?==))")
_HELP = (
    (
        ("password", "login", "logged in"),
        (
            "Look at CAMERA_USERNAME and CAMERA_PASSWORD. After a refusal the worker leaves the camera in peace for "
            "half an hour, so that it locks nobody out; “python -m worker check” tries at once."
        ),
    ),
    (
        ("no answer from the camera", "without an answer", "no stream from", "broke", "busy"),
        "Is the camera on, and on the network? A restart of the camera often helps. " + CHECK,
    ),
    (
        ("AccessDenied", "not authorized", "permission"),
        "The worker's user or role in AWS lacks a permission. " + CHECK,
    ),
    (("Throttl", "timed out", "Could not connect", "UnrecognizedClient"), "AWS did not answer the worker. " + CHECK),
)


@dataclass(frozen=True)
class Outcome:
    """`words` say what happened, `remedy` what may help; either may be empty."""

    title: str
    words: str
    remedy: str


def outcome(record: Item, now: datetime) -> Outcome | None:
    """None of what is completed."""
    match record.get("status"):
        case "completed":
            return None
        case "expired":
            return _expired(record)
        case "failed":
            words = text(record.get("error")) or "The record does not say why."
            return Outcome("It did not work", words, remedy(words))
        case "in_progress":
            return _in_progress(record, now)
        case status:
            return Outcome("Not known to this board", f"The record says {text(status, 40)!r}.", "")


def remedy(error: str) -> str:
    """What may help; the worker's own words name the rest."""
    for signs, words in _HELP:
        if any(sign.lower() in error.lower() for sign in signs):
            return words
    if setting := _SETTING.search(error):
        return f"The worker's setting {setting[0]} decides this."
    return CHECK


def is_left(record: Item, now: datetime) -> bool:
    """Whether it is in progress, and yet in nobody's hands: its lease is over."""
    until = parse(record.get("lease_until"))
    return record.get("status") == "in_progress" and until is not None and now > until + _GRACE


def _expired(record: Item) -> Outcome:
    waited = number(mapping(record.get("timings_ms")).get("queue"))
    words = "The press had waited too long when a worker took it up" + (
        f", {_duration(waited / 1000)}: nobody stands there any more." if waited else ": nobody stands there any more."
    )
    asked = record.get("command", TAKE_PICTURE)
    nothing = {TAKE_PICTURE: "No photo was taken", RECORD_VIDEO: "No clip was recorded"}
    title = nothing.get(asked, "Nothing was done") if isinstance(asked, str) else "Nothing was done"
    help_ = "Does the worker run all the time? MAX_COMMAND_AGE_SECONDS says how long a press may wait."
    return Outcome(title, words, help_)


def _in_progress(record: Item, now: datetime) -> Outcome:
    if is_left(record, now):
        words = "Its worker was stopped, or has lost its connection. It goes on when the message comes back."
        return Outcome("Nobody is working on it", words, "Is the worker running? Its log has the reason.")
    if record.get("said"):
        return Outcome("Saying it …", "", "")
    if record.get("command") == RECORD_VIDEO:
        return Outcome("Recording …", "", "")
    if record.get("speech") or record.get("image_key"):
        return Outcome("Looking at the faces …", "", "")
    return Outcome("Taking the photo …" if "command" not in record else "At work …", "", "")


def _duration(seconds: float) -> str:
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
