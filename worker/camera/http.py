"""HTTP to one camera: digest only, one nonce for all threads, never more logins than the account can bear."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import IncompleteRead, RemoteDisconnected
from threading import Condition, Lock
from typing import NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from worker.camera.digest import Challenge, Credentials, NotDigest, authorization, read_challenge
from worker.camera.lockout import Lockout
from worker.domain.errors import CameraFaulty, CameraSilent, CameraUnreachable, CameraUnsupported

CONNECT_SECONDS = 3.0
LOGIN_WAIT_SECONDS = 60.0
FRESH_SECONDS = 5.0
"""A nonce accepted this recently is in hand for a sound, which had better not be sent twice."""
MAX_REFUSED_LOGINS = 2
MAX_ERROR_BYTES = 16_384

_CONNECTIONS = 4
_FIRST_REUSE = 2
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_PRIME = "/cgi-bin/magicBox.cgi?action=getDeviceType"


@dataclass(frozen=True)
class Request:
    """`target` is path and query. A `body` knows its length and can be iterated anew."""

    method: str
    target: str
    read_seconds: float
    max_bytes: int = MAX_ERROR_BYTES
    body: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    www_authenticate: str = ""

    @property
    def refused(self) -> bool:
        return self.status == _UNAUTHORIZED

    @property
    def stale(self) -> bool:
        """The nonce was too old, in one of the two ways cameras say so (facts, section 1)."""
        if self.status == _FORBIDDEN:
            return b"Authority:check failure" in self.body
        return self.refused and "stale=true" in self.www_authenticate.replace('"', "").lower()


@dataclass
class _Login:
    """What is known of the login; changed only under the channel's lock."""

    accepted: bool = False
    refusals: int = 0
    challenge: Challenge | None = None
    reuses: bool = False
    nonce_per_request: bool = False
    accepted_at: float = float("-inf")


class CameraHttp:
    """Requests to `base_url`, logged in with `credentials`; safe to use from many threads.

    Until the camera has accepted the password, and after any refusal, requests go one at a time.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        lockout: Lockout,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url
        self._credentials = credentials
        self._lockout = lockout
        self._monotonic = monotonic
        self._http = _session()
        self._login = _Login()
        # Guards _login and _under_way; never held during a request.
        self._lock = Lock()
        self._under_way = 0
        self._landed = Condition(self._lock)
        # Held during a request while the password is in doubt: a burst of presses must not be a burst of logins.
        self._one_at_a_time = Lock()

    def request(self, request: Request) -> Reply:
        """Send `request`, logged in; a status other than 401 and redirects is for the caller to judge.

        Raises:
            CameraRefused: wrong user name or password, or the breaker is open.
            CameraUnreachable: no connection, or it broke, or took longer than `read_seconds`.
            CameraFaulty: a redirect, a body over `max_bytes` or short of its Content-Length, no digest offered.
            CameraUnsupported: the login is right, but the user may not do this.
        """
        self._lockout.check()
        reply = self._ask_trusted(request)
        if reply is not None:
            return self._accepted(reply)
        with self._alone():
            self._lockout.check()
            if self._login.refusals >= MAX_REFUSED_LOGINS:
                self._refuse()
            reply = self._ask(request)
            if reply.refused:
                self._refuse()
            return self._accepted(reply)

    def close(self) -> None:
        self._http.close()

    def _ask_trusted(self, request: Request) -> Reply | None:
        """Parallel others, while the password is known to be right; None where it is not, or no longer."""
        with self._lock:
            if not self._login.accepted:
                return None
            self._under_way += 1
        try:
            reply = self._ask(request)
            if reply.refused:
                self._doubt()
            return None if reply.refused else reply
        finally:
            with self._landed:
                self._under_way -= 1
                self._landed.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time, and with nothing else under way: every refusal has been counted."""
        if not self._one_at_a_time.acquire(timeout=LOGIN_WAIT_SECONDS):
            raise CameraUnreachable("the camera left an earlier login without an answer")
        try:
            with self._landed:
                if not self._landed.wait_for(lambda: not self._under_way, LOGIN_WAIT_SECONDS):
                    raise CameraUnreachable("the camera left an earlier request without an answer")
            yield
        finally:
            self._one_at_a_time.release()

    def _ask(self, request: Request) -> Reply:
        """One login; a second one only when the first was answered "stale", which counts as no refusal."""
        challenge = self._challenge_in_hand(has_body=request.body is not None) or self._fetch_challenge(request)
        if isinstance(challenge, Reply):
            return challenge
        reply = self._send_with(challenge, request)
        if not reply.stale:
            return reply
        fresh = self._offered_challenge(reply) if reply.refused else self._fetch_challenge(request)
        reply = fresh if isinstance(fresh, Reply) else self._send_with(fresh, request)
        if reply.status == _FORBIDDEN:
            user = self._credentials.username
            raise CameraUnsupported(f"the camera lets user {user!r} in but does not allow {request.target}")
        if reply.stale:
            raise CameraFaulty("the camera calls every nonce stale")
        return reply

    def _challenge_in_hand(self, *, has_body: bool) -> Challenge | None:
        with self._lock:
            login = self._login
            if login.nonce_per_request:
                return None
            recent = login.reuses and self._monotonic() - login.accepted_at < FRESH_SECONDS
            return login.challenge if recent or not has_body else None

    def _fetch_challenge(self, request: Request) -> Challenge | Reply:
        """A fresh challenge by a request without credentials; the reply itself where none are asked for.

        Cameras commonly reset a POST without credentials, so a GET goes first (facts, section 1).
        """
        reply = self._send(request if request.body is None else Request("GET", _PRIME, request.read_seconds), {})
        if reply.refused:
            return self._offered_challenge(reply)
        return reply if request.body is None else self._send(request, {})

    def _offered_challenge(self, reply: Reply) -> Challenge:
        try:
            return read_challenge(reply.www_authenticate)
        except NotDigest as error:
            raise CameraFaulty(f"the camera cannot be logged in to safely: {error}") from error

    def _send_with(self, challenge: Challenge, request: Request) -> Reply:
        header, uses = authorization(challenge, self._credentials, request.method, request.target)
        reply = self._send(request, {"Authorization": header})
        with self._lock:
            if uses == 1 and not (reply.refused or reply.stale):
                # Not before: another's second use could overtake the first, which would be stale then.
                self._login.challenge, self._login.reuses = challenge, False
            if self._login.challenge is challenge:
                self._note_use(uses, reply)
        return reply

    def _note_use(self, uses: int, reply: Reply) -> None:
        login = self._login
        if reply.stale or reply.refused:
            login.challenge = None
            recent = self._monotonic() - login.accepted_at < FRESH_SECONDS
            # Of two uses at once, one may overtake the other, which is stale then and says nothing of the camera.
            alone = self._under_way <= 1 and not login.reuses
            # Refused the second time it was used, moments after the first: this camera wants a new one every time.
            once_only = uses == _FIRST_REUSE and reply.stale and recent and alone
            login.nonce_per_request = login.nonce_per_request or once_only
        else:
            login.reuses = login.reuses or uses > 1
            login.accepted_at = self._monotonic()

    def _accepted(self, reply: Reply) -> Reply:
        with self._lock:
            first, self._login.accepted = not self._login.accepted, True
            self._login.refusals = 0
        if first:
            self._lockout.forget()
        return reply

    def _doubt(self) -> None:
        with self._lock:
            self._login.accepted = False
            self._login.refusals += 1
            self._login.challenge = None

    def _refuse(self) -> NoReturn:
        with self._lock:
            self._login = _Login()
        self._lockout.refuse()

    def _send(self, request: Request, login: Mapping[str, str]) -> Reply:
        prepared = requests.Request(
            request.method, self._base_url + request.target, headers={**request.headers, **login}, data=request.body
        ).prepare()
        sent_at = self._monotonic()
        try:
            with self._http.send(
                prepared,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, request.read_seconds),
                verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
            ) as response:
                started = sent_at if request.body is None else self._monotonic()
                return self._read(response, request, started + request.read_seconds)
        except requests.exceptions.SSLError as error:
            raise CameraUnreachable(
                f"the certificate of {self._base_url} is not trusted; name in REQUESTS_CA_BUNDLE a file with it and "
                "the public authorities, as AWS is judged by that file too, "
                "or use http:// on a network that is yours alone"
            ) from error
        except (requests.RequestException, HTTPError, OSError) as error:
            cause = _innermost(error)
            if isinstance(cause, IncompleteRead):
                raise CameraFaulty(f"the camera broke off in the middle of an answer: {cause}") from error
            silent = isinstance(error, requests.ReadTimeout) or isinstance(cause, RemoteDisconnected)
            kind = CameraSilent if silent else CameraUnreachable
            raise kind(f"no answer from the camera at {self._base_url}: {cause or type(cause).__name__}") from error

    def _read(self, response: requests.Response, request: Request, deadline: float) -> Reply:
        if response.is_redirect:
            raise CameraFaulty("the camera redirects to another address, which is not followed with a password in hand")
        limit = request.max_bytes if response.ok else MAX_ERROR_BYTES
        length = response.headers.get("Content-Length", "")
        announced = int(length) if length.isdecimal() else 0
        body = bytearray()
        while announced <= limit and len(body) <= limit:
            if self._monotonic() > deadline:
                raise CameraUnreachable(f"the camera took longer than {request.read_seconds:.0f} s")
            piece = response.raw.read1(65_536)
            if not piece:
                break
            body += piece
        if max(announced, len(body)) > limit and response.ok:
            raise CameraFaulty(f"the camera sent more than {limit} bytes")
        return Reply(response.status_code, bytes(body[:limit]), response.headers.get("WWW-Authenticate", ""))


def _session() -> requests.Session:
    session = requests.Session()
    # Neither a proxy nor .netrc stands between the worker and a camera on its own LAN.
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session


def _innermost(error: Exception) -> BaseException:
    """The cause that says something: urllib3 and requests wrap it up to three times."""
    cause: BaseException = error
    while isinstance(inner := getattr(cause, "reason", None) or next(iter(cause.args[-1:]), None), BaseException):
        cause = inner
    return cause
