"""Who may log in to a stream."""

from typing import NoReturn, Protocol

from worker.camera.account import AnsweredT, Ask
from worker.camera.digest import Challenge
from worker.domain.errors import CameraUnsupported


class Account(Protocol):
    """As CameraAccount, which says what each of these raises."""

    def check(self) -> None: ...

    def authorization(self, challenge: Challenge, method: str, uri: str) -> tuple[str, int]: ...

    def log_in(self, ask: Ask[AnsweredT]) -> AnsweredT: ...

    def log_in_if_quiet(self, ask: Ask[AnsweredT], seconds: float = 0.0) -> AnsweredT | None: ...


class NoAccount:
    """For a stream that is not the camera's own: no password is ever sent there."""

    def check(self) -> None:
        """Nothing stands against it."""

    def authorization(self, challenge: Challenge, method: str, uri: str) -> NoReturn:
        """Raises CameraUnsupported."""
        del challenge, method, uri
        raise CameraUnsupported(
            "the stream at CAMERA_STREAM_URL asks for a login, and an address of your own gets no password, not even "
            "the camera's: let it be watched without one (of a go2rtc or NVR on your own network), or use CAMERA_STREAM"
        )

    def log_in(self, ask: Ask[AnsweredT]) -> AnsweredT:
        return ask(fresh=False)

    def log_in_if_quiet(self, ask: Ask[AnsweredT], seconds: float = 0.0) -> AnsweredT | None:
        del seconds
        return ask(fresh=False)
