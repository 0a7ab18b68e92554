"""One thread, one session, whoever needs it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Event, Semaphore

from structlog.testing import capture_logs

from tests.support.clock import Clock
from tests.support.waiting import eventually
from worker.domain.errors import CameraError, CameraRefused, CameraUnreachable
from worker.domain.video import AccessUnit, Codec
from worker.stream.reader import LONGEST_WAIT, SHORTEST_WAIT, WELL_SECONDS, StreamReader, back_off
from worker.video.stream import follow

LONG = 20.0
Script = Iterable[AccessUnit | Exception | Callable[[], None]]
GONE, WRONG = CameraUnreachable("gone"), CameraRefused("wrong")


def unit(at: float, *, key: bool = True, ticks: int | None = None) -> AccessUnit:
    return AccessUnit(Codec.H264, b"x", key, round(at * 90_000) if ticks is None else ticks, at)


@dataclass
class Sessions:
    """One after the other as scripted; after its script a session lasts until it is over."""

    scripts: list[Script]
    opened: int = 0
    at_once: int = 0
    ended: int = 0

    def __call__(self, is_over: Callable[[], bool]) -> AbstractContextManager[Iterable[AccessUnit]]:
        return self._session(is_over)

    @contextmanager
    def _session(self, is_over: Callable[[], bool]) -> Iterator[Iterable[AccessUnit]]:
        self.opened += 1
        self.at_once = max(self.at_once, self.opened - self.ended)
        try:
            yield self._follow(self.scripts.pop(0) if self.scripts else [], is_over)
        finally:
            self.ended += 1

    @staticmethod
    def _follow(script: Script, is_over: Callable[[], bool]) -> Iterator[AccessUnit]:
        for step in script:
            if isinstance(step, AccessUnit):
                yield step
            elif isinstance(step, Exception):
                raise step
            else:
                step()
        eventually(is_over, LONG, between_looks=0.001)


@dataclass
class Pauses:
    """Back-offs that last until `go` is released."""

    failures: list[int] = field(default_factory=list)
    go: Semaphore = field(default_factory=lambda: Semaphore(0))

    def __call__(self, over: Event, failures: int) -> None:
        self.failures.append(failures)
        eventually(lambda: over.is_set() or self.go.acquire(blocking=False), LONG, between_looks=0.001)


def reader(sessions: Sessions, pauses: Pauses | None = None, clock: Clock | None = None) -> StreamReader:
    return StreamReader(sessions, monotonic=clock or Clock(), pause=pauses or Pauses())


def kept(stream: StreamReader) -> tuple[AccessUnit, ...]:
    """Waited for until there is one."""
    return stream.window.read(stream.window.place(float("-inf")), LONG) or ()


def test_there_is_one_session_for_all_from_the_first_need_to_the_last() -> None:
    sessions = Sessions([])
    stream = reader(sessions)
    assert sessions.opened == 0
    with stream.needed():
        assert eventually(lambda: sessions.opened)
        with stream.needed():
            pass
        assert (sessions.opened, sessions.ended) == (1, 0)
    assert (sessions.opened, sessions.ended) == (1, 1)
    with stream.needed():
        assert eventually(lambda: sessions.opened == 2)
    assert (sessions.ended, sessions.at_once) == (2, 1)


def test_pictures_come_once_and_in_order_and_end_when_it_is_closed() -> None:
    sent = [unit(at / 10, key=at % 10 == 0) for at in range(20)]
    stream = StreamReader(Sessions([sent]), before_seconds=99.0)
    seen: list[AccessUnit] = []
    with stream.needed():
        for units in follow(stream, float("-inf")):
            seen += units
            if len(seen) == len(sent):
                stream.close()
    assert [one.received_at for one in seen] == [one.received_at for one in sent]


def test_it_has_its_trouble_for_who_waits_in_vain() -> None:
    pauses = Pauses()
    stream = reader(Sessions([[WRONG]]), pauses)
    with stream.needed():
        assert eventually(lambda: pauses.failures)
        assert stream.trouble is WRONG


def test_a_trouble_is_logged_once_and_so_is_its_end() -> None:
    pauses = Pauses()
    sessions = Sessions([[unit(0.0), GONE], [CameraUnreachable("still")], [CameraUnreachable("still")], [unit(9.0)]])
    stream = reader(sessions, pauses)
    with capture_logs() as logs, stream.needed():
        for count in range(1, 4):
            assert eventually(lambda count=count: len(pauses.failures) == count)  # type: ignore[misc]
            pauses.go.release()
        assert eventually(lambda: len(logs) == 3)
        assert stream.trouble is None
    assert [(line["action"], line.get("error")) for line in logs] == [
        ("stream_opened", None),
        ("stream_lost", "gone"),
        ("stream_back", None),
    ]
    assert pauses.failures == [1, 2, 3]


def test_a_trouble_of_another_kind_is_logged_again() -> None:
    pauses = Pauses()
    with capture_logs() as logs, reader(Sessions([[GONE], [WRONG]]), pauses).needed():
        pauses.go.release()
        assert eventually(lambda: len(pauses.failures) == 2)
    assert [line["error"] for line in logs] == ["gone", "wrong"]


def test_a_session_that_ran_well_was_no_failure() -> None:
    clock, pauses = Clock(), Pauses(go=Semaphore(9))
    sessions = Sessions([[GONE], [GONE], [lambda: clock.sleep(WELL_SECONDS), GONE], [GONE]])
    with reader(sessions, pauses, clock).needed():
        assert eventually(lambda: len(pauses.failures) == 4)
    assert pauses.failures == [1, 2, 0, 1]


def test_an_error_that_nobody_foresaw_is_told_and_tried_again() -> None:
    pauses = Pauses(go=Semaphore(1))
    sessions = Sessions([[ZeroDivisionError("secret")], [unit(0.0)]])
    stream = reader(sessions, pauses)
    with capture_logs() as logs, stream.needed():
        assert kept(stream)
    assert [line["action"] for line in logs[:2]] == ["unforeseen", "stream_lost"]
    assert "secret" not in logs[1]["error"]


def test_what_was_lost_long_ago_is_no_longer_shown() -> None:
    pauses = Pauses()
    stream = reader(Sessions([[unit(0.0), GONE], [GONE]]), pauses)
    with stream.needed():
        assert eventually(lambda: pauses.failures)
        assert stream.window.tail()
        pauses.go.release()
        assert eventually(lambda: len(pauses.failures) == 2)
        assert not stream.window.tail()


def test_nothing_is_left_when_nobody_needs_it() -> None:
    stream = reader(Sessions([[unit(0.0)]]))
    with stream.needed():
        assert kept(stream)
    assert not stream.window.tail()


def test_ticks_go_on_by_the_time_that_passed_over_sessions_and_jumps() -> None:
    pauses = Pauses(go=Semaphore(1))
    first: Script = [unit(10.0, ticks=7000), unit(11.0, ticks=97_000), GONE]
    second: Script = [unit(13.0, ticks=0), unit(14.0, ticks=90_000), unit(15.0, ticks=9_000_000)]
    stream = StreamReader(Sessions([first, second]), before_seconds=99.0, pause=pauses)
    with stream.needed():
        assert eventually(lambda: len(kept(stream)) == 5)
        assert [one.ticks for one in kept(stream)] == [0, 90_000, 270_000, 360_000, 450_000]


def test_a_closed_reader_opens_no_session() -> None:
    sessions = Sessions([])
    stream = reader(sessions)
    stream.close()
    with stream.needed():
        assert list(follow(stream, 0.0)) == []
    assert sessions.opened == 0


def test_waits_grow_from_one_second_to_a_minute_and_keep_no_step() -> None:
    assert [back_off(failures, 1.0) for failures in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert back_off(5, 0.0) == 16
    for failures in range(2000):
        assert SHORTEST_WAIT <= back_off(failures, 0.3) <= LONGEST_WAIT


def test_the_thread_ends_with_the_pause_of_a_camera_that_is_away() -> None:
    errors: list[CameraError] = [GONE]
    sessions = Sessions([errors])
    stream = StreamReader(sessions)
    with stream.needed():
        assert eventually(lambda: stream.trouble)
    assert stream._thread is not None
    assert not stream._thread.is_alive()
