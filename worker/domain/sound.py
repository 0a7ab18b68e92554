"""Sound as the camera plays it: headerless G.711, mono."""

from collections.abc import Sequence
from enum import Enum
from typing import Literal

BYTES_PER_SECOND = 8_000
"""One byte a sample."""

AudioFormat = Literal["alaw", "mulaw"]

SILENCE: dict[AudioFormat, bytes] = {"alaw": b"\xd5", "mulaw": b"\xff"}
"""One sample of it."""

PAUSE_SECONDS = 0.3
"""Between two sentences that were spoken apart."""

# Below -55 dB of the loudest, of either sign: in ITU-T G.711 what differs from silence in its lowest bits only, the
# sign apart. A step of A-law is 16 of 32,768 there, one of mu-law 8.
_INAUDIBLE: dict[AudioFormat, bytes] = {
    "alaw": bytes(sign ^ step for sign in (0x55, 0xD5) for step in range(3)),
    "mulaw": bytes(sign ^ step for sign in (0x7F, 0xFF) for step in range(7)),
}


class Played(Enum):
    """How sure it is that a sound was heard."""

    CONFIRMED = "confirmed"
    PROBABLY = "probably"


def join(sounds: Sequence[bytes], audio_format: AudioFormat) -> bytes:
    """One after another, with the same pause between them however much silence each has at its ends.

    The silence before the first and after the last stays. Nothing clicks: what is cut off cannot be heard, and what
    meets is silence.
    """
    inaudible, last = _INAUDIBLE[audio_format], len(sounds) - 1
    pause = SILENCE[audio_format] * round(PAUSE_SECONDS * BYTES_PER_SECOND)
    beginnings = (sound.lstrip(inaudible) if index else sound for index, sound in enumerate(sounds))
    return pause.join(sound.rstrip(inaudible) if index < last else sound for index, sound in enumerate(beginnings))
