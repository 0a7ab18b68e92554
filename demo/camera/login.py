"""Who may in: nonces, the password, and the lock-out of an address that got it wrong too often."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from threading import Lock
from urllib.parse import urlsplit

from werkzeug.datastructures import Authorization, WWWAuthenticate

from demo.camera.digest import Account, Credentials, MalformedCredentialsError, is_from, parse_credentials, same
from demo.camera.faults import Faults


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


@dataclass(frozen=True)
class LockoutPolicy:
    """The factory setting of most cameras."""

    enabled: bool = True
    attempts: int = 5
    seconds: float = 1800.0


@dataclass
class _Record:
    failures: int = 0
    locked_until: float = float("-inf")


@dataclass
class Lockout:
    """Remembers, per source address, failures in a row; anything tried while locked starts the time anew."""

    clock: Callable[[], float]
    policy: LockoutPolicy = field(default_factory=LockoutPolicy)
    _records: dict[str, _Record] = field(default_factory=dict)

    def is_locked(self, address: str) -> bool:
        record = self._records.get(address, _Record())
        return self.policy.enabled and self.clock() < record.locked_until

    def failed(self, address: str) -> None:
        record = self._records.setdefault(address, _Record())
        record.failures += 1
        if self.is_locked(address) or record.failures >= self.policy.attempts:
            self._records[address] = _Record(locked_until=self.clock() + self.policy.seconds)

    def succeeded(self, address: str) -> None:
        self._records.pop(address, None)


class Nonces:
    """The nonces in force and the highest count seen of each."""

    def __init__(self, at_most: int = 1024) -> None:
        self._counts: dict[str, int] = {}
        self._at_most = at_most

    def issue(self) -> str:
        while len(self._counts) >= self._at_most:
            del self._counts[next(iter(self._counts))]
        nonce = secrets.token_hex(16)
        self._counts[nonce] = 0
        return nonce

    def accept(self, nonce: str, count: int) -> bool:
        """Tell whether the nonce is in force and its count has risen, and remember the count."""
        risen = nonce in self._counts and count > self._counts[nonce]
        if risen:
            self._counts[nonce] = count
        return risen

    def spend(self, nonce: str) -> None:
        self._counts.pop(nonce, None)

    def expire(self) -> None:
        self._counts.clear()


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

    def judge(self, attempt: Attempt, faults: Faults) -> Verdict:
        """Decide about a request and count it."""
        with self._lock:
            verdict = self._verdict(attempt, faults)
            self._count(verdict, attempt.address)
            return verdict

    def challenge(self, verdict: Verdict, faults: Faults) -> str:
        """Give the WWW-Authenticate header that goes with a request that was not accepted."""
        if faults.basic_only:
            return WWWAuthenticate("basic", {"realm": self.realm}).to_header()
        with self._lock:
            nonce = self._nonces.issue()
        fields: dict[str, str | None] = {"realm": self.realm, "qop": "auth", "nonce": nonce, "opaque": self._opaque}
        if verdict is Verdict.STALE:
            fields["stale"] = "true"
        return WWWAuthenticate("digest", fields).to_header()

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

    def _verdict(self, attempt: Attempt, faults: Faults) -> Verdict:
        sent = Authorization.from_header(attempt.authorization)
        # Counted by its first word: what follows may not be UTF-8, and then it is no Authorization to werkzeug.
        self.basic_attempts += (attempt.authorization or "").lower().startswith("basic ")
        if faults.asks_for_no_login:
            return Verdict.ACCEPTED
        if not sent or sent.type != ("basic" if faults.basic_only else "digest"):
            return Verdict.CHALLENGED
        if self.lockout.is_locked(attempt.address):
            return Verdict.LOCKED_OUT
        return self._basic(sent) if faults.basic_only else self._digest(sent, attempt, faults)

    def _basic(self, sent: Authorization) -> Verdict:
        right_password = same(sent.password or "", self.account.password)
        right = same(sent.username or "", self.account.username) and right_password
        return Verdict.ACCEPTED if right else Verdict.REFUSED

    def _digest(self, sent: Authorization, attempt: Attempt, faults: Faults) -> Verdict:
        try:
            credentials = parse_credentials(sent)
        except MalformedCredentialsError:
            return Verdict.REFUSED
        account = self._account(credentials, attempt.method)
        if account is None or not self._is_for(credentials, attempt):
            return Verdict.REFUSED
        if faults.reused_nonce_is_refused and credentials.count > 1:
            return Verdict.SPENT
        if not self._nonces.accept(credentials.nonce, credentials.count):
            return Verdict.STALE
        if faults.nonce_per_request:
            self._nonces.spend(credentials.nonce)
        return Verdict.ACCEPTED if account.may_call(attempt.cgi) else Verdict.NOT_ALLOWED

    def _account(self, credentials: Credentials, method: str) -> Account | None:
        """Whose login it is."""
        matching = [user for user in (self.account, *self.others) if is_from(credentials, user, method)]
        return matching[0] if matching else None

    def _is_for(self, credentials: Credentials, attempt: Attempt) -> bool:
        said = (credentials.uri, credentials.realm, credentials.opaque, credentials.qop)
        return said == (attempt.target, self.realm, self._opaque, "auth")

    def _count(self, verdict: Verdict, address: str) -> None:
        self.counts[verdict] += 1
        if verdict in {Verdict.REFUSED, Verdict.LOCKED_OUT}:
            self.lockout.failed(address)
        elif verdict is Verdict.ACCEPTED:
            self.lockout.succeeded(address)
