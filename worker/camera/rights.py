"""What the camera lets its user do: one function that it refuses does not shut the others."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from worker.domain.errors import CameraUnsupported

REFUSED_FOR_SECONDS = 1800.0

STREAM = "stream"
"""The function that is no path of the CGI."""

_MISSING = {
    "/cgi-bin/ptz.cgi": ("turn it", "the right to PTZ"),
    "/cgi-bin/snapshot.cgi": (
        "take a photo",
        "the right to live view, and see that its main stream is on and CAMERA_CHANNEL, if set, a channel it has",
    ),
    STREAM: (
        "see its stream",
        (
            "the right to live view; or else all its stream sessions are taken, as some models answer then: close "
            "other apps and recorders that watch it, or restart the camera"
        ),
    ),
    "/cgi-bin/audio.cgi": ("speak", "the right to live view with audio, and see that its audio is on"),
}


def function_of(target: str) -> str:
    """What rights are given for: the path, and the channel where one is named."""
    parts = urlsplit(target)
    channel = parse_qs(parts.query).get("channel")
    return f"{parts.path}?channel={channel[0]}" if channel else parts.path


class Rights:
    """The functions that the camera has refused to `username` although it accepted the login, for half an hour each."""

    def __init__(self, username: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._username = username
        self._monotonic = monotonic
        self._refused_until: dict[str, float] = {}

    def check(self, function: str) -> None:
        """Raises CameraUnsupported while the function is not to be asked for again."""
        if self._monotonic() < self._refused_until.get(function, float("-inf")):
            raise self._refusal(function)

    def refuse(self, function: str) -> CameraUnsupported:
        """The camera has refused it: the error to be raised."""
        self._refused_until[function] = self._monotonic() + REFUSED_FOR_SECONDS
        return self._refusal(function)

    def _refusal(self, function: str) -> CameraUnsupported:
        what, right = _MISSING.get(urlsplit(function).path, (f"call {function}", "the right to it"))
        return CameraUnsupported(
            f"the camera accepts the password of user {self._username!r} but does not let it {what}: in the camera's "
            f"user settings give it {right}. Until then this is tried again every half hour, and when the worker starts"
        )
