"""What becomes of one press, told as its record grows."""

from collections.abc import Callable, Iterator
from enum import IntEnum

from worker.domain.errors import CloudUnavailable
from worker.domain.record import Attributes, Status
from worker.domain.say import Say
from worker.domain.watch_commands import StartWatching, StopWatching
from worker.logs import printable

BETWEEN_LOOKS_SECONDS = 0.5


class Outcome(IntEnum):
    """Exit codes of `press --wait`, `say --wait` and `watch --wait`."""

    COMPLETED = 0
    FAILED = 3
    EXPIRED = 4
    NOTHING_IN_TIME = 5


_UNDONE = {Say.name: "nothing was said", StartWatching.name: "nothing is watched"}
_OUTCOMES = {Status.COMPLETED.value: Outcome.COMPLETED, Status.EXPIRED.value: Outcome.EXPIRED}


def follow(
    look: Callable[[], Attributes | None],
    seconds: float,
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
) -> Outcome:
    """Print what is new in the record until it has ended, for at most `seconds`.

    Raises:
        CloudRefused: the record may not be read; a passing failure is waited out.
    """
    give_up_at = monotonic() + seconds
    record: Attributes = {}
    trouble = ""
    while monotonic() < give_up_at:
        try:
            found, trouble = look() or {}, ""
        except CloudUnavailable as error:
            found, trouble = record, f" ({error})"
        for line in news(record, found):
            print(printable(line), flush=True)
        record = found
        if record and record.get("status") != Status.IN_PROGRESS:
            return _OUTCOMES.get(str(record.get("status")), Outcome.FAILED)
        sleep(BETWEEN_LOOKS_SECONDS)
    print(printable(f"{_nothing_more(record)} after {seconds} s{trouble}{_ADVICE[bool(record)]}"))
    return Outcome.NOTHING_IN_TIME


_ADVICE = {
    True: "; `results` shows what becomes of it",
    False: ": does a worker run for this queue, with this camera and this table? "
    "One that cannot handle a press says why in its log, and leaves it to the dead-letter queue",
}


def _nothing_more(record: Attributes) -> str:
    return "still in progress" if record else "not picked up"


def news(before: Attributes, now: Attributes) -> Iterator[str]:
    """What the record says now and did not say before."""
    if now and not before:
        yield f"picked up by {now.get('worker', 'a worker')}"
    if "taken_at" in now and "taken_at" not in before:
        yield "photo taken"
    if "face_count" in now and "face_count" not in before:
        yield _faces(now)
    if "said" in now and now["said"] != before.get("said"):
        yield f'sentence: "{now["said"]}"'
    if "watch" in now and "watch" not in before:
        yield _watch(now)
    if now.get("status") not in {Status.IN_PROGRESS, before.get("status"), None}:
        yield _end(now)


def _watch(record: Attributes) -> str:
    watch = record["watch"]
    if record.get("command") == StopWatching.name:
        return f"ends the watch {watch}"
    if watch == record.get("capture_id"):
        return "the watch has begun; `watched` shows it"
    return f"changes nothing: the watch {watch} goes on"


def _faces(record: Attributes) -> str:
    count, emotion = record["face_count"], record.get("top_emotion")
    faces = "no face" if not count else "1 face" if count == 1 else f"{count} faces"
    return f"{faces}: {emotion}, {record.get('top_confidence')} %" if emotion else faces


def _end(record: Attributes) -> str:
    status = record["status"]
    if status == Status.EXPIRED:
        undone = _UNDONE.get(record.get("command", ""), "no photo was taken")
        return f"expired: it was too old by the time a worker came to it, so {undone}"
    if "error" in record:
        return f"{status}: {record['error']}"
    seconds = record.get("timings_ms", {}).get("total", 0) / 1000
    return f"{status} in {seconds:.1f} s; the voice: {record.get('speech', 'none')}"
