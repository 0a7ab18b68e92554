"""`python -m demo.elsewhere`: presses where cloud, camera and worker already run, as `docker compose up demo` has them.

Ends with 0 when every press did what it should.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from typing import Any

from demo.cloud import Cloud, reach
from demo.heard import Heard
from demo.inbox import DemoFailed
from demo.keepsakes import keep
from demo.language import phrases_in
from demo.output import Output
from demo.rig import PHOTOS, REGION
from demo.show import PRESS_SECONDS
from demo.story import epoch
from demo.triggers import TRIGGERS
from demo.verdict import FOOTNOTE, Outcome, summary, trouble
from localcloud.resources import STACK

LOOK_SECONDS = 0.2
ENGLISH = phrases_in("en")


@dataclass(frozen=True)
class Visit:
    """All see the clock of the same host."""

    cloud: Cloud
    heard: Heard
    output: Output

    def press(self, number: int, trigger: str) -> Outcome:
        """Press by one of the TRIGGERS, and wait for what comes of it. Raises DemoFailed."""
        pressed_at = time.time()
        record = self._finished(*self.cloud.press(trigger))
        photo = self.heard.photo_before(time.time()) or "unknown.jpg"
        sound = self.heard.sound_near(time.time())
        if sound is not None and sound.first_sound_at < pressed_at:
            sound = None
        keep(self.cloud, self.output, f"{number}-{Path(photo).stem}", record, sound)
        return Outcome(photo, epoch(record["pressed_at"]), record, sound)

    def _finished(self, camera: str, capture_id: str) -> Mapping[str, Any]:
        deadline = time.monotonic() + PRESS_SECONDS
        while time.monotonic() < deadline:
            record = self.cloud.record(camera, capture_id)
            if record.get("status", "in_progress") != "in_progress":
                return record
            Event().wait(LOOK_SECONDS)
        raise DemoFailed(f"a press was not finished within {PRESS_SECONDS} seconds: {capture_id}")


def main() -> int:
    options = _options()
    try:
        with Output(options.output) as output, output.new("function.log").open("w", encoding="utf-8") as log:
            cloud = reach(_described(options.cloud, options.bucket), log)
            troubles = list(_present(Visit(cloud, Heard(options.heard), output)))
    except DemoFailed as failure:
        troubles = [str(failure)]
    for reason in troubles:
        print(f"Not all right: {reason}")
    return 1 if troubles else 0


def _present(visit: Visit) -> Iterator[str]:
    """Press as often as there are photos; what went wrong, a sentence each."""
    outcomes = []
    for number, trigger in enumerate(islice(cycle(TRIGGERS), len(list(PHOTOS.glob("*.jpg")))), start=1):
        outcomes.append(visit.press(number, trigger))
        print(f"press {number}, {trigger}: {outcomes[-1].photo}: {outcomes[-1].record.get('said', '-')}")
    print("", summary(outcomes), FOOTNOTE, sep="\n")
    yield from (reason for outcome in outcomes if (reason := trouble(outcome, ENGLISH)))


def _described(endpoint: str, bucket: str) -> dict[str, str]:
    """The local cloud's own line, as it would say it to somebody on its network."""
    return {"endpoint": endpoint, "region": REGION, "queue": STACK, "bucket": bucket, "table": f"{STACK}-captures"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m demo.elsewhere", description=sys.modules[__name__].__doc__)
    parser.add_argument("--cloud", required=True, metavar="URL", help="the local cloud")
    parser.add_argument("--bucket", required=True, metavar="NAME", help="where its worker puts photos")
    parser.add_argument(
        "--heard", type=Path, required=True, metavar="DIR", help="where the camera writes what it hears"
    )
    parser.add_argument("--output", type=Path, default=Path("demo-output"), metavar="DIR", help="default: demo-output")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
