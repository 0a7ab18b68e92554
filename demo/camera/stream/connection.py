"""One RTSP connection: who it is, what it asks for, and the session that comes of it."""

from contextlib import suppress
from socketserver import StreamRequestHandler
from typing import Any

from demo.camera.events import SessionEnd, SessionEnded, StreamRequest
from demo.camera.faults import ConnectionFault
from demo.camera.login import Attempt, Verdict
from demo.camera.sockets import reset
from demo.camera.state import CameraState
from demo.camera.stream.faults import Full, StreamFaults
from demo.camera.stream.film import MODULO_SECONDS
from demo.camera.stream.line import Line
from demo.camera.stream.methods import Dialogue, Reply, respond
from demo.camera.stream.sender import Sender, Session
from demo.camera.stream.wire import Interleaved, MalformedRequestError, RtspRequest, answer, read

_HUGE_HEADER = ("X-Rubbish", "x" * 1024 * 1024)
_UNAUTHORIZED = 401


class StreamConnection(StreamRequestHandler):
    """Reads to the connection's end; what it has started is over when it is."""

    disable_nagle_algorithm = True

    def __init__(self, state: CameraState, *connection: Any) -> None:
        self._state = state
        self._stream = state.stream
        self._sender: Sender | None = None
        super().__init__(*connection)

    def handle(self) -> None:
        self._line = Line(self.connection)
        self._dialogue = Dialogue(self._stream)
        try:
            # A client that goes away, or talks something else, is no news.
            with suppress(OSError, MalformedRequestError):
                while message := read(self.rfile):
                    self._take(message)
        finally:
            self._leave()

    def _take(self, message: RtspRequest | Interleaved) -> None:
        self._stream.sessions.heard(self._dialogue.session)
        if isinstance(message, RtspRequest):
            match self._faults.connection:
                case ConnectionFault.RESETS:
                    self._note(message, None)
                    self._reset()
                case ConnectionFault.HANGS:
                    self._note(message, None)
                case _:
                    self._answer(message)

    def _answer(self, request: RtspRequest) -> None:
        reply = self._refusal(request) or respond(self._dialogue, request)
        if reply.starts:
            self._prepare(reply.starts)
        if reply.ends:
            self._tear_down()
        self._note(request, reply.status)
        headers = [("CSeq", request.headers.get("cseq", "0")), *reply.headers]
        self._line.write(answer(reply.status, headers + [_HUGE_HEADER] * self._faults.huge_header, reply.body))
        if reply.starts and self._sender and not self._faults.rtp_before_play_answer:
            self._sender.start()
        if reply.status == _UNAUTHORIZED and self._faults.ends_connection_after_401:
            self._line.end()

    def _refusal(self, request: RtspRequest) -> Reply | None:
        """Give the answer to somebody who may not in, or to one too many."""
        faults = self._faults
        if request.method == "OPTIONS" and not faults.options_needs_login:
            return None
        verdict = self._judge(request)
        if verdict is Verdict.ACCEPTED:
            if not self._is_one_too_many(request):
                return None
            if faults.when_full is not Full.UNAUTHORIZED:
                return Reply(faults.when_full)
        challenges = self._state.logins.challenges(verdict, faults)
        return Reply(_UNAUTHORIZED, [("WWW-Authenticate", challenge) for challenge in challenges])

    def _judge(self, request: RtspRequest) -> Verdict:
        authorization, address = request.headers.get("authorization"), str(self.client_address[0])
        verdict = self._state.logins.judge(Attempt(request.method, request.url, authorization, address), self._faults)
        is_right = verdict is Verdict.ACCEPTED
        return Verdict.NOT_ALLOWED if is_right and self._faults.refuses_right_login else verdict

    def _is_one_too_many(self, request: RtspRequest) -> bool:
        begins = request.method in {"DESCRIBE", "SETUP"} and not self._dialogue.session
        return begins and self._stream.sessions.is_full

    def _prepare(self, session: Session) -> None:
        self._sender = Sender(self._line, self._stream, session, self._over)
        if self._faults.rtp_before_play_answer:
            self._sender.start()
            self._sender.begun.wait(MODULO_SECONDS)

    def _over(self, reason: SessionEnd) -> None:
        """Take note that the camera has ended the session; called by the sender."""
        self._stream.sessions.end(self._dialogue.session)
        self._journal_end(reason)

    def _tear_down(self) -> None:
        self._stop_sender()
        if self._stream.sessions.tear_down(self._dialogue.session):
            self._journal_end(SessionEnd.TEARDOWN)

    def _leave(self) -> None:
        self._stop_sender()
        if self._stream.sessions.leave(self._dialogue.session):
            self._journal_end(SessionEnd.LEFT)

    def _stop_sender(self) -> None:
        if self._sender:
            self._sender.stop()

    def _journal_end(self, reason: SessionEnd) -> None:
        self._state.journal.write(SessionEnded(self._state.clock(), self._dialogue.session, reason))

    def _note(self, request: RtspRequest, status: int | None) -> None:
        self._state.journal.write(StreamRequest(self._state.clock(), request.method, request.url, status))

    def _reset(self) -> None:
        reset(self.connection)
        raise ConnectionAbortedError

    @property
    def _faults(self) -> StreamFaults:
        return self._stream.faults
