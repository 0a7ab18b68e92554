"""RTCP (RFC 3550, 6): what the camera's reports say, and the receiver's own, without which some end the session."""

import struct
from dataclasses import dataclass

from worker.stream.rtp import Sequence

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, BYE = 200, 201, 202, 203

_HEAD = struct.Struct("!BBH")
_BLOCK = struct.Struct("!IIIIII")
_CNAME = 1
_NAME = b"worker"


@dataclass(frozen=True)
class Control:
    """Of one compound packet; `last_report` is the middle of the sender's clock, 0 where it sent none."""

    says_bye: bool
    last_report: int


def read_control(data: memoryview) -> Control:
    """As much of it as can be read."""
    bye, last_report, at = False, 0, 0
    while at + _HEAD.size <= len(data):
        first, kind, words = _HEAD.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):  # noqa: PLR2004 # the version
            break
        bye = bye or kind == BYE
        if kind == SENDER_REPORT and words >= 6:  # noqa: PLR2004 # with a whole sender's part
            last_report = int.from_bytes(data[at + 10 : at + 14], "big")
        at = end
    return Control(bye, last_report)


def receiver_report(ours: int, sequence: Sequence, last_report: int, seconds_since: float) -> bytes:
    """A report of what came from `sequence`'s source, and the name that every compound packet has to have.

    TCP loses nothing on the way and jitters by its own doing, so no fraction lost and no jitter are given.
    """
    delay = min(int(seconds_since * 65536), 0xFFFF_FFFF) if last_report else 0
    block = _BLOCK.pack(
        sequence.ssrc or 0, min(sequence.lost, 0x7F_FFFF), sequence.highest & 0xFFFF_FFFF, 0, last_report, delay
    )
    report = _HEAD.pack(0x81, RECEIVER_REPORT, 7) + ours.to_bytes(4, "big") + block
    item = bytes((_CNAME, len(_NAME))) + _NAME
    chunk = ours.to_bytes(4, "big") + item + bytes(4 - len(item) % 4)
    return report + _HEAD.pack(0x81, DESCRIPTION, len(chunk) // 4) + chunk
