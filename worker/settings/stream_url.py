"""The address of a stream that is not the camera's own: a go2rtc, a recorder."""

import re
from urllib.parse import unquote, urlsplit

_NO_ADDRESS = "must be a stream's address, such as rtsp://192.168.1.20:8554/lobby"
_WITH_LOGIN = (
    "the address must not hold a user name or password, as addresses are logged by everything on their way: let the "
    "stream be watched without one on your own network, or use CAMERA_STREAM"
)
_LOGIN = re.compile(
    r"(?:^|[^a-z0-9])(?:user|username|usr|loginuse|password|passwd|pass|pwd|loginpas|auth|token)=|//[^/?#]*@",
    re.IGNORECASE,
)
"""Behind the host: some recorders want it in the path, and an address may hold another one."""
_MAX_CHARACTERS = 1024


def passwordless(text: str) -> str:
    """`text`, if it is the address of a stream. Raises ValueError, in words that do not show it."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        # Its own words would show what was given.
        raise ValueError(_NO_ADDRESS) from None
    if "@" in unquote(parts.netloc) or _LOGIN.search(unquote(text.partition("//")[2])):
        raise ValueError(_WITH_LOGIN)
    printable = text.isascii() and text.isprintable() and " " not in text and len(text) <= _MAX_CHARACTERS
    if parts.scheme.lower() != "rtsp" or not host or port == 0 or not printable:
        raise ValueError(_NO_ADDRESS)
    return text
