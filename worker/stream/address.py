"""Addresses of streams: none of them carries a password."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

RTSP_PORT = 554

_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
_ABSOLUTE = re.compile(r"rtsps?://", re.IGNORECASE)
_LOGIN = re.compile(r"[^/]*//[^/?#]*@")
_MAX_CHARACTERS = 1024


class NotAnAddress(ValueError):
    """The text says why; it does not show the address, which may hold a password."""


@dataclass(frozen=True)
class Address:
    """`url` is what the camera is asked for."""

    url: str
    host: str
    port: int


def read_address(url: str) -> Address:
    """Raises NotAnAddress for anything but `rtsp://host[:port]/...` without user name and password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # What it takes for a port may be a part of a password.
        raise NotAnAddress("it cannot be read: its host or port is wrong") from None
    if parts.scheme.lower() != "rtsp" or not host:
        raise NotAnAddress("it has to begin with rtsp:// and a host")
    if _LOGIN.match(url):
        raise NotAnAddress("it must not hold a user name or password")
    if len(url) > _MAX_CHARACTERS or _UNPRINTABLE.search(url):
        raise NotAnAddress("it has a character in it that no address can have, or too many")
    return Address(url, host, port or RTSP_PORT)


def camera_address(base_url: str, stream: Literal["main", "sub"], channel: int | None, port: int) -> Address:
    """An Amcrest camera's own stream; `base_url` is that of its HTTP, `channel` is 1-based."""
    host = urlsplit(base_url).hostname or ""
    netloc = f"[{host}]" if ":" in host else host
    where = netloc if port == RTSP_PORT else f"{netloc}:{port}"
    subtype = {"main": 0, "sub": 1}[stream]
    query = f"channel={1 if channel is None else channel}&subtype={subtype}"
    return read_address(f"rtsp://{where}/cam/realmonitor?{query}")


def is_at_camera(address: Address, base_url: str) -> bool:
    """Whether it is the host of the camera, so that the camera's login is for it, too."""
    return address.host == (urlsplit(base_url).hostname or "")


def resolve(base: str, control: str) -> str:
    """The address of a control attribute (RFC 2326, C.1.1), as cameras mean it.

    A base with a query string is continued behind it, as Dahua's `...&subtype=0/` wants, so no rule of RFC 3986 fits.

    Raises:
        NotAnAddress: it could not stand in a request.
    """
    if control in {"", "*"}:
        address = base
    elif _ABSOLUTE.match(control):
        address = control
    elif control.startswith("/"):
        address = f"{'/'.join(base.split('/', 3)[:3])}{control}"
    else:
        address = f"{base.removesuffix('/')}/{control}"
    if len(address) > _MAX_CHARACTERS or _UNPRINTABLE.search(address) or _LOGIN.match(address):
        raise NotAnAddress("the camera names an address that cannot be asked for")
    return address
