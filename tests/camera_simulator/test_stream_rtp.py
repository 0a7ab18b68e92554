"""What a picture is cut into, put together again here by the rules of RFC 6184 and RFC 7798."""

import struct

import pytest

from demo.camera.stream import Codec, StreamFaults, rtp
from demo.camera.stream.track import Track
from tests.camera_simulator.viewer import Packet

UNITS = {
    Codec.H264: [b"\x67sps", b"\x68pps", b"\x65" + bytes(range(256)) * 20, b"\x41small"],
    Codec.H265: [
        b"\x40\x01vps",
        b"\x42\x01sps",
        b"\x44\x01pps",
        b"\x26\x01" + bytes(range(256)) * 20,
        b"\x02\x01small",
    ],
}


def joined(payloads: list[bytes], codec: Codec) -> list[bytes]:
    """The NAL units in packets' payloads."""
    header, together, fragment = (1, 24, 28) if codec is Codec.H264 else (2, 48, 49)
    units: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 31 if codec is Codec.H264 else payload[0] >> 1 & 63
        if kind == together:
            rest = payload[header:]
            while rest:
                (length,) = struct.unpack("!H", rest[:2])
                units.append(rest[2 : 2 + length])
                rest = rest[2 + length :]
        elif kind == fragment:
            fu = payload[header]
            if fu & 0x80 and codec is Codec.H264:
                units.append(bytes([payload[0] & 0xE0 | fu & 31]))
            elif fu & 0x80:
                units.append(bytes([payload[0] & 0x81 | (fu & 63) << 1, payload[1]]))
            units[-1] += payload[header + 1 :]
            assert bool(fu & 0x40) == (payload is payloads[-1] or len(payload) < rtp.LIMIT)
        else:
            units.append(payload)
    return units


@pytest.mark.parametrize("codec", Codec)
def test_units_go_together_alone_or_in_fragments_and_come_out_whole(codec: Codec) -> None:
    payloads = list(rtp.payloads(UNITS[codec], codec))
    assert joined(payloads, codec) == UNITS[codec]
    assert all(len(payload) <= rtp.LIMIT for payload in payloads)


def test_a_sender_report_maps_the_time_of_day_to_the_timestamp() -> None:
    report = rtp.sender_report(ssrc=7, now=0.5, timestamp=45_000, packets=3, octets=4000)
    version, kind, length, ssrc, seconds, fraction, timestamp, packets, octets = struct.unpack(
        "!BBHIIIIII", report[:28]
    )
    assert (version >> 6, kind, length, ssrc) == (2, 200, 6, 7)
    assert (seconds, fraction / 2**32) == (2_208_988_800, 0.5)
    assert (timestamp, packets, octets) == (45_000, 3, 4000)
    _, kind, length = struct.unpack("!BBH", report[28:32])
    assert (kind, len(report[28:])) == (202, 4 * (length + 1))


def test_no_two_tracks_begin_at_the_same_number() -> None:
    tracks = [Track(0, 96, 90_000) for _ in range(8)]
    assert len({track.sequence for track in tracks}) > 1
    assert len({track.timestamp(0) for track in tracks}) > 1


def test_sequence_and_timestamp_wrap_around() -> None:
    track = Track(0, 96, 90_000)
    track.sequence = 65_535
    packets = [
        Packet(frame[1], frame[4:])
        for seconds in (0, 2**32 / 90_000)
        for frame in track.packets([b"\x41one"], seconds, StreamFaults())
    ]
    assert [packet.sequence for packet in packets] == [65_535, 0]
    assert packets[0].timestamp == packets[1].timestamp
