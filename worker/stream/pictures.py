"""Puts NAL units together from packets, and pictures from NAL units; nothing grows beyond the caps below."""

import time
from collections.abc import Callable, Iterator

from worker.domain.video import TICKS_PER_SECOND, AccessUnit
from worker.stream.nal import START_CODE, SYNTAX
from worker.stream.rtp import Packet, Sequence, Timeline
from worker.stream.sdp import MAX_PARAMETER_SET_BYTES, MAX_PARAMETER_SETS, VideoTrack

MAX_PICTURE_BYTES = 8 * 1024 * 1024
MAX_GROUP_PICTURES = 300
MAX_GROUP_BYTES = 16 * 1024 * 1024
"""From one key frame to the next; what is beyond is dropped."""

_FU_START, _FU_END = 0x80, 0x40
_FIRST_SLICE = 0x80


class _Broken(Exception):
    """The picture at hand cannot be put together."""


class Pictures:
    """Pictures of one track, from its packets in the order in which they come.

    A picture ends at the marker, or where the timestamp changes, as some cameras set no marker. One with a gap in it is
    dropped, and with it all up to the next key frame, which is where decoding can begin again.

    Args:
        source: Whose packets they are to be, where the camera has announced it.
        on_overlong: Told each time that a key frame is too far for what follows it to be kept.
    """

    def __init__(
        self,
        track: VideoTrack,
        monotonic: Callable[[], float] = time.monotonic,
        source: int | None = None,
        on_overlong: Callable[[], object] = lambda: None,
    ) -> None:
        self._track = track
        self._syntax = SYNTAX[track.codec]
        self._monotonic = monotonic
        self._on_overlong = on_overlong
        self.sequence = Sequence(source)
        self._timeline = Timeline()
        self._sets: dict[int, list[bytes]] = {}
        for unit in track.parameter_sets:
            if (kind := self._syntax.type_of(unit[0])) in self._syntax.parameter_sets:
                self._sets.setdefault(kind, []).append(unit)
        self._waits_for_key = True
        self._group_pictures = 0
        self._group_bytes = 0
        self._timestamp: int | None = None
        self._begin_picture()

    def put(self, packet: Packet) -> Iterator[AccessUnit]:
        """The pictures that are whole with this packet: none or one, and two where one had no marker."""
        if packet.payload_type != self._track.payload_type:
            return
        step = self.sequence.step(packet)
        if not step:
            return
        if step > 1:
            self._drop_picture()
            self._broken = packet.timestamp == self._timestamp or not self._begins_picture(packet.payload)
        elif packet.timestamp != self._timestamp:
            yield from self._end_picture()
        self._timestamp = packet.timestamp
        if not self._broken:
            try:
                self._take(packet.payload)
            except _Broken:
                self._broken = True
        if packet.marker:
            yield from self._end_picture()

    def _begin_picture(self) -> None:
        self._picture = bytearray()
        self._key = False
        self._has_slice = False
        self._in_fragment = False
        self._broken = False
        self._renewed: set[int] = set()

    def _drop_picture(self) -> None:
        self._waits_for_key = True
        self._begin_picture()

    def _begins_picture(self, payload: memoryview) -> bool:
        """Whether nothing of it can have come before: a camera that falls behind leaves out all up to a key frame."""
        syntax, at = self._syntax, self._syntax.header_bytes
        if len(payload) <= at + 1:
            return False
        kind = syntax.type_of(payload[0])
        if kind == syntax.fragment:
            if not payload[at] & _FU_START:
                return False
            kind, at = payload[at] & syntax.mask, at + 1
        # Of a picture's first slice the first bit is set: first_mb_in_slice 0, first_slice_segment_in_pic_flag.
        return kind not in syntax.slices or bool(payload[at] & _FIRST_SLICE)

    def _take(self, payload: memoryview) -> None:
        """One packet's payload: a NAL unit, several, or a part of one."""
        syntax = self._syntax
        if len(payload) <= syntax.header_bytes:
            raise _Broken
        kind = syntax.type_of(payload[0])
        if kind == syntax.fragment:
            self._take_fragment(payload)
            return
        if self._in_fragment:
            raise _Broken
        if kind == syntax.aggregation:
            self._take_aggregate(payload)
        elif kind > syntax.aggregation:
            raise _Broken
        else:
            self._take_unit(kind, payload)

    def _take_aggregate(self, payload: memoryview) -> None:
        at = self._syntax.header_bytes
        while at < len(payload):
            size = int.from_bytes(payload[at : at + 2], "big")
            unit = payload[at + 2 : at + 2 + size]
            if len(unit) != size or size <= self._syntax.header_bytes:
                raise _Broken
            self._take_unit(self._syntax.type_of(unit[0]), unit)
            at += 2 + size

    def _take_fragment(self, payload: memoryview) -> None:
        """With the unit's own type in the byte after the payload's header."""
        syntax = self._syntax
        head = payload[syntax.header_bytes]
        kind = head & syntax.mask
        starts = bool(head & _FU_START)
        if starts == self._in_fragment:
            raise _Broken
        if starts:
            self._begin_unit(kind, len(payload))
            first = (payload[0] & ~(syntax.mask << syntax.shift)) | (kind << syntax.shift)
            self._picture.append(first)
            self._picture += payload[1 : syntax.header_bytes]
        self._append(payload[syntax.header_bytes + 1 :])
        self._in_fragment = not head & _FU_END

    def _take_unit(self, kind: int, unit: memoryview) -> None:
        if kind in self._syntax.dropped:
            return
        if kind in self._syntax.parameter_sets:
            self._renew(kind, unit)
            return
        self._begin_unit(kind, len(unit))
        self._append(unit)

    def _begin_unit(self, kind: int, size: int) -> None:
        self._key = self._key or kind in self._syntax.keys
        self._has_slice = self._has_slice or kind in self._syntax.slices
        if size:
            self._append(memoryview(START_CODE))

    def _append(self, part: memoryview) -> None:
        if len(self._picture) + len(part) > MAX_PICTURE_BYTES:
            raise _Broken
        self._picture += part

    def _renew(self, kind: int, unit: memoryview) -> None:
        """A picture's own parameter sets take the place of all earlier ones of their kind."""
        if kind not in self._renewed:
            self._renewed.add(kind)
            self._sets[kind] = []
        if len(unit) > MAX_PARAMETER_SET_BYTES or len(self._sets[kind]) >= MAX_PARAMETER_SETS:
            raise _Broken
        self._sets[kind].append(bytes(unit))

    def _end_picture(self) -> Iterator[AccessUnit]:
        if self._broken or self._in_fragment:
            self._drop_picture()
            return
        if not self._has_slice:
            # Parameter sets, with a marker behind them on some cameras: their picture is still to come.
            self._renewed.clear()
            return
        if self._key:
            yield from self._start_group()
        elif not self._waits_for_key:
            yield from self._continue_group()
        self._begin_picture()

    def _start_group(self) -> Iterator[AccessUnit]:
        sets = [unit for kind in self._syntax.parameter_sets for unit in self._sets.get(kind, ())]
        self._waits_for_key = not all(self._sets.get(kind) for kind in self._syntax.parameter_sets)
        if self._waits_for_key:
            return
        data = b"".join([*(START_CODE + unit for unit in sets), self._picture])
        self._group_pictures, self._group_bytes = 1, len(data)
        yield self._made(data)

    def _continue_group(self) -> Iterator[AccessUnit]:
        self._group_pictures += 1
        self._group_bytes += len(self._picture)
        if self._group_pictures > MAX_GROUP_PICTURES or self._group_bytes > MAX_GROUP_BYTES:
            self._waits_for_key = True
            self._on_overlong()
            return
        yield self._made(bytes(self._picture))

    def _made(self, data: bytes) -> AccessUnit:
        ticks = self._timeline.ticks(self._timestamp or 0)
        if self._track.clock != TICKS_PER_SECOND:
            ticks = ticks * TICKS_PER_SECOND // self._track.clock
        return AccessUnit(self._track.codec, data, self._key, ticks, self._monotonic())
