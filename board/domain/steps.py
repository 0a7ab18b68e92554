"""How far a press has come, step by step, as its record tells while it is worked on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from board.domain.attributes import mapping, number, text
from board.domain.capture import SPEECH, Capture, read_capture
from board.domain.captures import FORGOTTEN, RECORD_VIDEO, TAKE_PICTURE
from board.domain.item import Item
from board.domain.moment import parse

PATIENCE = timedelta(seconds=8)
"""After which somebody wonders whether the worker runs at all."""
TERMINAL = frozenset({"completed", "expired", "failed", FORGOTTEN})


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Step:
    """`words` is what is known of it, such as how long it took."""

    name: str
    state: State
    words: str


@dataclass(frozen=True)
class Progress:
    """`over` once nothing will change any more; `doubt` says what may be wrong, or is empty."""

    steps: list[Step]
    over: bool
    doubt: str


_Test = Callable[[Item], bool]
_Words = Callable[[Item, Capture], str]


def progress(command: str, pressed_at: str, record: Item | None, now: datetime) -> Progress:
    """Of a press with this command; None: nobody has taken it up yet."""
    if record is None:
        late = (at := parse(pressed_at)) is not None and now > at + PATIENCE
        doubt = "Nobody has taken it up yet. Is the worker running, and does it read this queue?" if late else ""
        names = [name for name, _, _ in _PLANS.get(command, _PLAN)]
        waiting = [Step(name, State.NOW if at == 0 else State.WAITING, "") for at, name in enumerate(names)]
        return Progress([_SENT, *waiting], over=False, doubt=doubt)
    capture = read_capture(record, now)
    over = capture.status in TERMINAL
    doubt = " ".join(filter(None, (capture.outcome.words, capture.outcome.remedy))) if capture.outcome else ""
    return Progress([_SENT, *_steps(command, record, capture, over=over)], over, doubt)


def _steps(command: str, record: Item, capture: Capture, *, over: bool) -> list[Step]:
    steps: list[Step] = []
    stuck = False
    for name, is_done, words in _PLANS.get(command, _PLAN):
        if is_done(record):
            state = State.DONE
        elif stuck or (over and record.get("status") == "completed"):
            state = State.SKIPPED if over else State.WAITING
        else:
            state, stuck = State.FAILED if over else State.NOW, True
        steps.append(Step(name, state, words(record, capture)))
    return steps


def _took(step: str) -> _Words:
    def words(record: Item, _capture: Capture) -> str:
        ms = number(mapping(record.get("timings_ms")).get(step))
        return "" if ms is None else f"{ms:,.0f} ms"

    return words


def _has(*names: str) -> _Test:
    return lambda record: any(record.get(name) is not None for name in names)


def _spoken(record: Item) -> bool:
    return record.get("speech") in ("spoken", "probably_spoken")


def _said(_record: Item, capture: Capture) -> str:
    if not capture.said:
        return "" if capture.speech == SPEECH["started"] else capture.speech
    return f"“{capture.said}”" + (
        f" ({capture.speech})" if capture.speech and capture.speech != SPEECH["spoken"] else ""
    )


def _ended(record: Item) -> bool:
    return record.get("status") == "completed"


def _seen(_record: Item, capture: Capture) -> str:
    return capture.faces_told if capture.face_count is not None else ""


_SENT = Step("Sent", State.DONE, "")
_TAKEN_UP = ("Taken up by a worker", _has("status"), _took("queue"))
_SAID = ("Said", _spoken, _said)
_DONE = ("Done", _ended, _took("total"))
_PLAN = (_TAKEN_UP, _DONE)
_PLANS = {
    TAKE_PICTURE: (
        _TAKEN_UP,
        # The mark of the voice is made only once there is a photo.
        ("Photo taken", _has("taken_at", "speech", "image_key"), _took("snapshot")),
        ("Faces looked at", _has("face_count"), _seen),
        _SAID,
        ("Photo stored", _has("image_key"), _took("store")),
        _DONE,
    ),
    RECORD_VIDEO: (
        _TAKEN_UP,
        ("Recorded", _has("taken_at", "video_key"), lambda record, _: text(record.get("video"))),
        _SAID,
        ("Clip stored", _has("video_key"), _took("store")),
        _DONE,
    ),
    "Say": (_TAKEN_UP, _SAID, _DONE),
}
