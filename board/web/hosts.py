"""Under which names the board answers: else a stranger's page, once its name is made to lead here, could read it."""

import re
from collections.abc import Collection
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from board.settings import BoardSettings
from board.web.errors import told
from board.web.proxies import Asked, asked, parsed

ASKED = "board.asked"
"""Where in an ASGI scope what is known of the request lies."""

_HOST = re.compile(r"(?P<name>\[[0-9A-Za-z:.%]+\]|[^\s:/@\[\]]+)(:\d*)?")
_SHOWN = 80
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def host_name(host: str) -> str | None:
    """The name in a Host header, such as `board.local` or `fd00::1`; None where there is none."""
    address = parsed(host)
    if address is not None:
        return str(address)
    match = _HOST.fullmatch(host)
    if match is None:
        return None
    name = match["name"].lower().removesuffix(".")
    address = parsed(name)
    return str(address) if address else name


def is_allowed(name: str, allowed: Collection[str], own_name: str) -> bool:
    """Nobody else's name can lead to an address that is written out, nor to this host from itself."""
    if name in _LOOPBACK:
        return True
    if allowed:
        return name in map(host_name, allowed)
    own = own_name.lower()
    short = own.partition(".")[0]
    return parsed(name) is not None or name in {own, short, f"{short}.local"}


class HostCheck:
    """Keeps what is known of the request, and answers 400 to one for a name that is not the board's."""

    def __init__(self, app: ASGIApp, settings: BoardSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[ASKED] = known = asked(scope, self._settings.trusted_proxies)
            name = host_name(known.host)
            if name is None or not is_allowed(name, self._settings.allowed_hosts, self._settings.host_name):
                answer = told(Request(scope), HTTPStatus.BAD_REQUEST, _words(name or known.host))
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def asked_of(request: Request) -> Asked:
    known: Asked = request.scope[ASKED]
    return known


def _words(name: str) -> str:
    shown = "".join(filter(str.isprintable, name))[:_SHOWN] or "no name at all"
    return (
        f"The board does not answer under the name {shown}. If that is its name, whoever runs it adds it to "
        "BOARD_ALLOWED_HOSTS, a comma list of names without port."
    )
