"""Who watches the daemon from outside, such as metrics; nobody, unless somebody is passed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from worker.domain.ports import Observer

if TYPE_CHECKING:
    from worker.domain.audience import Frame


class DaemonObserver(Observer, Protocol):
    """Called from many threads; must neither block nor raise."""

    def polled(self) -> None:
        """SQS has answered a poll."""

    def voiced(self, source: str) -> None:
        """A sentence's sound was `kept`, `joined` from its parts, or asked of `polly`."""

    def photographed(self, camera: str, source: str) -> None:
        """A photo came from the `stream`, or from a `snapshot` where the stream would not do."""

    def watch_breaker(self, camera: str, is_open: Callable[[], bool]) -> None:
        """Whether a login that was refused keeps the camera from being asked."""

    def watch_calls(self, client: Any) -> None:
        """A boto3 client whose calls count."""


class Nobody:
    """Watches nothing."""

    def received(self, camera: str, age_seconds: float) -> None: ...

    def stepped(self, step: str, seconds: float) -> None: ...

    def retried(self, camera: str) -> None: ...

    def watched(self, camera: str, frame: "Frame", seconds: float, calls: int) -> None: ...

    def unwatched(self, camera: str) -> None: ...

    def ended(self, camera: str, outcome: str) -> None: ...

    def polled(self) -> None: ...

    def voiced(self, source: str) -> None: ...

    def photographed(self, camera: str, source: str) -> None: ...

    def watch_breaker(self, camera: str, is_open: Callable[[], bool]) -> None: ...

    def watch_calls(self, client: Any) -> None: ...


NOBODY = Nobody()
