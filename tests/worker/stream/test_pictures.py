"""From packets to pictures."""

from collections.abc import Iterable

import pytest

from tests.worker.stream.packets import PPS, SPS, fragments, key_unit, packets, rtp, slice_unit
from worker.domain.video import AccessUnit, Codec
from worker.stream import pictures as module
from worker.stream.pictures import MAX_GROUP_PICTURES, MAX_PICTURE_BYTES, Pictures
from worker.stream.rtp import read_packet
from worker.stream.sdp import VideoTrack

H264 = VideoTrack(Codec.H264, 96, 90_000, "", (SPS, PPS))
START = b"\0\0\0\1"
VPS5, SPS5, PPS5 = b"\x40\x01v", b"\x42\x01s", b"\x44\x01p"
H265 = VideoTrack(Codec.H265, 96, 90_000, "", (VPS5, SPS5, PPS5))
KEY5, SLICE5 = b"\x26\x01" + bytes(range(50)), b"\x02\x01" + bytes(range(50))
WRAP = 0x1_0000_0000


def made(data: Iterable[bytes], track: VideoTrack = H264) -> list[AccessUnit]:
    pictures = Pictures(track, lambda: 7.0)
    read = (read_packet(memoryview(one)) for one in data)
    return [unit for packet in read if packet for unit in pictures.put(packet)]


def whole(*units: bytes) -> bytes:
    return b"".join(START + unit for unit in units)


def test_a_key_frame_has_the_parameter_sets_of_the_description_in_front() -> None:
    (unit,) = made(packets([key_unit()]))
    assert unit == AccessUnit(Codec.H264, whole(SPS, PPS, key_unit()), key=True, ticks=0, received_at=7.0)


def test_fragments_are_put_together() -> None:
    _, unit = made(packets([key_unit(), slice_unit(5000)], size=1000))
    assert unit.data == whole(slice_unit(5000))


def test_an_aggregate_is_taken_apart_and_its_parameter_sets_win() -> None:
    sps = SPS + b"new"
    aggregate = b"\x18" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in (b"\x09\x10", sps, PPS, key_unit()))
    (unit,) = made([rtp(aggregate, 1, 0)])
    assert unit.data == whole(sps, PPS, key_unit())


def test_parameter_sets_with_a_marker_of_their_own_belong_to_the_next_picture() -> None:
    sps, pps = SPS + b"new", PPS + b"new"
    units = made([rtp(sps, 1, 0), rtp(pps, 2, 0), rtp(key_unit(), 3, 0), rtp(slice_unit(), 4, 6000), rtp(sps, 5, 9000)])
    assert [unit.data for unit in units] == [whole(sps, pps, key_unit()), whole(slice_unit())]


def test_parameter_sets_that_come_again_and_again_do_not_add_up() -> None:
    sent = [unit for _ in range(40) for unit in (SPS, PPS)]
    (unit,) = made([rtp(one, at, at) for at, one in enumerate([*sent, key_unit()])])
    assert unit.data == whole(SPS, PPS, key_unit())


def test_a_key_frame_without_parameter_sets_cannot_be_shown() -> None:
    bare = VideoTrack(Codec.H264, 96, 90_000, "")
    assert not made(packets([key_unit(), slice_unit()]), bare)


def test_where_no_marker_is_set_a_picture_ends_with_the_next_timestamp() -> None:
    sent = [rtp(unit, at, at * 6000, marker=False) for at, unit in enumerate([key_unit(), slice_unit(), slice_unit()])]
    assert [unit.key for unit in made(sent)] == [True, False]


def test_pictures_begin_with_a_key_frame() -> None:
    assert [unit.key for unit in made(packets([slice_unit(), slice_unit(), key_unit(), slice_unit()]))] == [True, False]


@pytest.mark.parametrize(("lost", "come"), [(1, 1), (2, 1), (3, 1), (4, 2)])
def test_after_a_lost_packet_nothing_comes_until_the_next_key_frame(lost: int, come: int) -> None:
    sent = list(packets([key_unit(), slice_unit(3000), slice_unit(), key_unit(80), slice_unit()]))
    assert len(sent) == 7
    del sent[lost]
    data = [unit.data for unit in made(sent)]
    assert data[0] == whole(SPS, PPS, key_unit())
    assert data[come:] == [whole(SPS, PPS, key_unit(80)), whole(slice_unit())]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_key_frame_that_lost_its_first_or_last_packet_is_none(lost: int) -> None:
    sent = list(packets([slice_unit(), key_unit(2000), slice_unit(), key_unit(80)]))
    del sent[lost]
    (unit,) = made(sent)
    assert unit.data == whole(SPS, PPS, key_unit(80))


def test_a_packet_that_comes_twice_or_late_is_passed_over() -> None:
    sent = list(packets([key_unit(), slice_unit(), slice_unit()]))
    assert made([sent[0], sent[1], sent[1], sent[0], sent[2]]) == made(sent)


def test_sequence_numbers_and_timestamps_wrap_round() -> None:
    sent = [rtp(key_unit(), 0xFFFF, WRAP - 6000), rtp(slice_unit(), 0x10000, WRAP), rtp(slice_unit(), 1, 6000)]
    assert [unit.ticks for unit in made(sent)] == [0, 6000, 12000]


def test_the_ticks_of_b_frames_go_back() -> None:
    sent = [rtp(key_unit(), 0, 0), rtp(slice_unit(), 1, 18000), rtp(slice_unit(), 2, 6000)]
    assert [unit.ticks for unit in made(sent)] == [0, 18000, 6000]


def test_another_clock_is_told_by_rtp_s_own() -> None:
    track = VideoTrack(Codec.H264, 96, 1000, "", (SPS, PPS))
    assert [unit.ticks for unit in made([rtp(key_unit(), 0, 0), rtp(slice_unit(), 1, 40)], track)] == [0, 3600]


def test_of_another_payload_type_nothing_is_taken() -> None:
    assert not made([rtp(key_unit(), 1, 0, payload_type=97)])


def test_h265_is_read_alike() -> None:
    aggregate = b"\x60\x01" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in (VPS5 + b"new", SPS5, PPS5))
    parts = [b"\x62\x01" + bytes((flags | 1,)) + SLICE5[at : at + 25] for flags, at in ((0x80, 2), (0x40, 27))]
    sent = [
        rtp(aggregate, 0, 0, marker=False),
        rtp(KEY5, 1, 0),
        rtp(parts[0], 2, 6000, marker=False),
        rtp(parts[1], 3, 6000),
    ]
    key, other = made(sent, H265)
    assert key.data == whole(VPS5 + b"new", SPS5, PPS5, KEY5)
    assert (key.key, other.key, other.data) == (True, False, whole(SLICE5))


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x41", b"\x18\0\xffshort", b"\x18\0\0", b"\x1c\x01middle", b"\x19mtap"],
    ids=["empty", "header only", "aggregate cut off", "aggregate of nothing", "fragment without a start", "unknown"],
)
def test_a_packet_that_cannot_be_read_breaks_its_group(payload: bytes) -> None:
    sent = [rtp(key_unit(), 0, 0), rtp(payload, 1, 6000), rtp(slice_unit(), 2, 12000), rtp(key_unit(), 3, 18000)]
    assert [unit.key for unit in made(sent)] == [True, True]


def test_a_fragment_that_never_ends_breaks_its_group() -> None:
    first, *_ = fragments(slice_unit(100), 60)
    sent = [rtp(key_unit(), 0, 0), rtp(first, 1, 6000), rtp(slice_unit(), 2, 12000), rtp(key_unit(), 3, 18000)]
    assert [unit.key for unit in made(sent)] == [True, True]


def test_a_key_frame_too_far_away_lets_pictures_wait_for_the_next() -> None:
    units = made(packets([key_unit(), *[slice_unit()] * (MAX_GROUP_PICTURES + 50), key_unit()]))
    assert len(units) == MAX_GROUP_PICTURES + 1
    assert units[-1].key


def test_a_group_too_large_lets_pictures_wait_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_GROUP_BYTES", 10_000)
    units = made(packets([key_unit(), *[slice_unit(1000)] * 20, key_unit()]))
    assert sum(len(unit.data) for unit in units[:-1]) <= 10_000
    assert units[-1].key


def test_a_picture_too_large_is_never_kept() -> None:
    pictures = Pictures(H264)
    part = bytes(60_000)
    largest = 0
    for at in range(2 * MAX_PICTURE_BYTES // len(part)):
        head = b"\x7c" + (b"\x85" if at == 0 else b"\x05")
        packet = read_packet(memoryview(rtp(head + part, at, 0, marker=False)))
        assert packet
        assert not list(pictures.put(packet))
        largest = max(largest, len(pictures._picture))
    assert largest <= MAX_PICTURE_BYTES


def test_strangers_packets_are_passed_over_and_a_new_source_is_learnt() -> None:
    ours, theirs = list(packets([key_unit(), *[slice_unit()] * 5])), rtp(key_unit(9), 7, 0)[:8] + b"else" + key_unit(9)
    assert len(made([sent for pair in zip(ours, [theirs] * 6, strict=True) for sent in pair])) == 6
    other = [one[:8] + b"else" + one[12:] for one in packets([key_unit(), *[slice_unit()] * 99, key_unit(80)])]
    assert made([*ours, *other])[-1].data == whole(SPS, PPS, key_unit(80))
