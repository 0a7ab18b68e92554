"""RTP and RTCP as bytes: RFC 3550, with RFC 6184 for H.264 and RFC 7798 for H.265. Pure."""

import struct
from collections.abc import Iterator, Sequence

from demo.camera.stream.film import Codec
from demo.camera.stream.nal import kind

LIMIT = 1400
"""The most bytes that a packet carries besides its header."""

_STAP_A, _FU_A = 24, 28
_AP, _FU = 48, 49
_START, _END = 0x80, 0x40
_SENDER_REPORT, _DESCRIPTION, _BYE = 200, 202, 203
_CNAME = b"camera"
_FROM_1900_TO_1970 = 2_208_988_800


def payloads(units: Sequence[bytes], codec: Codec) -> Iterator[bytes]:
    """Cut the NAL units of a picture to size: together while they fit in one packet, alone, or in fragments."""
    group: list[bytes] = []
    for unit in units:
        if group and _size(group) + len(unit) + 2 > LIMIT:
            yield _together(group, codec)
            group = []
        if len(unit) > LIMIT:
            yield from _fragments(unit, codec)
        else:
            group.append(unit)
    if group:
        yield _together(group, codec)


def packet(  # noqa: PLR0913 (a header has that many fields)
    payload: bytes, *, marker: bool, payload_type: int, sequence: int, timestamp: int, ssrc: int
) -> bytes:
    second = marker << 7 | payload_type
    return struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


def sender_report(*, ssrc: int, now: float, timestamp: int, packets: int, octets: int) -> bytes:
    """Give a sender report and the source's name; `now`, in epoch seconds, and `timestamp` are the same moment."""
    seconds = int(now)
    ntp = (seconds + _FROM_1900_TO_1970 & 0xFFFFFFFF, int((now - seconds) * 2**32))
    counts = (timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    report = struct.pack("!BBHIIIIII", 0x80, _SENDER_REPORT, 6, ssrc, *ntp, *counts)
    item = struct.pack("!IBB", ssrc, 1, len(_CNAME)) + _CNAME
    item += bytes(4 - len(item) % 4)
    return report + struct.pack("!BBH", 0x81, _DESCRIPTION, len(item) // 4) + item


def bye(ssrc: int) -> bytes:
    return struct.pack("!BBHI", 0x81, _BYE, 1, ssrc)


def interleaved(channel: int, data: bytes) -> bytes:
    """Frame a packet for the RTSP connection (RFC 2326, section 10.12)."""
    return struct.pack("!cBH", b"$", channel, len(data)) + data


def _size(group: Sequence[bytes]) -> int:
    return 2 + sum(len(unit) + 2 for unit in group)


def _together(group: Sequence[bytes], codec: Codec) -> bytes:
    if len(group) == 1:
        return group[0]
    parts = b"".join(struct.pack("!H", len(unit)) + unit for unit in group)
    if codec is Codec.H264:
        return bytes([max(unit[0] & 0x60 for unit in group) | _STAP_A]) + parts
    return bytes([_AP << 1, group[0][1]]) + parts


def _fragments(unit: bytes, codec: Codec) -> Iterator[bytes]:
    is_h264 = codec is Codec.H264
    indicator = bytes([unit[0] & 0xE0 | _FU_A]) if is_h264 else bytes([unit[0] & 0x81 | _FU << 1, unit[1]])
    body, room = memoryview(unit)[len(indicator) :], LIMIT - len(indicator) - 1
    for begin in range(0, len(body), room):
        start, end = _START * (begin == 0), _END * (begin + room >= len(body))
        yield indicator + bytes([start | end | kind(unit, codec)]) + body[begin : begin + room]
