"""The arithmetic of HTTP digest with MD5 and qop=auth (RFC 7616, section 3.4)."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from werkzeug.datastructures import Authorization

_NC = re.compile(r"[0-9A-Fa-f]{8}")


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
    """What a client says in `Authorization: Digest ...`; `nc` as it stands there, eight hexadecimal digits."""

    username: str
    realm: str
    nonce: str
    uri: str
    qop: str
    nc: str
    cnonce: str
    opaque: str
    response: str

    @property
    def count(self) -> int:
        return int(self.nc, 16)


def parse_credentials(sent: Authorization) -> Credentials:
    """Read a digest header.

    Raises:
        MalformedCredentialsError: a field is missing, or the count is not eight hexadecimal digits.
    """
    try:
        credentials = Credentials(**{name: sent.parameters[name] or "" for name in Credentials.__dataclass_fields__})
    except KeyError as error:
        raise MalformedCredentialsError("not a digest answer with qop=auth") from error
    if not _NC.fullmatch(credentials.nc):
        raise MalformedCredentialsError("nc is not eight hexadecimal digits")
    return credentials


def response(credentials: Credentials, account: Account, method: str) -> str:
    """Give the digest that somebody who knows the account's password arrives at, in lower-case hexadecimal."""
    secret = _md5(account.username, credentials.realm, account.password)
    request = _md5(method, credentials.uri)
    return _md5(secret, credentials.nonce, credentials.nc, credentials.cnonce, credentials.qop, request)


def same(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def is_from(credentials: Credentials, account: Account, method: str) -> bool:
    """Tell whether whoever sent this knows the account, in a time that does not depend on how near they came."""
    right_digest = same(credentials.response, response(credentials, account, method))
    return same(credentials.username, account.username) and right_digest


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()
