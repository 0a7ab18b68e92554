"""Digest access authentication (RFC 7616; RFC 2617 without qop), with a nonce that all threads share."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.request import parse_http_list

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9-]*)(?:\s+(?=[A-Za-z0-9_-]+\s*=)|\s*$)")
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
    qop: bool = True
    """Whether `qop="auth"`; RTSP servers of older cameras ask without."""
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
    offered = _digests([header])
    if not (challenge := _challenge(offered[0])) or not challenge.qop:
        raise _unusual(offered[0])
    return challenge


def strongest_challenge(headers: Sequence[str]) -> Challenge:
    """Of all WWW-Authenticate headers of one RTSP answer: SHA-256 before MD5, each also without qop.

    Raises:
        NotDigest: none of them is a digest challenge with a known algorithm.
    """
    offered = _digests(headers)
    known = [challenge for values in offered if (challenge := _challenge(values))]
    if not known:
        raise _unusual(offered[0])
    return max(known, key=lambda challenge: (_hash_name(challenge.algorithm) == "SHA-256", challenge.qop))


def authorization(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, cnonce: str | None = None
) -> tuple[str, int]:
    """The Authorization header for one request, and its `nc`; `uri` includes the query string."""
    digest = _HASHES[_hash_name(challenge.algorithm)]
    cnonce = cnonce or secrets.token_hex(8)
    uses = challenge.next_count()

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    secret = hashed(credentials.username, challenge.realm, credentials.password)
    once = (f"{uses:08x}", cnonce, "auth") if challenge.qop else ()
    quoted = {
        "username": credentials.username,
        "realm": challenge.realm,
        "nonce": challenge.nonce,
        "uri": uri,
        "response": hashed(secret, challenge.nonce, *once, hashed(method, uri)),
        **({"cnonce": cnonce} if challenge.qop else {}),
        **({"opaque": challenge.opaque} if challenge.opaque is not None else {}),
    }
    plain = {
        **({"qop": "auth", "nc": f"{uses:08x}"} if challenge.qop else {}),
        **({"algorithm": challenge.algorithm} if challenge.algorithm else {}),
    }
    fields = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()] + [
        f"{name}={value}" for name, value in plain.items()
    ]
    return f"Digest {', '.join(fields)}", uses


def _digests(headers: Sequence[str]) -> list[dict[str, str]]:
    """The parameters of every digest challenge; at least one."""
    offered = [challenge for header in headers for challenge in _challenges(header)]
    found = [values for scheme, values in offered if scheme.lower() == "digest"]
    if not found:
        schemes = ", ".join(dict.fromkeys(scheme for scheme, _ in offered))
        raise NotDigest(f"it offers {schemes[:80] or 'no way to log in'} only, not digest")
    return found


def _challenges(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Scheme and parameters, of each challenge in one header."""
    challenge: tuple[str, dict[str, str]] | None = None
    for part in parse_http_list(_LINE_BREAK.sub(" ", header)):
        if scheme := _SCHEME.match(part):
            if challenge:
                yield challenge
            challenge = scheme[1], {}
        if challenge:
            name, value = _parameter(part[scheme.end() :] if scheme else part)
            challenge[1].setdefault(name, value)
    if challenge:
        yield challenge


def _challenge(values: Mapping[str, str]) -> Challenge | None:
    """None where its algorithm or quality of protection is not known here."""
    algorithm, qop = values.get("algorithm"), values.get("qop")
    known = _hash_name(algorithm) in _HASHES and (not qop or "auth" in [name.strip() for name in qop.split(",")])
    if not known or not values.get("nonce"):
        return None
    stale = values.get("stale", "").lower() == "true"
    return Challenge(values.get("realm", ""), values["nonce"], algorithm, values.get("opaque"), stale, qop=bool(qop))


def _hash_name(algorithm: str | None) -> str:
    return (algorithm or "MD5").upper()


def _unusual(values: Mapping[str, str]) -> NotDigest:
    return NotDigest(
        f"its digest challenge is unusual (algorithm {values.get('algorithm')!s:.40}, qop {values.get('qop')!s:.40})"
    )


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().removeprefix('"').removesuffix('"')


def _escaped(value: str) -> str:
    r"""As a quoted string: `"` and `\` behind a backslash, and all of it on one line."""
    return _LINE_BREAK.sub(" ", value).replace("\\", "\\\\").replace('"', '\\"')
