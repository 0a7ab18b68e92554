"""RTSP as text and frames on a connection (RFC 2326)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedIOBase

_LONGEST_LINE = 8192
_MOST_LINES = 100
_LONGEST_BODY = 65536
_REASONS = {
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    460: "Only aggregate operation allowed",
    461: "Unsupported transport",
}


class MalformedRequestError(ValueError):
    """What came is not RTSP."""


@dataclass(frozen=True)
class RtspRequest:
    """Names of headers are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Interleaved:
    channel: int
    data: bytes


def read(stream: BufferedIOBase) -> RtspRequest | Interleaved | None:
    """Read what a client says next; None when it has gone.

    Raises:
        MalformedRequestError: it is neither a request nor a packet.
    """
    first = stream.read(1)
    if first == b"$":
        header = stream.read(3)
        return Interleaved(header[0], stream.read(int.from_bytes(header[1:]))) if len(header) == 3 else None  # noqa: PLR2004
    return _request(stream, first) if first else None


def answer(status: int, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    reason = _REASONS.get(status) or HTTPStatus(status).phrase
    lines = [f"RTSP/1.0 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def _request(stream: BufferedIOBase, first: bytes) -> RtspRequest | None:
    lines = [first + stream.readline(_LONGEST_LINE)]
    while (line := stream.readline(_LONGEST_LINE)).strip():
        lines.append(line)
        if len(lines) > _MOST_LINES:
            raise MalformedRequestError("too many headers")
    if not line:
        return None
    try:
        method, url, version = lines[0].decode().split()
        named = (line.decode().partition(":") for line in lines[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        length = int(headers.get("content-length", "0"))
    except ValueError as error:
        raise MalformedRequestError("not a request") from error
    if not version.startswith("RTSP/") or not 0 <= length <= _LONGEST_BODY:
        raise MalformedRequestError("not RTSP, or a body that is too long")
    stream.read(length)
    return RtspRequest(method, url, headers)
