"""One camera as the jobs share it: who may look, who may speak, who may work."""

from dataclasses import dataclass, field

from worker.camera.client import AmcrestCamera, AudioFormat
from worker.turns import Turns

PHOTO_RANK, NOD_RANK = 0, 1
"""The next photo comes before an earlier press's nod: a moment passes."""


@dataclass(frozen=True)
class Station:
    """`places` are for presses in work; a photo and a nod take turns at the lens, which must not move meanwhile."""

    name: str
    camera: AmcrestCamera
    audio_format: AudioFormat
    nods: bool
    speaks: bool
    places: Turns
    lens: Turns = field(default_factory=Turns)
    speaker: Turns = field(default_factory=Turns)
