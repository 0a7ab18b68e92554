import socket
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import Chunk, Encoding, SimulatedCamera, Sound, SoundStarted
from demo.camera.g711 import decode
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, Visitor
from tests.support.clock import Clock

EVERY_CODE = bytes(range(256))


def as_samples(pcm: bytes) -> list[int]:
    return [int.from_bytes(pcm[at : at + 2], "little", signed=True) for at in range(0, len(pcm), 2)]


# The extremes and the codes nearest to silence, from the tables of ITU-T G.711 scaled to 16 bits.
@pytest.mark.parametrize(
    ("encoding", "codes", "samples"),
    [
        (Encoding.ALAW, [0xD5, 0x55, 0xAA, 0x2A, 0x80, 0x00], [8, -8, 32256, -32256, 5504, -5504]),
        (Encoding.MULAW, [0xFF, 0x7F, 0x80, 0x00, 0xF0], [0, 0, 32124, -32124, 120]),
    ],
)
def test_codes_of_the_standard(encoding: Encoding, codes: list[int], samples: list[int]) -> None:
    assert as_samples(decode(bytes(codes), encoding)) == samples


@pytest.mark.parametrize("encoding", list(Encoding))
def test_it_keeps_every_byte_as_it_came(camera: SimulatedCamera, visitor: Visitor, encoding: Encoding) -> None:
    assert visitor.play(EVERY_CODE * 40, encoding).text == "OK\r\n"
    (sound,) = camera.state.sounds
    assert (sound.audio, sound.encoding, sound.complete) == (EVERY_CODE * 40, encoding, True)
    assert sound.seconds == 1.28


def test_a_wav_of_it_is_telephone_quality(camera: SimulatedCamera, visitor: Visitor, tmp_path: Path) -> None:
    visitor.play(EVERY_CODE)
    camera.state.sounds[0].write_wav(tmp_path / "heard.wav")
    with wave.open(str(tmp_path / "heard.wav")) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate(), wav.getnframes()) == (1, 2, 8000, 256)
        assert wav.readframes(256) == decode(EVERY_CODE, Encoding.ALAW)


class Phone:
    """A paced caller: one with the nonce in hand, and the body in pieces."""

    def __init__(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        visitor.get("magicBox.cgi?action=getDeviceType")
        target = "/cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel=1"
        url = f"http://{camera.host}{target}"
        self._authorization = visitor._auth.build_digest_header("POST", url)  # type: ignore[no-untyped-call]
        self._target = target
        address, port = camera.host.split(":")
        self.line = socket.create_connection((address, int(port)), PATIENCE_SECONDS)

    def announce(self, *headers: str) -> None:
        head = [f"POST {self._target} HTTP/1.1", "Host: camera", "Content-Type: Audio/G.711A"]
        self.say("\r\n".join([*head, f"Authorization: {self._authorization}", *headers, "", ""]).encode())

    def say(self, audio: bytes) -> None:
        self.line.sendall(audio)

    def status(self) -> bytes:
        return self.line.recv(4096).split(b"\r\n")[0]


@pytest.fixture
def phone(camera: SimulatedCamera, visitor: Visitor) -> Iterator[Phone]:
    phone = Phone(camera, visitor)
    with phone.line:
        yield phone


def test_it_knows_when_each_piece_came(camera: SimulatedCamera, phone: Phone, clock: Clock) -> None:
    began = clock.now
    phone.announce("Content-Length: 7")
    clock.now += 0.1
    phone.say(b"abcd")
    assert camera.state.journal.wait_for(SoundStarted, 1, PATIENCE_SECONDS) == [
        SoundStarted(began + 0.1, Encoding.ALAW)
    ]
    clock.now += 0.5
    phone.say(b"efg")
    assert phone.status() == b"HTTP/1.1 200 OK"
    (sound,) = camera.state.sounds
    assert sound.chunks == (Chunk(began + 0.1, b"abcd"), Chunk(began + 0.6, b"efg"))
    assert (sound.first_sound_at, sound.ended_at) == (began + 0.1, began + 0.6)


def test_a_caller_who_hangs_up_leaves_half_a_sound(camera: SimulatedCamera, phone: Phone) -> None:
    phone.announce("Content-Length: 8000")
    phone.say(b"half")
    phone.line.close()
    (sound,) = camera.state.journal.wait_for(Sound, 1, PATIENCE_SECONDS)
    assert (sound.audio, sound.announced, sound.complete) == (b"half", 8000, False)


def test_calls_at_the_same_time_are_noticed(camera: SimulatedCamera, phone: Phone) -> None:
    phone.announce("Content-Length: 2")
    phone.say(b"a")
    camera.state.journal.wait_for(SoundStarted, 1, PATIENCE_SECONDS)
    with Visitor(camera, PASSWORD) as second:
        assert second.play(b"over you").ok
    phone.say(b"b")
    assert phone.status() == b"HTTP/1.1 200 OK"
    assert camera.state.max_concurrent_sounds == 2


def test_calls_after_each_other_are_not_at_the_same_time(camera: SimulatedCamera, visitor: Visitor) -> None:
    for _ in range(20):
        visitor.play(b"\xd5" * 8)
    assert camera.state.max_concurrent_sounds == 1


@pytest.mark.parametrize("headers", [[], ["Content-Length: -5"], ["Transfer-Encoding: chunked"]])
def test_a_length_is_required(camera: SimulatedCamera, phone: Phone, headers: list[str]) -> None:
    phone.announce(*headers)
    assert phone.status() == b"HTTP/1.1 411 Length Required"
    assert camera.state.sounds == []


@pytest.mark.parametrize("content_type", ["audio/basic", "Audio/AAC", ""])
def test_only_g711_is_played(camera: SimulatedCamera, visitor: Visitor, content_type: str) -> None:
    assert visitor.play(b"\xd5" * 8, content_type).status_code == 400
    assert camera.state.sounds == []


def test_a_body_that_was_sent_before_the_login_is_not_heard(camera: SimulatedCamera, visitor: Visitor) -> None:
    assert visitor.play(b"\xd5" * 80_000).ok
    assert [request.status for request in camera.state.requests] == [401, 200]
    assert [len(sound.audio) for sound in camera.state.sounds] == [80_000]
