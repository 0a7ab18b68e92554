"""The arithmetic of digest logins: MD5 or SHA-256, with qop=auth (RFC 7616, 3.4) or without (RFC 2617, 3.2.2.1)."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum

from werkzeug.datastructures import Authorization

_NC = re.compile(r"[0-9A-Fa-f]{8}")


class Algorithm(StrEnum):
    MD5 = "MD5"
    SHA_256 = "SHA-256"


_HASHES = {Algorithm.MD5: hashlib.md5, Algorithm.SHA_256: hashlib.sha256}
_WITH_QOP = ("qop", "nc", "cnonce")


class MalformedCredentialsError(ValueError):
    """An Authorization header that no digest client sends."""


@dataclass(frozen=True)
class Account:
    """`rights` are the CGI that the user may call, such as `snapshot.cgi`; None is all of them."""

    username: str
    password: str = field(repr=False)
    rights: frozenset[str] | None = None

    def may_call(self, cgi: str) -> bool:
        return self.rights is None or cgi in self.rights


@dataclass(frozen=True)
class Credentials:
    """What a client says in `Authorization: Digest ...`; `nc` as it stands there, eight hexadecimal digits.

    Without qop, `qop`, `nc` and `cnonce` are empty.
    """

    username: str
    realm: str
    nonce: str
    uri: str
    qop: str
    nc: str
    cnonce: str
    opaque: str
    response: str
    algorithm: str = Algorithm.MD5

    @property
    def count(self) -> int | None:
        return int(self.nc, 16) if self.qop else None


def parse_credentials(sent: Authorization) -> Credentials:
    """Read a digest header.

    Raises:
        MalformedCredentialsError: a field is missing, the count is not eight hexadecimal digits, or the algorithm is
            unknown.
    """
    said: dict[str, str | None] = {"algorithm": Algorithm.MD5, **sent.parameters}
    if not any(name in said for name in _WITH_QOP):
        said |= dict.fromkeys(_WITH_QOP, "")
    try:
        credentials = Credentials(**{name: said[name] or "" for name in Credentials.__dataclass_fields__})
    except KeyError as error:
        raise MalformedCredentialsError("not a digest answer") from error
    if credentials.qop and not _NC.fullmatch(credentials.nc):
        raise MalformedCredentialsError("nc is not eight hexadecimal digits")
    if credentials.algorithm not in set(Algorithm):
        raise MalformedCredentialsError("an algorithm that nobody offered")
    return credentials


def response(credentials: Credentials, account: Account, method: str) -> str:
    """Give the digest that somebody who knows the account's password arrives at, in lower-case hexadecimal."""
    algorithm = Algorithm(credentials.algorithm)
    secret = _hash(algorithm, account.username, credentials.realm, account.password)
    request = _hash(algorithm, method, credentials.uri)
    counted = (credentials.nc, credentials.cnonce, credentials.qop) if credentials.qop else ()
    return _hash(algorithm, secret, credentials.nonce, *counted, request)


def same(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def is_from(credentials: Credentials, account: Account, method: str) -> bool:
    """Tell whether whoever sent this knows the account, in a time that does not depend on how near they came."""
    right_digest = same(credentials.response, response(credentials, account, method))
    return same(credentials.username, account.username) and right_digest


def _hash(algorithm: Algorithm, *parts: str) -> str:
    return _HASHES[algorithm](":".join(parts).encode(), usedforsecurity=False).hexdigest()
