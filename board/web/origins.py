"""Changes come from the board's own pages, or from no browser at all."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from board.web.errors import told
from board.web.hosts import asked_of
from board.web.proxies import Asked

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WORDS = (
    "The board takes this only from its own pages, and the browser says that it came from another. Behind a reverse "
    "proxy, let it pass the Host header on, or send X-Forwarded-Host and name its address in BOARD_TRUSTED_PROXIES."
)


def comes_from_elsewhere(headers: Headers, known: Asked) -> bool:
    """As Go's CrossOriginProtection decides: by Sec-Fetch-Site where there is one, else by Origin.

    A request with neither is no browser's. Browsers send Sec-Fetch-Site over TLS and to localhost alone.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and not _is_own(origin, known)


def _is_own(origin: str, known: Asked) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # Where nobody has told the scheme, a proxy that nobody named may have taken the TLS off.
    schemes = {known.scheme} if known.scheme else {"http", "https"}
    return parts.scheme in schemes and parts.netloc.lower() == known.host.lower()


class OriginCheck:
    """Answers 403 to a change that a page from elsewhere made a browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            request = Request(scope)
            if comes_from_elsewhere(request.headers, asked_of(request)):
                await told(request, HTTPStatus.FORBIDDEN, _WORDS)(scope, receive, send)
                return
        await self._app(scope, receive, send)
