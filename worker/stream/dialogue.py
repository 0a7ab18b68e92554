"""Questions to a stream and their answers, logged in where that is asked for; packets come between them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from worker.camera.digest import Challenge, NotDigest, strongest_challenge
from worker.domain.errors import CameraFaulty, CameraUnreachable
from worker.stream.account import Account
from worker.stream.rtsp import Interleaved, Request, Response, request, response
from worker.stream.wire import READ_SECONDS, Wire

AGENT = "camera-to-voice"

_UNAUTHORIZED = 401
_FINAL = 200
_MAX_ROUNDS = 3
"""Without a login, with one, and once more with another nonce."""


class Unanswered(CameraUnreachable):
    """The connection stands, but there was no answer to a question."""


@dataclass(frozen=True)
class Question:
    method: str
    url: str
    headers: Mapping[str, str]
    seconds: float = READ_SECONDS
    """For each of its answers."""


@dataclass(frozen=True)
class Answer:
    """`nonce_count` is that of the login which it answers, 0 where none was sent."""

    response: Response
    nonce_count: int

    @property
    def refused(self) -> bool:
        return self.response.status == _UNAUTHORIZED


class Dialogue:
    """`on_packet` gets each packet as it comes."""

    def __init__(
        self,
        wire: Wire,
        account: Account,
        on_packet: Callable[[Interleaved], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._account = account
        self._on_packet = on_packet
        self._monotonic = monotonic
        self._challenge: Challenge | None = None
        self._sequence = 0

    def ask(self, question: Question) -> Response:
        """Without a login. Raises CameraError, Unanswered, Over."""
        return self._exchange(question, {})

    def ask_logged_in(self, question: Question) -> Response:
        """Raises CameraError, Unanswered, Over."""
        return self._account.log_in(partial(self._attempt, question)).response

    def ask_if_quiet(self, question: Question, patience: float = 0.0) -> Response | None:
        """As `ask_logged_in`; None where no login may be sent within `patience` seconds."""
        answer = self._account.log_in_if_quiet(partial(self._attempt, question), patience)
        return answer.response if answer else None

    def listen(self, until: float) -> Response | None:
        """Take in the next message; an answer is returned. Raises CameraError, Over."""
        message = self._wire.read(until)
        if isinstance(message, Interleaved):
            self._on_packet(message)
        elif isinstance(message, Request):
            self._reply(message)
        else:
            return message
        return None

    def _attempt(self, question: Question, *, fresh: bool) -> Answer:
        """At most one login that the camera does not call stale."""
        challenge = None if fresh else self._challenge
        for _ in range(_MAX_ROUNDS):
            login, count = self._login(challenge, question)
            reply = self._exchange(question, login)
            if reply.status != _UNAUTHORIZED:
                self._challenge = challenge
                return Answer(reply, count)
            if count and not _is_stale(reply):
                self._challenge = None
                return Answer(reply, count)
            challenge = _offered(reply)
            self._wire.renew_if_ended()
        raise CameraFaulty("the camera's stream calls every nonce stale")

    def _login(self, challenge: Challenge | None, question: Question) -> tuple[Mapping[str, str], int]:
        if challenge is None:
            return {}, 0
        header, count = self._account.authorization(challenge, question.method, question.url)
        return {"Authorization": header}, count

    def _exchange(self, question: Question, login: Mapping[str, str]) -> Response:
        self._sequence += 1
        sequence = str(self._sequence)
        headers = {"CSeq": sequence, "User-Agent": AGENT, **question.headers, **login}
        self._wire.send(request(question.method, question.url, headers))
        self._wire.wait_anew()
        deadline = self._monotonic() + question.seconds
        while self._monotonic() < deadline:
            reply = self.listen(deadline)
            # An answer to an earlier question may come late; some cameras do not say which one they answer.
            if reply and reply.status >= _FINAL and reply.header("cseq") in {"", sequence}:
                return reply
        raise Unanswered(f"the camera's stream did not answer {question.method} within {question.seconds:g} s")

    def _reply(self, asked: Request) -> None:
        status, reason = (200, "OK") if asked.method in {"OPTIONS", "GET_PARAMETER"} else (501, "Not Implemented")
        sequence = asked.header("cseq")
        self._wire.send(response(status, reason, {"CSeq": sequence} if sequence.isdecimal() else {}))


def _is_stale(reply: Response) -> bool:
    return any("stale=true" in value.replace('"', "").replace(" ", "").lower() for value in _challenges(reply))


def _challenges(reply: Response) -> tuple[str, ...]:
    return reply.headers.get("www-authenticate", ())


def _offered(reply: Response) -> Challenge:
    try:
        return strongest_challenge(_challenges(reply))
    except NotDigest as error:
        raise CameraFaulty(
            f"the camera's stream cannot be logged in to safely: {error}; in its settings choose digest as the "
            "authentication of RTSP"
        ) from error
