"""The last act: an audience, section by section, of which one turns away from the stage."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from demo.cloud import Cloud
from demo.inbox import DemoFailed, Inbox
from demo.rig import HALL_CAMERA, WATCHING, WORKER
from demo.story import epoch, read_event, tell
from demo.terminal import Style, Terminal
from worker.commands.watch_chart import FOOTER, chart
from worker.domain.bucket import BUCKET_SECONDS, begin_of
from worker.domain.level import Level
from worker.domain.sections import read_grid

GRID = read_grid("3x2")
WIDTH = 80
TURNING = "front left"

MINUTES = 2
"""The watch would end by itself then; it is stopped before."""
PATIENCE_SECONDS = 100
"""For a section to become red: 35 s after it has turned, where nothing is slow, and up to a bucket more."""
END_SECONDS = 20
LOOK_SECONDS = 0.5

Bucket = Mapping[str, Any]


@dataclass(frozen=True)
class Audience:
    """`turned_away` is the file that names the sections which the hall's camera sees turned away."""

    cloud: Cloud
    inbox: Inbox
    terminal: Terminal
    turned_away: Path

    def present(self) -> list[str]:
        """Watch until TURNING, which turns away under way, is red; what went wrong, a sentence each.

        Raises:
            DemoFailed, Interrupted: it could not go on.
        """
        _, watch = self.cloud.ask("StartWatching", HALL_CAMERA, minutes=MINUTES)
        settings = ", ".join(f"{name}={value}" for name, value in WATCHING.items())
        self.terminal.say("An audience is watched, and one section of it turns away:", Style.STRONG)
        self.terminal.say(f"StartWatching for the camera in the hall. Not the defaults: {settings}.\n", Style.FAINT)
        troubles = self._follow(epoch(watch.partition("#")[0]))
        _, stop = self.cloud.ask("StopWatching", HALL_CAMERA)
        return [*troubles, *self._end(watch, stop)]

    def _follow(self, begun: float) -> list[str]:
        turned = False
        for buckets in self._buckets(begun):
            levels = {name: Level(section["level"]) for name, section in buckets[-1]["sections"].items()}
            self._draw(buckets, begun)
            if not turned and set(levels.values()) == {Level.GREEN}:
                self.turned_away.write_text(TURNING, encoding="utf-8")
                turned = True
                self.terminal.say(f"Everybody in {TURNING} turns away from the stage now.\n", Style.STRONG)
            elif levels[TURNING] is Level.RED:
                rest = [name for name, level in levels.items() if name != TURNING and level is not Level.GREEN]
                return [f"the audience: {', '.join(rest)} did not stay green"] if rest else []
        return [f"the audience: {TURNING} was not red within {PATIENCE_SECONDS} seconds"]

    def _draw(self, buckets: list[Bucket], begun: float) -> None:
        end = begin_of(buckets[-1]) + BUCKET_SECONDS
        frames = int(buckets[-1]["frames"])
        self.terminal.say(f"{end - begun:6.1f} s  {frames} frames, {buckets[-1]['faces']:.1f} faces", Style.FAINT)
        tiles = chart(GRID, buckets, end, width=WIDTH, colour=self.terminal.coloured)
        # What stands below the tiles is said once, at the end.
        self.terminal.say(tiles.rpartition("\n\n")[0] + "\n")

    def _buckets(self, begun: float) -> Iterator[list[Bucket]]:
        """All buckets so far, each time that there is a new one."""
        since = datetime.fromtimestamp(begun, UTC) - timedelta(seconds=BUCKET_SECONDS)
        deadline, known = time.monotonic() + PATIENCE_SECONDS, 0
        while time.monotonic() < deadline:
            self._listen(LOOK_SECONDS)
            buckets = self.cloud.buckets(HALL_CAMERA, since)
            if len(buckets) > known:
                known = len(buckets)
                yield buckets

    def _end(self, watch: str, stop: str) -> list[str]:
        """Wait until the camera has said that it has stopped, and tell what the watch came to."""
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            self._listen(LOOK_SECONDS)
            item = self.cloud.watch(HALL_CAMERA, watch)
            stopped = self.cloud.record(HALL_CAMERA, stop).get("status", "in_progress") != "in_progress"
            if stopped and item is not None and item["status"] == "ended":
                return self._sum_up(item)
        raise DemoFailed(f"the watch did not end within {END_SECONDS} seconds of StopWatching")

    def _sum_up(self, item: Mapping[str, Any]) -> list[str]:
        told = item["summary"]
        seconds = 60 * float(told["minutes"])
        calls = f"{told['calls']} calls of DetectFaces, ${float(told['dollars']):.3f} at Amazon's price"
        self.terminal.say(f"StopWatching: {seconds:.0f} s, {float(told['faces']):.0f} faces in the mean, {calls}.")
        for name, levels in told["sections"].items():
            shares = ", ".join(f"{level} {100 * float(share):.0f} %" for level, share in levels.items())
            self.terminal.say(f"  {name:<13} {shares}")
        self.terminal.say(f"\n{FOOTER}\n", Style.FAINT)
        return [] if item["end_reason"] == "stopped" else [f"the watch ended by {item['end_reason']}"]

    def _listen(self, seconds: float) -> None:
        """To what the worker complains of. Raises as Inbox.line does, but no TimeoutError."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self.inbox.line(deadline)
            except TimeoutError:
                return
            event = read_event(line.text) if line.process == WORKER else None
            if event is not None and event.is_grave and (told := tell(None, event)):
                self.terminal.say(told, Style.BAD)
