"""One holder's part of a watch, with a clock that is passed in: an hour takes no time."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from tests.worker.audience import crowd
from tests.worker.watch.watches import FakeWatches
from worker.domain.audience import Audience
from worker.domain.audience_face import AudienceFace
from worker.domain.errors import CameraRefused, CameraUnreachable, CloudRefused, CloudUnavailable, LeaseLost
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.section import Rules
from worker.domain.sections import read_grid
from worker.domain.watch import EndReason, Watch
from worker.runtime.observer import NOBODY
from worker.watch.filming import Filming, Skipped, Watching, film
from worker.watch.hold import Hold

START = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
LEASE = 30.0


def grey(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 36), (level, level, level)).save(file, "JPEG")
    return file.getvalue()


class PassingTime:
    """Waiting lets it pass; a lease that is renewed in time is renewed beside it."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.meanwhile: list[tuple[float, Callable[[], object]]] = []

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000.0)

    def pass_until(self, moment: float) -> None:
        for at, happen in list(self.meanwhile):
            if at <= moment:
                self.meanwhile.remove((at, happen))
                self.seconds = max(self.seconds, at)
                happen()
        self.seconds = max(self.seconds, moment)

    def after(self, seconds: float, happen: Callable[[], object]) -> None:
        self.meanwhile.append((1000.0 + seconds, happen))


class RenewedHold(Hold):
    """As the watchman keeps it, in time that passes by itself."""

    def __init__(self, time: PassingTime) -> None:
        super().__init__(LEASE, time.monotonic(), time.monotonic)
        self.time = time
        self.renewing = True

    def wait_until(self, moment: float) -> None:
        if self.renewing:
            self.renewed(moment)
        self.time.pass_until(moment)
        self.check()


@dataclass
class Hall:
    """A hall before a camera, and all that a watch of it meets."""

    faces: Sequence[AudienceFace] = crowd(12)
    moving: bool = True
    minutes: int = 2
    max_dollars: float = 2.0
    time: PassingTime = field(default_factory=PassingTime)
    watches: FakeWatches = field(default_factory=FakeWatches)
    trouble: dict[str, Exception] = field(default_factory=dict)
    slow: float = 0.0
    shown: int = 0
    analysed: int = 0

    def __post_init__(self) -> None:
        self.watch = Watch.begun(Press("lobby", "6f1c", START), START, self.minutes)
        self.hold = RenewedHold(self.time)
        self.watches.take_up(self.watch, {"attempt": "one"})

    def eyes(self) -> bytes:
        if (error := self.trouble.get("camera")) is not None:
            raise error
        self.shown += 1
        return grey(self.shown * 8 % 256 if self.moving else 128)

    def audience(self, _photo: bytes) -> tuple[AudienceFace, ...]:
        self.analysed += 1
        self.time.seconds += self.slow
        if (error := self.trouble.get("rekognition")) is not None:
            raise error
        return tuple(self.faces)

    def filming(self, audience: Audience | None = None, calls: int = 0) -> Filming:
        return Filming(
            watch=self.watch,
            attempt="one",
            hold=self.hold,
            audience=audience or Audience.unseen(read_grid("1x1")),
            calls=calls,
            terms=Watching(5, self.max_dollars, Rules(calibrate_seconds=10), timedelta(seconds=LEASE)),
            eyes=self.eyes,
            analyst=self,  # type: ignore[arg-type] # only the one call
            watches=self.watches,
            clock=self.time,
            observer=NOBODY,
            monotonic=self.time.monotonic,
        )

    def film(self) -> EndReason:
        return film(self.filming())

    @property
    def item(self) -> Attributes:
        return self.watches.items[self.watch.capture_id]

    @property
    def frames(self) -> list[int]:
        return [bucket["frames"] for bucket in self.watches.kept]

    def cure(self) -> None:
        self.trouble.clear()
        self.watches.failing = None


class TestAWatch:
    def test_ends_by_itself_with_a_summary(self) -> None:
        hall = Hall()
        assert hall.film() is EndReason.TIME
        assert (hall.item["status"], hall.item["end_reason"]) == ("ended", "time")
        assert hall.item["ended_at"] == "2026-11-25T20:02:00.000Z"
        assert hall.item["summary"]["minutes"] == 2
        assert hall.item["summary"]["faces"] == 12
        assert hall.item["calls"] == hall.analysed == 24
        assert hall.item["dollars"] == 0.024

    def test_keeps_one_item_for_each_ten_seconds_with_every_frame(self) -> None:
        hall = Hall()
        hall.film()
        assert hall.frames == [2] * 12
        assert [one["sections"]["room"]["level"] for one in hall.watches.kept] == ["calibrating", *["green"] * 11]
        assert hall.item["baseline"] == {"room": {"yaw": 0, "pitch": 0}}

    def test_turns_red_when_its_audience_turns_away(self) -> None:
        hall = Hall()
        hall.time.after(60, lambda: setattr(hall, "faces", crowd(12, away=12)))
        hall.film()
        levels = [one["sections"]["room"]["level"] for one in hall.watches.kept]
        assert levels[5] == "green"
        assert levels[-1] == "red"

    def test_says_nothing_about_a_single_face_and_keeps_no_picture(self) -> None:
        hall = Hall(faces=crowd(4))
        hall.film()
        assert {str(one["sections"]) for one in hall.watches.kept} == {str({"room": {"level": "too_few"}})}
        assert not any("mood" in one for one in hall.watches.kept)
        assert not any(isinstance(value, bytes) for one in [*hall.watches.kept, hall.item] for value in one.values())

    def test_ends_at_once_when_somebody_stops_it(self) -> None:
        hall = Hall()
        hall.time.after(33, hall.hold.stop)
        assert hall.film() is EndReason.STOPPED
        assert hall.item["ended_at"] < "2026-11-25T20:00:36.000Z"
        assert sum(hall.frames) == 7

    def test_that_was_stopped_before_it_was_taken_up_looks_at_nobody(self) -> None:
        hall = Hall()
        hall.hold.stop()
        assert hall.film() is EndReason.STOPPED
        assert hall.shown == 0


class TestTheBudget:
    def test_ends_a_watch_before_it_is_overdrawn(self) -> None:
        hall = Hall(max_dollars=0.01)
        assert hall.film() is EndReason.BUDGET
        assert (hall.analysed, hall.item["calls"], hall.item["dollars"]) == (10, 10, 0.01)

    def test_goes_on_from_what_another_holder_has_spent(self) -> None:
        hall = Hall(max_dollars=0.01)
        film(hall.filming(calls=8))
        assert (hall.analysed, hall.item["calls"]) == (2, 10)

    def test_counts_a_call_that_failed(self) -> None:
        hall = Hall(max_dollars=0.01)
        hall.trouble["rekognition"] = CloudUnavailable("away")
        hall.film()
        assert hall.analysed == 10

    def test_is_spared_while_nothing_changes(self) -> None:
        hall = Hall(moving=False)
        hall.film()
        assert hall.frames == [2] * 12
        assert hall.analysed == 4


class TestTrouble:
    @pytest.mark.parametrize(
        ("where", "error"), [("camera", CameraUnreachable("away")), ("rekognition", CloudUnavailable("away"))]
    )
    def test_is_a_gap_after_which_it_goes_on(self, where: str, error: Exception) -> None:
        hall = Hall()
        hall.time.after(31, lambda: hall.trouble.update({where: error}))
        hall.time.after(91, hall.cure)
        assert hall.film() is EndReason.TIME
        assert [one["capture_id"][14:19] for one in hall.watches.kept] == [
            "00:00", "00:10", "00:20", "00:30", "01:30", "01:40", "01:50",
        ]  # fmt: skip

    def test_with_the_table_loses_no_bucket_while_the_watch_is_held(self) -> None:
        hall = Hall()
        hall.time.after(31, lambda: setattr(hall.watches, "failing", CloudUnavailable("away")))
        hall.time.after(54, hall.cure)
        hall.film()
        assert hall.frames == [2] * 12

    def test_of_a_password_that_is_refused_ends_it(self) -> None:
        hall = Hall()
        hall.trouble["camera"] = CameraRefused("wrong password")
        assert hall.film() is EndReason.FAILED
        assert (hall.item["end_reason"], hall.item["error"]) == ("failed", "wrong password")

    def test_of_one_odd_photo_ends_nothing_but_a_refusal_that_lasts_does(self) -> None:
        hall = Hall()
        hall.trouble["rekognition"] = CloudRefused("no right")
        hall.time.after(6, hall.cure)
        assert hall.film() is EndReason.TIME
        lasting = Hall()
        lasting.trouble["rekognition"] = CloudRefused("no right")
        assert lasting.film() is EndReason.FAILED
        assert lasting.analysed == 3

    def test_slow_answers_drop_frames_and_queue_none(self) -> None:
        hall = Hall(slow=7.0)
        hall.film()
        assert hall.analysed == 12

    @pytest.mark.parametrize("error", [Skipped(), CameraUnreachable("busy")])
    def test_of_one_frame_costs_only_that(self, error: Exception) -> None:
        hall = Hall()
        hall.time.after(31, lambda: hall.trouble.update({"camera": error}))
        hall.time.after(36, hall.cure)
        hall.film()
        assert sum(hall.frames) == 23


class TestALeaseThatIsLost:
    def test_ends_the_filming_without_a_word_and_without_a_bucket(self) -> None:
        hall = Hall()
        hall.time.after(42, hall.hold.lose)
        with pytest.raises(LeaseLost):
            hall.film()
        assert hall.item["status"] == "running"
        assert hall.frames == [2] * 4

    def test_is_noticed_by_its_own_time_when_nobody_renews_it(self) -> None:
        hall = Hall()
        hall.time.after(40, lambda: setattr(hall.hold, "renewing", False))
        with pytest.raises(LeaseLost):
            hall.film()
        assert hall.time.seconds <= 1000 + 40 + LEASE + 5

    def test_is_noticed_when_another_worker_has_the_watchs_item(self) -> None:
        hall = Hall()
        hall.time.after(42, lambda: hall.watches.take_up(hall.watch, {"attempt": "two"}))
        with pytest.raises(LeaseLost):
            hall.film()
        assert len(hall.frames) == 4


def test_a_photo_that_cannot_be_decoded_is_a_gap() -> None:
    hall = Hall()
    filming = hall.filming()
    filming.eyes = lambda: b"\xff\xd8 no photo \xff\xd9"
    assert film(filming) is EndReason.TIME
    assert hall.watches.kept == []
