"""One camera as the jobs share it: who may look, who may speak, who may work."""

from collections.abc import Callable
from dataclasses import dataclass, field

from worker.domain.ports import Camera, Recorder
from worker.domain.sound import AudioFormat
from worker.job.priority_semaphore import PrioritySemaphore

PHOTO_RANK, NOD_RANK, WATCH_RANK = 0, 1, 2
"""The next photo comes before an earlier press's nod: a moment passes. A watch has another frame soon."""


@dataclass(frozen=True)
class SharedCamera:
    """`places` are for presses in work; a photo and a nod share the lens, which must not move meanwhile.

    A recording takes neither: a photo that is pressed meanwhile is taken at once. A second recording waits.
    """

    name: str
    device: Camera
    audio_format: AudioFormat
    nods: bool
    speaks: bool
    places: PrioritySemaphore
    lens: PrioritySemaphore = field(default_factory=PrioritySemaphore)
    speaker: PrioritySemaphore = field(default_factory=PrioritySemaphore)
    recordings: PrioritySemaphore = field(default_factory=PrioritySemaphore)
    recorder: Recorder | None = None
    """None without the extra `video`."""
    look_after: Callable[[], None] = lambda: None
    """See at once who is to watch through it: a watch has been started or is to end."""

    def close(self) -> None:
        """Let nothing more begin; a recording ends early."""
        self.places.close()
        self.recordings.close()
