"""HTTP to one camera: digest only, its nonce used again, never more refused logins than the account can bear."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from worker.camera.account import CameraAccount
from worker.camera.connection import Reply, Request
from worker.camera.digest import Challenge, Credentials, NotDigest, authorization, read_challenge
from worker.camera.guard import Guard
from worker.camera.lockout import Lockout
from worker.camera.logins import Event, Password
from worker.camera.nonces import Nonces
from worker.camera.rights import function_of
from worker.camera.transport import Transport
from worker.domain.errors import CameraFaulty, CameraSilent, CameraUnsupported

OPEN_TO_ALL = Request("GET", "/cgi-bin/magicBox.cgi?action=getDeviceType", 5.0)
"""What every user may ask, whatever else it may do: a login refused here is a wrong password."""


class CameraHttp:
    """Requests to `base_url`, logged in with `credentials`; safe to use from many threads.

    Args:
        fingerprint: SHA-256 of the camera's own certificate, 64 hexadecimal digits with or without colons; with it,
            neither authority nor host name is judged.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        lockout: Lockout,
        monotonic: Callable[[], float] = time.monotonic,
        fingerprint: str | None = None,
    ) -> None:
        self._credentials = credentials
        self._monotonic = monotonic
        self._transport = Transport(base_url, fingerprint, monotonic)
        self._nonces = Nonces()
        self._guard = Guard(credentials.username, lockout, self._prove_password, monotonic)
        self.account = CameraAccount(credentials, self._guard)
        """The same login for the camera's stream, under the same guard."""

    @property
    def asks_for_login(self) -> bool:
        """Whether it did when last asked: a request that was answered has then proven the password, too."""
        return self._guard.logins.password is not Password.NOT_ASKED

    def request(self, request: Request) -> Reply:
        """Send `request`, logged in; a status other than 401 and 403, and redirects, is for the caller to judge.

        Raises:
            CameraRefused: wrong user name or password, or the breaker is open.
            CameraUnsupported: the login is right, but this user may not do this; for half an hour without asking.
            CameraUnreachable: no connection, or none that can be trusted, or it broke, or took too long.
            CameraFaulty: a redirect, too many bytes or too few, no digest offered.
        """
        function = function_of(request.target)
        self._guard.check(function)
        if self._guard.logins.password is Password.UNPROVEN:
            with self._guard.logins.alone():
                self._guard.prove_password()
        first = self._ask_beside_another(request, function)
        if first is not None and not _is_refusal(first):
            return first
        if first is not None and first.nonce_count == 1 and request.body is not None:
            # Not for its nonce's age, and perhaps it was heard: never sent twice.
            with self._guard.logins.alone():
                self._guard.check(function)
                self._guard.prove_password()
                raise self._guard.rights.refuse(function)
        reply = self._ask_alone(request, function)
        if first is not None and first.nonce_count > 1:
            self._nonces.was_refused_only_for_its_age()
        return reply

    def close(self) -> None:
        self._transport.close()

    def _ask_beside_another(self, request: Request, function: str) -> Reply | None:
        """The answer, which may be a refusal; None where nothing was sent, as the password is in doubt."""
        with self._guard.logins.turn(function) as turn:
            if turn is None:
                return None
            reply = self._ask(request, function, fresh=turn.fresh)
            if _is_refusal(reply):
                self._guard.logins.note(Event.REFUSED)
            else:
                self._guard.logins.allow(function)
            return reply

    def _ask_alone(self, request: Request, function: str) -> Reply:
        """With a password that has just been proven and a fresh nonce: what is refused now is this function only.

        A sound whose nonce had grown old is sent again here: the camera has answered that it was not played.
        """
        with self._guard.logins.alone():
            self._guard.check(function)
            self._guard.prove_password()
            reply = self._ask(request, function, fresh=True)
            if _is_refusal(reply):
                if self._guard.logins.password is not Password.ACCEPTED:
                    self._guard.logins.note(Event.REFUSED)
                    self._guard.open_breaker()
                raise self._guard.rights.refuse(function)
            self._guard.logins.allow(function)
            return reply

    def _prove_password(self) -> Event:
        try:
            reply = self._ask(OPEN_TO_ALL, function_of(OPEN_TO_ALL.target), fresh=True)
        except CameraUnsupported:
            # A 403 lets the user in, if only to turn it away.
            return Event.PROVED
        if _is_refusal(reply):
            return Event.REFUSED
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CameraFaulty(f"the camera is busy: status {reply.status}")
        return Event.PROVED if reply.nonce_count else Event.LET_IN_UNASKED

    def _ask(self, request: Request, function: str, *, fresh: bool) -> Reply:
        """One login; a second one only when the first was answered "stale", which counts as no refusal."""
        sound = request.body is not None
        challenge = None if fresh else self._nonces.take(for_sound=sound, now=self._monotonic())
        reply = self._ask_with(challenge, request) if challenge else self._ask_anew(request)
        if not _may_be_stale(reply):
            return reply
        self._nonces.went_stale(reply.nonce_count, self._monotonic())
        reply = self._ask_with(self._offered(reply), request) if reply.www_authenticate else self._ask_anew(request)
        if reply.status == HTTPStatus.FORBIDDEN:
            raise self._guard.rights.refuse(function)
        if _may_be_stale(reply):
            raise CameraFaulty("the camera calls every nonce stale")
        return reply

    def _ask_anew(self, request: Request) -> Reply:
        """With a fresh nonce, by a request without credentials; its reply itself where none are asked for.

        Cameras commonly reset a POST without credentials, so a GET goes first (docs/cameras.md).
        """
        reply = self._transport.send(request if request.body is None else OPEN_TO_ALL)
        if request.body is not None and not _is_refusal(reply):
            reply = self._transport.send(request)
        if not _is_refusal(reply):
            return reply
        reply = self._ask_with(self._offered(reply), request)
        if _is_refusal(reply) and reply.nonce_count > 1:
            # It met a connection that had ended, and went out again with nc=2: that refusal may be for its age.
            reply = self._ask_with(self._offered(reply), request)
        return reply

    def _offered(self, reply: Reply) -> Challenge:
        try:
            challenge = read_challenge(reply.www_authenticate)
        except NotDigest as error:
            raise CameraFaulty(f"the camera cannot be logged in to safely: {error}") from error
        self._nonces.issued(challenge)
        return challenge

    def _ask_with(self, challenge: Challenge, request: Request) -> Reply:
        count = 0

        def login() -> Mapping[str, str]:
            nonlocal count
            header, count = authorization(challenge, self._credentials, request.method, request.target)
            return {"Authorization": header}

        try:
            reply = replace(self._transport.send(request, login), nonce_count=count)
        except CameraSilent:
            # A refusal would have been an answer.
            self._guard.logins.allow(function_of(request.target))
            raise
        if not (_is_refusal(reply) or _may_be_stale(reply)):
            self._nonces.accepted(challenge, count, self._monotonic())
        return reply


def _is_refusal(reply: Reply) -> bool:
    return reply.status == HTTPStatus.UNAUTHORIZED


def _may_be_stale(reply: Reply) -> bool:
    """The nonce was too old, in one of the two ways cameras say so (docs/cameras.md)."""
    if not reply.nonce_count:
        return False
    says_so = "stale=true" in reply.www_authenticate.replace('"', "").replace(" ", "").lower()
    return reply.status == HTTPStatus.FORBIDDEN or (_is_refusal(reply) and says_so)
