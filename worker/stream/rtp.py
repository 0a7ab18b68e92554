"""Packets of RTP (RFC 3550), and what their counters tell."""

import struct
from typing import NamedTuple

_HEADER = struct.Struct("!BBHII")
_VERSION = 2
_MARKER = 0x80
_PADDED, _EXTENDED = 0x20, 0x10
_STRANGERS = 50
"""So many packets in a row from another source than before, and it is the camera's new one."""
_LATE = 100
"""Packets this far back are repeated or late; further back the camera has begun to count anew."""


class Packet(NamedTuple):
    """`payload` is a part of the bytes that were read, and lasts no longer than they do."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: memoryview


def read_packet(data: memoryview) -> Packet | None:
    """None for what is no packet of RTP."""
    if len(data) < _HEADER.size:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != _VERSION:
        return None
    start, end = _HEADER.size, len(data)
    if first & ~0xC0:
        start += 4 * (first & 0x0F)
        if first & _EXTENDED:
            if start + 4 > end:
                return None
            start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
        if first & _PADDED:
            end -= data[-1]
        if start > end:
            return None
    return Packet(second & 0x7F, second >= _MARKER, sequence, timestamp, ssrc, data[start:end])


class Sequence:
    """The numbers of one source's packets; `expected` is the source that the camera has announced, if it has."""

    def __init__(self, expected: int | None = None) -> None:
        self.ssrc = expected
        self.highest = 0
        """Extended by how often the number has wrapped round (RFC 3550, 6.4.1)."""
        self.lost = 0
        self._begun = False
        self._strangers = 0

    def step(self, packet: Packet) -> int:
        """How many numbers further on: 1 when none was lost, 0 for one to be passed over, else there is a gap."""
        if packet.ssrc != self.ssrc:
            return self._meet(packet)
        self._strangers = 0
        if not self._begun:
            return self._begin(packet)
        ahead = (packet.sequence - self.highest) & 0xFFFF
        if ahead == 0 or ahead > 0x10000 - _LATE:
            return 0
        self.highest += ahead
        self.lost += ahead - 1
        return ahead

    def _meet(self, packet: Packet) -> int:
        """Some servers let packets of others' sessions stray into this one; some announce a wrong source."""
        self._strangers += 1
        if self.ssrc is None or self._strangers >= _STRANGERS:
            self.ssrc = packet.ssrc
            return self._begin(packet)
        return 0

    def _begin(self, packet: Packet) -> int:
        step = 2 if self._begun else 1
        self._begun, self._strangers = True, 0
        self.highest, self.lost = packet.sequence, 0
        return step


class Timeline:
    """Timestamps of 32 bits as ticks that never wrap round; they begin with 0."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._ticks = 0

    def ticks(self, timestamp: int) -> int:
        if self._last is not None:
            self._ticks += ((timestamp - self._last + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
        self._last = timestamp
        return self._ticks
