"""HTTP digest access authentication (RFC 7616, `qop="auth"`), with a nonce that all threads share."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.request import parse_http_list

_DIGEST = re.compile(r"\bdigest\s+(.*)", re.IGNORECASE | re.DOTALL)
_LINE_BREAK = re.compile(r"[\r\n]+")
_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class NotDigest(ValueError):
    """The challenge is none that can be answered safely; the text says what the camera offered."""


@dataclass(frozen=True)
class Challenge:
    """A digest challenge; `next_count` yields the rising `nc` of its nonce."""

    realm: str
    nonce: str
    algorithm: str | None
    opaque: str | None
    stale: bool
    next_count: Callable[[], int] = field(default_factory=lambda: count(1).__next__, compare=False)


@dataclass(frozen=True)
class Credentials:
    username: str
    password: str = field(repr=False)


def read_challenge(header: str) -> Challenge:
    """Read a WWW-Authenticate header, also one in which Basic stands beside Digest.

    Raises:
        NotDigest: no digest challenge with `qop=auth` and a known algorithm.
    """
    found = _DIGEST.search(_LINE_BREAK.sub(" ", header))
    if found is None:
        raise NotDigest(f"it offers {header.split(' ', maxsplit=1)[0] or 'no way to log in'} only, not digest")
    values = dict(_parameter(part) for part in parse_http_list(found[1]))
    algorithm = values.get("algorithm")
    offered = [qop.strip() for qop in values.get("qop", "").split(",")]
    if (algorithm or "MD5").upper() not in _HASHES or "auth" not in offered or not values.get("nonce"):
        raise NotDigest(f"its digest challenge is unusual (algorithm {algorithm}, qop {values.get('qop')})")
    stale = values.get("stale", "").lower() == "true"
    return Challenge(values.get("realm", ""), values["nonce"], algorithm, values.get("opaque"), stale)


def authorization(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, cnonce: str | None = None
) -> tuple[str, int]:
    """The Authorization header for one request, and its `nc`; `uri` includes the query string."""
    digest = _HASHES[(challenge.algorithm or "MD5").upper()]
    cnonce = cnonce or secrets.token_hex(8)
    uses = challenge.next_count()

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    secret = hashed(credentials.username, challenge.realm, credentials.password)
    response = hashed(secret, challenge.nonce, f"{uses:08x}", cnonce, "auth", hashed(method, uri))
    quoted = {
        "username": credentials.username,
        "realm": challenge.realm,
        "nonce": challenge.nonce,
        "uri": uri,
        "response": response,
        "cnonce": cnonce,
        **({"opaque": challenge.opaque} if challenge.opaque is not None else {}),
    }
    algorithm = {"algorithm": challenge.algorithm} if challenge.algorithm else {}
    plain = {"qop": "auth", "nc": f"{uses:08x}", **algorithm}
    fields = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()] + [
        f"{name}={value}" for name, value in plain.items()
    ]
    return f"Digest {', '.join(fields)}", uses


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().removeprefix('"').removesuffix('"')


def _escaped(value: str) -> str:
    r"""As a quoted string: `"` and `\` behind a backslash, and all of it on one line."""
    return _LINE_BREAK.sub(" ", value).replace("\\", "\\\\").replace('"', '\\"')
