"""Presses, tells what happens, and keeps what comes of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from demo.cloud import Cloud
from demo.heard import Heard
from demo.inbox import DemoFailed, Inbox
from demo.keepsakes import keep
from demo.output import Output
from demo.rig import HALL_CAMERA, HOT_CAMERA, WORKER
from demo.story import HEADING, LogEvent, Press, Presses, read_event, tell, tell_end, tell_press
from demo.terminal import Style, Terminal
from demo.triggers import TRIGGERS
from demo.verdict import FOOTNOTE, Outcome, clip_troubles, summary, trouble
from worker.domain.phrases import Phrases

PRESS_SECONDS = 60
CLIP_SECONDS = 3
OF_THE_STREAM = "the stream"
"""In place of a photograph's name."""


@dataclass(frozen=True)
class Show:
    cloud: Cloud
    heard: Heard
    inbox: Inbox
    output: Output
    terminal: Terminal
    phrases: Phrases
    presses: Presses = field(default_factory=Presses)

    def present(self, photos: int) -> list[str]:
        """Press as often as there are photos, by each trigger in its turn; then look through the stream.

        What went wrong, a sentence each.

        Raises:
            DemoFailed, Interrupted: it could not go on.
        """
        self.terminal.say(HEADING, Style.FAINT)
        outcomes = [self._press(trigger) for trigger in islice(cycle(TRIGGERS), photos)]
        outcomes.append(
            self._wait_for(self.cloud.ask("TakePicture", HOT_CAMERA), "console, for the stream's newest picture")
        )
        clip = self._wait_for(
            self.cloud.ask("RecordVideo", HOT_CAMERA, seconds=CLIP_SECONDS), f"console, for a clip of {CLIP_SECONDS} s"
        )
        self.terminal.say()
        self.terminal.say(summary(outcomes))
        self.terminal.say(FOOTNOTE + "\n", Style.FAINT)
        reasons = [reason for outcome in outcomes if (reason := trouble(outcome, self.phrases))]
        return [*reasons, *clip_troubles(clip)]

    def follow(self) -> None:
        """Tell of whatever else is pressed. Ends only by raising DemoFailed or Interrupted."""
        for _, outcome in self._outcomes(None):
            # What the other camera's speaker heard is not looked at.
            watched = outcome.record.get("camera") != HALL_CAMERA
            if watched and (reason := trouble(outcome, self.phrases)):
                self.terminal.say(reason, Style.BAD)

    def _press(self, trigger: str) -> Outcome:
        return self._wait_for(self.cloud.press(trigger), trigger)

    def _wait_for(self, invoked: tuple[str, str], trigger: str) -> Outcome:
        camera, pressed = invoked
        self.terminal.say(tell_press(self.presses.open(camera, pressed), trigger), Style.FAINT)
        try:
            return next(
                outcome for press, outcome in self._outcomes(time.monotonic() + PRESS_SECONDS) if press == pressed
            )
        except TimeoutError as error:
            raise DemoFailed(f"a press was not finished within {PRESS_SECONDS} seconds: {pressed}") from error

    def _outcomes(self, deadline: float | None) -> Iterator[tuple[str, Outcome]]:
        """The presses that end, by their capture id, from what the worker logs. Raises as Inbox.line does."""
        while True:
            line = self.inbox.line(deadline)
            event = read_event(line.text) if line.process == WORKER else None
            if event is None:
                continue
            press = self.presses.of(event)
            if press is not None:
                self._note(press, event)
            if told := tell(press, event):
                self.terminal.say(told, Style.FAINT if event.step else Style.BAD)
            if press is not None and event.is_done:
                self.presses.close(press)
                yield press.capture_id, self._finish(press, event)

    def _note(self, press: Press, event: LogEvent) -> None:
        if event.step == "snapshot":
            hot = press.camera == HOT_CAMERA
            press.photo = OF_THE_STREAM if hot else self.heard.photo_before(event.at) or press.photo
        if event.step == "speech_start":
            press.voice_at = event.at

    def _finish(self, press: Press, event: LogEvent) -> Outcome:
        record = self.cloud.record(press.camera, press.capture_id)
        self.terminal.say(tell_end(press, event, record), Style.STRONG)
        sound = self.heard.sound_near(press.voice_at) if press.voice_at is not None else None
        name = "clip" if "video_key" in record else Path(press.photo).stem.replace(" ", "-")
        keep(self.cloud, self.output, f"{press.number}-{name}", record, sound)
        return Outcome(press.photo, press.pressed_at, record, sound)
