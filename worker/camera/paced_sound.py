"""A sound on its way to the camera, no faster than it is heard."""

from collections.abc import Callable, Iterator

from worker.domain.sound import BYTES_PER_SECOND

LEAD_SECONDS = 0.25
PIECE_BYTES = 400


class PacedSound:
    """A request body of known length that yields its bytes no faster than the camera plays them."""

    def __init__(
        self,
        sound: bytes,
        on_start: Callable[[], None],
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._sound = sound
        self._on_start = on_start
        self._sleep = sleep
        self._monotonic = monotonic
        self.sent = False

    @property
    def seconds(self) -> float:
        """How long it is heard."""
        return len(self._sound) / BYTES_PER_SECOND

    def __len__(self) -> int:
        return len(self._sound)

    def __iter__(self) -> Iterator[bytes]:
        self.sent = False
        start = self._monotonic()
        self._on_start()
        for offset in range(0, len(self._sound), PIECE_BYTES):
            due = start + (offset + PIECE_BYTES) / BYTES_PER_SECOND - LEAD_SECONDS
            if (early := due - self._monotonic()) > 0:
                self._sleep(early)
            yield self._sound[offset : offset + PIECE_BYTES]
        self.sent = True
