"""A simulated Amcrest camera: real HTTP, real digest, and the faults of real firmware at the flick of a switch."""

from demo.camera.events import (
    Chunk,
    Event,
    PtzCommand,
    Request,
    SessionEnd,
    SessionEnded,
    SnapshotTaken,
    Sound,
    SoundStarted,
    StreamRequest,
)
from demo.camera.faults import ConnectionFault, Faults, OverlapFault, PtzFault, SnapshotFault, SpeakerFault
from demo.camera.g711 import Encoding
from demo.camera.lockout import LockoutPolicy
from demo.camera.login import Verdict
from demo.camera.server import SimulatedCamera
from demo.camera.state import CameraState

__all__ = [
    "CameraState",
    "Chunk",
    "ConnectionFault",
    "Encoding",
    "Event",
    "Faults",
    "LockoutPolicy",
    "OverlapFault",
    "PtzCommand",
    "PtzFault",
    "Request",
    "SessionEnd",
    "SessionEnded",
    "SimulatedCamera",
    "SnapshotFault",
    "SnapshotTaken",
    "Sound",
    "SoundStarted",
    "SpeakerFault",
    "StreamRequest",
    "Verdict",
]
