"""What the simulated camera went through, as it wrote it down."""

import json
import math
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUIETEST_SPEECH = 300
"""Root mean square of 16-bit samples; G.711's silence is 8."""


@dataclass(frozen=True)
class Sound:
    """`first_sound_at` is in epoch seconds; `loudness` is the root mean square of its 16-bit samples."""

    file: Path
    first_sound_at: float
    complete: bool
    loudness: float

    @property
    def silent(self) -> bool:
        return self.loudness < QUIETEST_SPEECH


@dataclass(frozen=True)
class Heard:
    """The folder that `python -m demo.camera --heard` fills."""

    folder: Path

    def photo_before(self, moment: float) -> str | None:
        """The name of the last photograph taken by `moment`, in epoch seconds."""
        taken = [event["photo"] for event in self._events("snapshot") if event["at"] <= moment]
        return taken[-1] if taken else None

    def sound_near(self, moment: float) -> Sound | None:
        """The sound that began nearest to `moment`: there is never more than one at a time."""
        sounds = [event for event in self._events("sound") if event["first_sound_at"] is not None]
        if not sounds:
            return None
        nearest = min(sounds, key=lambda sound: abs(sound["first_sound_at"] - moment))
        file = self.folder / nearest["file"]
        return Sound(file, nearest["first_sound_at"], nearest["complete"], loudness(file))

    def _events(self, kind: str) -> list[dict[str, Any]]:
        lines = (self.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == kind]


def loudness(file: Path) -> float:
    """Root mean square of a WAV's 16-bit samples; 0 where there are none."""
    with wave.open(str(file)) as wav:
        samples = array("h", wav.readframes(wav.getnframes()))
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) if samples else 0.0
