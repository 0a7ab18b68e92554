"""A client of RTSP that says exactly what a test wants said; what real players make of it is test_stream_players."""

import re
import socket
import struct
from dataclasses import dataclass, field
from typing import Self

from werkzeug.datastructures import WWWAuthenticate

from demo.camera import SimulatedCamera
from demo.camera.digest import Account, Credentials, response
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, USERNAME

TCP = {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"}


@dataclass(frozen=True)
class Answer:
    """Names of headers are in lower case; one that comes twice has the last value, but for the challenges."""

    status: int
    headers: dict[str, str]
    body: bytes
    challenges: list[str]


@dataclass(frozen=True)
class Packet:
    """An RTP packet's header, and what it carries."""

    channel: int
    raw: bytes

    @property
    def marker(self) -> bool:
        return bool(self.raw[1] & 0x80)

    @property
    def payload_type(self) -> int:
        return self.raw[1] & 0x7F

    @property
    def sequence(self) -> int:
        return int.from_bytes(self.raw[2:4])

    @property
    def timestamp(self) -> int:
        return int.from_bytes(self.raw[4:8])

    @property
    def ssrc(self) -> int:
        return int.from_bytes(self.raw[8:12])

    @property
    def payload(self) -> bytes:
        return self.raw[12:]

    @property
    def begins_key_frame(self) -> bool:
        """Of H.264 with its parameter sets in band, or a first fragment of the slice itself."""
        kind = self.payload[0] & 0x1F
        return kind == 24 or (kind == 28 and self.payload[1] == 0x85)


@dataclass
class Viewer:
    """`challenge` is answered in every request once there is one, with a count that rises."""

    camera: SimulatedCamera
    account: Account = field(default_factory=lambda: Account(USERNAME, PASSWORD))
    url: str = ""
    session: str = ""
    packets: list[Packet] = field(default_factory=list)
    _challenge: str = ""
    _count: int = 0
    _cseq: int = 0

    def __enter__(self) -> Self:
        self.url = self.url or self.camera.stream_url()
        self.line = socket.create_connection(("127.0.0.1", self.camera.rtsp_port), timeout=PATIENCE_SECONDS)
        self._stream = self.line.makefile("rb")
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self.line.close()

    def ask(self, method: str, url: str = "", **headers: str) -> Answer:
        """Ask once, with a login if a challenge is known; packets that come before the answer are kept."""
        self.say(method, url or self.url, **headers)
        return self.answer()

    def say(self, method: str, url: str, **headers: str) -> None:
        self._cseq += 1
        said = {"CSeq": str(self._cseq), **headers}
        if self.session:
            said.setdefault("Session", self.session)
        if self._challenge:
            said["Authorization"] = self._authorization(method, url)
        lines = [f"{method} {url} RTSP/1.0", *(f"{name}: {value}" for name, value in said.items())]
        self.line.sendall("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n")

    def answer(self) -> Answer:
        """Raises EOFError if the connection ends first."""
        while (first := self._stream.read(1)) == b"$":
            self.packets.append(self._frame())
        head = first + self._stream.readline()
        if not head.strip():
            raise EOFError
        status, headers, challenges = int(head.split()[1]), dict[str, str](), list[str]()
        while line := self._stream.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name == "WWW-Authenticate":
                challenges.append(value)
        body = self._stream.read(int(headers.get("content-length", "0")))
        return Answer(status, headers, body, challenges)

    def log_in(self) -> Answer:
        """DESCRIBE, with a login when it is asked for."""
        (self._challenge, *_) = self.ask("DESCRIBE").challenges
        return self.ask("DESCRIBE")

    def play(self, subtype: int = 0) -> Answer:
        """Go all the way to the answer to PLAY."""
        self.url = self.camera.stream_url(subtype)
        described = self.log_in()
        assert described.status == 200, described
        set_up = self.ask("SETUP", f"{self.url}/trackID=0", **TCP)
        self.session = set_up.headers["session"].partition(";")[0]
        return self.ask("PLAY", f"{self.url}/")

    def packet(self) -> Packet:
        """The next on any channel; raises EOFError when the connection has ended, also in the middle of one."""
        if self.packets:
            return self.packets.pop(0)
        if self._stream.read(1) != b"$":
            raise EOFError
        return self._frame()

    def video(self, count: int) -> list[Packet]:
        """The next packets of RTP on channel 0."""
        found: list[Packet] = []
        while len(found) < count:
            packet = self.packet()
            if packet.channel == 0:
                found.append(packet)
        return found

    def pictures(self, count: int) -> list[list[Packet]]:
        """The next whole pictures, told apart by their timestamps."""
        found: list[list[Packet]] = [[]]
        while len(found) <= count:
            (packet,) = self.video(1)
            if found[-1] and found[-1][-1].timestamp != packet.timestamp:
                found.append([])
            found[-1].append(packet)
        return found[:count]

    def _frame(self) -> Packet:
        header = self._stream.read(3)
        channel, length = struct.unpack("!BH", header) if len(header) == 3 else (0, 1)
        data = self._stream.read(length)
        if len(data) < length:
            raise EOFError
        return Packet(channel, data)

    def _authorization(self, method: str, url: str) -> str:
        challenge = WWWAuthenticate.from_header(self._challenge)
        assert challenge
        self._count += 1
        given = {name: challenge.get(name) or "" for name in ("realm", "nonce", "opaque")}
        qop = {"qop": "auth", "nc": f"{self._count:08x}", "cnonce": "c0ffee"} if challenge.get("qop") else {}
        fields = {"username": self.account.username, **given, "uri": url, **dict.fromkeys(("qop", "nc", "cnonce"), "")}
        fields |= qop | {"algorithm": challenge.get("algorithm") or "MD5"}
        digest = response(Credentials(**fields, response=""), self.account, method)
        said = {name: value for name, value in fields.items() if value} | {"response": digest}
        return "Digest " + ", ".join(f'{name}="{value}"' for name, value in said.items())


def parameter(answer: Answer, name: str) -> str:
    """A value in the SDP that an answer brings."""
    found = re.search(rf"{name}=([^;\s]+)", answer.body.decode())
    assert found, answer.body
    return found[1]
