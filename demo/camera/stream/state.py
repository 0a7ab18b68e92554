"""All that the stream of the simulated camera is and remembers."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from demo.camera.events import StreamRequest
from demo.camera.journal import Journal
from demo.camera.stream.faults import StreamFaults
from demo.camera.stream.film import Film
from demo.camera.stream.reel import Reel, render
from demo.camera.stream.sessions import Sessions


class StreamState:
    """`film` may be changed under way: whoever watches gets the new one from its next key frame on."""

    def __init__(self, photos: Path, clock: Callable[[], float], journal: Journal) -> None:
        self.film: Film | None = None
        """None: the camera has no stream."""
        self.sub_film: Film | None = None
        """Of the second stream; by default what `film.sub()` gives."""
        self.smart_codec = False
        self.faults = StreamFaults()
        self.sessions = Sessions(clock)
        self.journal = journal
        self.wall: Callable[[], float] = time.time
        """Epoch seconds: the clock in the picture. Not the camera's own, which tests may let stand still."""
        self._photos = photos

    @property
    def requests(self) -> list[StreamRequest]:
        return self.journal.of(StreamRequest)

    def on_air(self, subtype: int) -> Film | None:
        """Give what is sent just now; 0 is the main stream, 1 the second."""
        main = self.film
        film = (self.sub_film or main.sub()) if main and subtype else main
        return replace(film, tint=self.faults.tint) if film else None

    def reel(self, subtype: int) -> Reel:
        """Give it as it is sent; the first time, it takes a second or two.

        Raises:
            LookupError: the camera has no stream.
        """
        film = self.on_air(subtype)
        if film is None:
            raise LookupError("this camera has no stream")
        return render(self._photos, film)
