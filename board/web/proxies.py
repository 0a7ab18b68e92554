"""How a browser asked, as far as that can be known: what a reverse proxy says counts only where it is trusted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from board.settings.board import Network

USER_HEADERS = ("Remote-User", "X-Forwarded-User", "X-Remote-User-Name")
"""Of Authelia and others, of oauth2-proxy, and of Home Assistant's ingress."""
MAX_USER = 100


@dataclass(frozen=True)
class Asked:
    """`host` is as in the browser's address, perhaps with a port; `address` is the browser's own.

    `scheme` is None where nobody who is trusted has told it. `peer` is who is connected.
    """

    host: str
    scheme: str | None
    address: str
    peer: str
    trusted: bool
    user: str | None


def asked(scope: Scope, trusted_proxies: Sequence[Network]) -> Asked:
    """What is known of the request in `scope`."""
    headers = Headers(scope=scope)
    peer = scope["client"][0] if scope.get("client") else ""
    host = headers.get("host", "")
    if not is_trusted(peer, trusted_proxies):
        return Asked(host, None, peer, peer, trusted=False, user=None)
    forwarded = _list(headers, "x-forwarded-for")
    return Asked(
        host=_last(headers, "x-forwarded-host") or host,
        scheme=_last(headers, "x-forwarded-proto") or None,
        address=_browser(peer, forwarded, trusted_proxies),
        peer=peer,
        trusted=True,
        user=_user(headers),
    )


def is_trusted(address: str, networks: Iterable[Network]) -> bool:
    found = parsed(address)
    return found is not None and any(found in network for network in networks)


def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Also one in brackets. An IPv4 address that came in over an IPv6 socket is an IPv4 address."""
    if address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _browser(peer: str, forwarded: Sequence[str], trusted_proxies: Sequence[Network]) -> str:
    """Each proxy has added whom it was asked by; what stands before the first one that is not trusted is hearsay."""
    address = peer
    for hop in reversed(forwarded):
        found = parsed(hop) or parsed(hop.rpartition(":")[0])
        if found is None or not is_trusted(address, trusted_proxies):
            break
        address = str(found)
    return address


def _user(headers: Headers) -> str | None:
    for name in USER_HEADERS:
        # Home Assistant sends UTF-8, and Starlette reads every header as Latin-1.
        told = headers.get(name, "").encode("latin-1").decode("utf-8", "replace").strip()
        if told:
            return "".join(filter(str.isprintable, told))[:MAX_USER] or None
    return None


def _list(headers: Headers, name: str) -> list[str]:
    return [part.strip() for value in headers.getlist(name) for part in value.split(",") if part.strip()]


def _last(headers: Headers, name: str) -> str:
    """The nearest proxy's own word; what stands before it came from further away."""
    told = _list(headers, name)
    return told[-1].lower() if told else ""
