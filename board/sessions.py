"""Logins: a signed cookie says when somebody gave the password. Nothing of them is kept on the board."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, TimestampSigner

LIFETIME = timedelta(days=30)
KNOWN_FOR = timedelta(days=400)
"""How long a browser is known as one that has logged in; no browser keeps a cookie longer."""


class Sessions:
    """What was signed under another password or another key does not hold."""

    def __init__(self, key: bytes, password: str, now: Callable[[], datetime]) -> None:
        secret = hmac.new(key, password.encode(), hashlib.sha256).digest()
        self._password = hashlib.sha256(password.encode()).digest()
        self._session, self._known = (_Signer(secret, use, now) for use in ("session", "known"))
        # Cookies know no ports: two boards on one host would end each other's logins.
        board = hashlib.sha256(key).hexdigest()[:8]
        self.cookie, self.known_cookie = f"board-{board}", f"board-{board}-known"

    def accepts(self, password: str) -> bool:
        """In a time that tells nothing of the right one."""
        return hmac.compare_digest(hashlib.sha256(password.encode()).digest(), self._password)

    def begin(self) -> str:
        """The value of a cookie that `holds` for `LIFETIME`."""
        return self._session.sign("person").decode()

    def holds(self, cookie: str | None) -> bool:
        return cookie is not None and _read(self._session, cookie, LIFETIME) is not None

    def remember(self, cookie: str | None) -> str:
        """The value of a cookie that makes the browser `known`, under the identity that it had."""
        return self._known.sign(self.known(cookie) or secrets.token_hex(8)).decode()

    def known(self, cookie: str | None) -> str | None:
        """The identity of a browser that has logged in with this password before."""
        return None if cookie is None else _read(self._known, cookie, KNOWN_FOR)


class _Signer(TimestampSigner):
    def __init__(self, secret: bytes, use: str, now: Callable[[], datetime]) -> None:
        super().__init__(secret, salt=use, key_derivation="hmac", digest_method=hashlib.sha256)
        self._now = now

    def get_timestamp(self) -> int:
        return int(self._now().timestamp())


def _read(signer: TimestampSigner, cookie: str, lifetime: timedelta) -> str | None:
    try:
        return signer.unsign(cookie, max_age=int(lifetime.total_seconds())).decode()
    except (BadSignature, ValueError):
        return None
