"""NAL units: what an access unit is made of (H.264 section 7.4.1, H.265 section 7.4.2)."""

import re

from demo.camera.stream.film import Codec

_START_CODE = re.compile(rb"\x00\x00\x00?\x01")
_PARAMETER_SETS = {Codec.H264: {7, 8}, Codec.H265: {32, 33, 34}}
_SLICES = {Codec.H264: {1, 5}, Codec.H265: set(range(22))}
_KEY_SLICES = {Codec.H264: {5}, Codec.H265: {16, 17, 18, 19, 20, 21}}


def split(stream: bytes) -> list[bytes]:
    """Take a byte stream (Annex B) apart at its start codes."""
    return [unit for unit in _START_CODE.split(stream) if unit]


def kind(unit: bytes, codec: Codec) -> int:
    return unit[0] & 0x1F if codec is Codec.H264 else unit[0] >> 1 & 0x3F


def is_parameter_set(unit: bytes, codec: Codec) -> bool:
    return kind(unit, codec) in _PARAMETER_SETS[codec]


def is_slice(unit: bytes, codec: Codec) -> bool:
    return kind(unit, codec) in _SLICES[codec]


def is_key_slice(unit: bytes, codec: Codec) -> bool:
    return kind(unit, codec) in _KEY_SLICES[codec]
