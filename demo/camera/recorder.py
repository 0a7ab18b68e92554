"""Writes down what the camera goes through, for another process to follow."""

import json
from pathlib import Path
from typing import Any

from demo.camera.events import Event, PtzCommand, SnapshotTaken, Sound, SoundStarted


class Recorder:
    """Keeps `events.jsonl` and `sound-0001.wav`, `sound-0002.wav` and so on in one folder.

    A sound's line is written once its WAV is complete. Times are epoch seconds.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._log = folder / "events.jsonl"
        self._log.touch()
        self._sounds = 0

    def __call__(self, event: Event) -> None:
        line = self._line(event)
        if line:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")

    def _line(self, event: Event) -> dict[str, Any] | None:
        match event:
            case SnapshotTaken():
                return {"event": "snapshot", **vars(event)}
            case PtzCommand():
                return {"event": "ptz", **vars(event)}
            case SoundStarted():
                return {"event": "sound_started", **vars(event)}
            case Sound():
                return {"event": "sound", **self._keep(event)}
            case _:
                return None

    def _keep(self, sound: Sound) -> dict[str, Any]:
        self._sounds += 1
        wav = self._folder / f"sound-{self._sounds:04}.wav"
        sound.write_wav(wav)
        return {
            "at": sound.ended_at,
            "asked_at": sound.asked_at,
            "first_sound_at": sound.first_sound_at,
            "seconds": sound.seconds,
            "bytes": len(sound.audio),
            "complete": sound.complete,
            "encoding": sound.encoding,
            "file": wav.name,
            "arrivals": [[chunk.at, len(chunk.data)] for chunk in sound.chunks],
        }
