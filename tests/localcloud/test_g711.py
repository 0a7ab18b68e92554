from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from localcloud.g711 import encode_alaw, encode_mulaw
from tests.localcloud.decoding import decode_alaw, decode_mulaw

EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)


@pytest.mark.parametrize(
    ("sample", "alaw", "mulaw"),
    [
        (0, 0xD5, 0xFF),
        (-1, 0x55, 0x7F),
        (1000, 0xFA, 0xCE),
        (-1000, 0x7A, 0x4E),
        (32767, 0xAA, 0x80),
        (-32768, 0x2A, 0x00),
    ],
)
def test_known_samples_have_the_code_of_the_standard(sample: int, alaw: int, mulaw: int) -> None:
    assert (bytes([alaw]), bytes([mulaw])) == (
        encode_alaw(np.array([sample], np.int16)),
        encode_mulaw(np.array([sample], np.int16)),
    )


@pytest.mark.parametrize(("encode", "decode"), [(encode_alaw, decode_alaw), (encode_mulaw, decode_mulaw)])
def test_every_code_survives_decoding_and_encoding(
    encode: Callable[[NDArray[np.int16]], bytes], decode: Callable[[bytes], NDArray[np.int16]]
) -> None:
    values = decode(bytes(range(256)))
    assert np.array_equal(values, decode(encode(values)))


@pytest.mark.parametrize(
    ("encode", "decode", "loudest"), [(encode_alaw, decode_alaw, 32256), (encode_mulaw, decode_mulaw, 32124)]
)
def test_every_sample_is_within_half_a_step_of_its_segment(
    encode: Callable[[NDArray[np.int16]], bytes], decode: Callable[[bytes], NDArray[np.int16]], loudest: int
) -> None:
    original = np.clip(EVERY_SAMPLE.astype(np.int32), -loudest, loudest)
    error = np.abs(decode(encode(EVERY_SAMPLE)) - original)
    # A segment spans a factor of two in 16 steps: half a step is at most 1/32 of the magnitude, and 8 near zero.
    assert np.all(error <= np.maximum((np.abs(original) + 132) / 32, 8))
