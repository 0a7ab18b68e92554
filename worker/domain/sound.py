"""Sound as the camera plays it: headerless G.711, mono."""

from enum import Enum
from typing import Literal

BYTES_PER_SECOND = 8_000
"""One byte a sample."""

AudioFormat = Literal["alaw", "mulaw"]


class Played(Enum):
    """How sure it is that a sound was heard."""

    CONFIRMED = "confirmed"
    PROBABLY = "probably"
