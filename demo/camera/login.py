"""Who may in, over HTTP and RTSP alike: one account, its nonces, and one lock-out."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from threading import Lock
from urllib.parse import urlsplit

from werkzeug.datastructures import Authorization, WWWAuthenticate

from demo.camera.digest import (
    Account,
    Algorithm,
    Credentials,
    MalformedCredentialsError,
    is_from,
    parse_credentials,
    same,
)
from demo.camera.faults import LoginFaults
from demo.camera.lockout import Lockout
from demo.camera.nonces import Nonces


@dataclass(frozen=True)
class Attempt:
    """A request as the door sees it: `target` is path and query, as on the request line."""

    method: str
    target: str
    authorization: str | None
    address: str

    @property
    def cgi(self) -> str:
        return urlsplit(self.target).path.rpartition("/")[2]


class Verdict(Enum):
    ACCEPTED = auto()
    CHALLENGED = auto()
    """It brought no credentials, or none of the kind that is asked for."""
    STALE = auto()
    """Right, but for a nonce that is no longer good, or whose count did not rise."""
    SPENT = auto()
    """Right, but for a nonce that was used before; the camera does not say so, and counts it as nothing."""
    NOT_ALLOWED = auto()
    """Right, of a user who may not do this; counts as nothing."""
    REFUSED = auto()
    """Wrong: counts towards a lock-out."""
    LOCKED_OUT = auto()
    """Right or wrong, it came during a lock-out."""


class Logins:
    """The camera's door; `account`, `realm` and `lockout.policy` may be changed under way."""

    def __init__(self, account: Account, realm: str, clock: Callable[[], float]) -> None:
        self.account = account
        self.others: list[Account] = []
        """Further users."""
        self.realm = realm
        self.lockout = Lockout(clock)
        self.counts: Counter[Verdict] = Counter()
        self.basic_attempts = 0
        """Requests that carried the password in the clear."""
        self._opaque = secrets.token_hex(16)
        # Guards the nonces, the lock-out's records and the counts against the server's threads.
        self._lock = Lock()
        self._nonces = Nonces()

    def judge(self, attempt: Attempt, faults: LoginFaults) -> Verdict:
        """Decide about a request and count it."""
        with self._lock:
            verdict = self._verdict(attempt, faults)
            self._count(verdict, attempt.address)
            return verdict

    def challenges(self, verdict: Verdict, faults: LoginFaults) -> list[str]:
        """Give the WWW-Authenticate headers that go with a request that was not accepted."""
        basic = [WWWAuthenticate("basic", {"realm": self.realm}).to_header()]
        if faults.basic_only:
            return basic
        digests = [self._challenge(verdict, algorithm, faults) for algorithm in faults.algorithms]
        return digests + basic * faults.offers_basic

    @property
    def refused(self) -> int:
        """Logins that failed: wrong ones, and any that came during a lock-out."""
        return self.counts[Verdict.REFUSED] + self.counts[Verdict.LOCKED_OUT]

    def change_password(self, password: str) -> None:
        self.account = replace(self.account, password=password)

    def expire_nonces(self) -> None:
        """Make every nonce handed out so far stale, as time and reboots do."""
        with self._lock:
            self._nonces.expire()

    def _challenge(self, verdict: Verdict, algorithm: Algorithm, faults: LoginFaults) -> str:
        with self._lock:
            fields = {"realm": self.realm, "nonce": self._nonces.issue(), "opaque": self._opaque}
        if faults.qop:
            fields["qop"] = "auth"
        if algorithm is not Algorithm.MD5:
            fields["algorithm"] = algorithm
        if verdict is Verdict.STALE:
            fields["stale"] = "true"
        return WWWAuthenticate("digest", dict(fields)).to_header()

    def _verdict(self, attempt: Attempt, faults: LoginFaults) -> Verdict:
        sent = Authorization.from_header(attempt.authorization)
        # Counted by its first word: what follows may not be UTF-8, and then it is no Authorization to werkzeug.
        self.basic_attempts += (attempt.authorization or "").lower().startswith("basic ")
        if faults.asks_for_no_login:
            return Verdict.ACCEPTED
        if not sent or sent.type not in _schemes(faults):
            return Verdict.CHALLENGED
        if self.lockout.is_locked(attempt.address):
            return Verdict.LOCKED_OUT
        return self._basic(sent) if sent.type == "basic" else self._digest(sent, attempt, faults)

    def _basic(self, sent: Authorization) -> Verdict:
        right_password = same(sent.password or "", self.account.password)
        right = same(sent.username or "", self.account.username) and right_password
        return Verdict.ACCEPTED if right else Verdict.REFUSED

    def _digest(self, sent: Authorization, attempt: Attempt, faults: LoginFaults) -> Verdict:
        try:
            credentials = parse_credentials(sent)
        except MalformedCredentialsError:
            return Verdict.REFUSED
        account = self._account(credentials, attempt.method)
        if account is None or not self._is_for(credentials, attempt, faults):
            return Verdict.REFUSED
        count = self._nonces.count(credentials.nonce) + 1 if credentials.count is None else credentials.count
        if faults.reused_nonce_is_refused and count > 1:
            return Verdict.SPENT
        if not self._nonces.accept(credentials.nonce, count):
            return Verdict.STALE
        if faults.nonce_per_request:
            self._nonces.spend(credentials.nonce)
        return Verdict.ACCEPTED if account.may_call(attempt.cgi) else Verdict.NOT_ALLOWED

    def _account(self, credentials: Credentials, method: str) -> Account | None:
        """Whose login it is."""
        matching = [user for user in (self.account, *self.others) if is_from(credentials, user, method)]
        return matching[0] if matching else None

    def _is_for(self, credentials: Credentials, attempt: Attempt, faults: LoginFaults) -> bool:
        said = (credentials.uri, credentials.realm, credentials.opaque, credentials.qop)
        asked = (attempt.target, self.realm, self._opaque, "auth" if faults.qop else "")
        return said == asked and credentials.algorithm in faults.algorithms

    def _count(self, verdict: Verdict, address: str) -> None:
        self.counts[verdict] += 1
        if verdict in {Verdict.REFUSED, Verdict.LOCKED_OUT}:
            self.lockout.failed(address)
        elif verdict is Verdict.ACCEPTED:
            self.lockout.succeeded(address)


def _schemes(faults: LoginFaults) -> set[str]:
    """What a login may be, in lower case."""
    if faults.basic_only:
        return {"basic"}
    return {"digest", "basic"} if faults.offers_basic else {"digest"}
