"""What a camera sends: NAL units, packets of RTP, and SDP."""

import struct
from collections.abc import Iterator, Sequence
from itertools import count

SPS, PPS = b"\x67\x42\x00\x1e\x95", b"\x68\xce\x38\x80"
SDP = b"""v=0\r
o=- 2252316233 2252316233 IN IP4 0.0.0.0\r
s=Media Server\r
c=IN IP4 0.0.0.0\r
t=0 0\r
a=control:*\r
m=video 0 RTP/AVP 96\r
a=control:trackID=0\r
a=rtpmap:96 H264/90000\r
a=fmtp:96 packetization-mode=1;profile-level-id=42001e;sprop-parameter-sets=Z0IAHpU=,aM44gA==\r
a=recvonly\r
m=audio 0 RTP/AVP 8\r
a=control:trackID=1\r
a=rtpmap:8 PCMA/8000\r
a=recvonly\r
"""
"""As a Dahua gives it, shortened."""


def rtp(payload: bytes, sequence: int, timestamp: int, *, marker: bool = True, payload_type: int = 96) -> bytes:
    second = payload_type | (0x80 if marker else 0)
    return struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, 0x1234) + payload


def interleaved(data: bytes, channel: int = 0) -> bytes:
    return b"$" + bytes((channel,)) + len(data).to_bytes(2, "big") + data


def fragments(unit: bytes, size: int) -> list[bytes]:
    """FU-A."""
    head = unit[0]
    parts = [unit[at : at + size] for at in range(1, len(unit), size)]
    last = len(parts) - 1
    return [
        bytes(((head & 0xE0) | 28, (head & 0x1F) | (0x80 if at == 0 else 0) | (0x40 if at == last else 0))) + part
        for at, part in enumerate(parts)
    ]


def key_unit(size: int = 50) -> bytes:
    return b"\x65\x88" + bytes(at % 251 for at in range(size))


def slice_unit(size: int = 20) -> bytes:
    return b"\x41\x9a" + bytes(at % 251 for at in range(size))


def packets(pictures: Sequence[bytes], size: int = 1400, first: int = 1000, ticks: int = 6000) -> Iterator[bytes]:
    """RTP of pictures of one NAL unit each, torn into pieces of `size`."""
    sequence = count(first)
    for index, unit in enumerate(pictures):
        parts = [unit] if len(unit) <= size else fragments(unit, size)
        for at, part in enumerate(parts):
            yield rtp(part, next(sequence), index * ticks, marker=at == len(parts) - 1)


def stream(pictures: Sequence[bytes]) -> bytes:
    return b"".join(interleaved(packet) for packet in packets(pictures))
