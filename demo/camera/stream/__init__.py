"""The camera's stream: RTSP with digest, a film with a clock in the picture, and the faults of real streams."""

from demo.camera.stream.clock import NoClockError, age, read
from demo.camera.stream.faults import (
    DescriptionFault,
    Full,
    KeyFrameFault,
    ParameterSets,
    SendingFault,
    StrayFault,
    StreamFaults,
)
from demo.camera.stream.film import Codec, Film, Tint

__all__ = [
    "Codec",
    "DescriptionFault",
    "Film",
    "Full",
    "KeyFrameFault",
    "NoClockError",
    "ParameterSets",
    "SendingFault",
    "StrayFault",
    "StreamFaults",
    "Tint",
    "age",
    "read",
]
