import json
import math
import wave
from pathlib import Path
from typing import Any

import pytest

from demo.heard import Heard, loudness


def write_wav(file: Path, samples: list[int]) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    events: list[dict[str, Any]] = [
        {"event": "snapshot", "at": 10.0, "photo": "first.jpg"},
        {"event": "sound_started", "at": 10.5},
        {"event": "snapshot", "at": 11.0, "photo": "second.jpg"},
        {"event": "sound", "first_sound_at": None, "file": "sound-0000.wav", "complete": False},
        {"event": "sound", "first_sound_at": 10.5, "file": "sound-0001.wav", "complete": True},
        {"event": "sound", "first_sound_at": 12.5, "file": "sound-0002.wav", "complete": True},
    ]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    write_wav(tmp_path / "sound-0001.wav", [round(8000 * math.sin(n / 3)) for n in range(4000)])
    write_wav(tmp_path / "sound-0002.wav", [8, -8] * 2000)
    return Heard(tmp_path)


def test_a_photo_is_the_last_one_taken_until_then(heard: Heard) -> None:
    assert [heard.photo_before(moment) for moment in (9.9, 10.9, 11.1)] == [None, "first.jpg", "second.jpg"]


@pytest.mark.parametrize(("moment", "file"), [(10.49, "sound-0001.wav"), (12.51, "sound-0002.wav")])
def test_a_sound_is_the_one_that_began_nearest(heard: Heard, moment: float, file: str) -> None:
    sound = heard.sound_near(moment)
    assert sound is not None
    assert sound.file.name == file


def test_speech_is_told_from_silence(heard: Heard) -> None:
    assert [sound.silent for moment in (10.5, 12.5) if (sound := heard.sound_near(moment))] == [False, True]


def test_before_anything_was_heard_there_is_no_sound(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").touch()
    assert Heard(tmp_path).sound_near(10.0) is None


def test_a_sound_without_samples_has_no_loudness(tmp_path: Path) -> None:
    write_wav(tmp_path / "empty.wav", [])
    assert loudness(tmp_path / "empty.wav") == 0.0
