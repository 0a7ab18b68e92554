"""`Forget`: what is known of one press is to be deleted."""

from dataclasses import dataclass
from typing import ClassVar

from worker.domain.press import Press, read_capture_id

_ANY_CAMERA = "any"


@dataclass(frozen=True)
class Forget:
    """The press of this capture id, of whichever camera the message is for. What is none raises NotACapture."""

    name: ClassVar[str] = "Forget"
    capture_id: str

    def __post_init__(self) -> None:
        self.of(_ANY_CAMERA)

    def of(self, camera: str) -> Press:
        """What is to be forgotten. Raises NotACapture for what is no camera's name."""
        return read_capture_id(camera, self.capture_id)
