"""One track's way onto the wire: numbers, timestamps, loss."""

import secrets
from collections.abc import Callable, Iterator, Sequence

from demo.camera.stream import rtp
from demo.camera.stream.faults import StrayFault, StreamFaults


class Track:
    """A source of packets on a channel and the next one, which is for RTCP; begins anywhere, as RFC 3550 wants."""

    def __init__(self, channel: int, payload_type: int, rate: int) -> None:
        self._channel = channel
        self._payload_type = payload_type
        self._rate = rate
        self.ssrc = secrets.randbits(32)
        self.sequence = secrets.randbits(16)
        self._first_timestamp = secrets.randbits(32)
        self._packets = self._octets = 0

    def timestamp(self, seconds: float) -> int:
        """Give a time of day, in epoch seconds, in the units and from the beginning of this track."""
        return (self._first_timestamp + round(seconds * self._rate)) & 0xFFFFFFFF

    def packets(self, payloads: Sequence[bytes], seconds: float, faults: StreamFaults) -> Iterator[bytes]:
        """Give a picture's packets as they go onto the connection; those that a fault loses only take a number."""
        timestamp = self.timestamp(seconds + faults.timestamp_offset)
        for number, payload in enumerate(payloads):
            is_last = number == len(payloads) - 1
            marker = (is_last or (faults.early_marker_bits and number == 0)) and not faults.no_marker_bits
            framed = self._framed(payload, marker=marker, timestamp=timestamp)
            if not (faults.loses_every and self._packets % faults.loses_every == 0):
                yield framed

    def skip(self, payloads: Sequence[bytes]) -> None:
        """Take the numbers of packets that are never sent."""
        self.sequence += len(payloads)

    def stray(self, kind: StrayFault | None) -> bytes:
        """Give a packet of another's session, or nothing."""
        if kind is None:
            return b""
        channel = self._channel + 40 if kind is StrayFault.CHANNEL else self._channel
        packet = rtp.packet(
            b"\x41" + bytes(99), marker=True, payload_type=96, sequence=1, timestamp=1, ssrc=self.ssrc ^ 1
        )
        return rtp.interleaved(channel, packet)

    def sender_report(self, wall: Callable[[], float]) -> bytes:
        now = wall()
        counts = {"packets": self._packets, "octets": self._octets}
        report = rtp.sender_report(ssrc=self.ssrc, now=now, timestamp=self.timestamp(now), **counts)
        return rtp.interleaved(self._channel + 1, report)

    def bye(self) -> bytes:
        return rtp.interleaved(self._channel + 1, rtp.bye(self.ssrc))

    def _framed(self, payload: bytes, *, marker: bool, timestamp: int) -> bytes:
        numbers = {"sequence": self.sequence, "timestamp": timestamp, "ssrc": self.ssrc}
        self.sequence += 1
        self._packets += 1
        self._octets += len(payload)
        packet = rtp.packet(payload, marker=marker, payload_type=self._payload_type, **numbers)
        return rtp.interleaved(self._channel, packet)
