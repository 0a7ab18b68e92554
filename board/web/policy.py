"""What a browser may do with the board's answers: headers on each of them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = "Content-Security-Policy"
_SOURCES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_ALWAYS = {
    CSP: _SOURCES,
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with it browsers send `Origin: null` with the board's own forms (Fetch, "append a request
    # `Origin` header"), and over plain HTTP there is no Sec-Fetch-Site to tell them by.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "screen-wake-lock=(self), fullscreen=(self), camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secure(headers: MutableHeaders, path: str) -> None:
    """Add what an answer has not said by itself."""
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    # What is static is asked for again each time: after an update no browser may go on with the old scripts.
    headers.setdefault("Cache-Control", "no-cache" if path.startswith("/static/") else "no-store")


def allow_frames(response: Response, addresses: Iterable[str]) -> None:
    """Let the page frame the origins of `addresses`, which are whole http or https addresses; others are left out."""
    origins = dict.fromkeys(filter(None, map(_origin, addresses)))
    if origins:
        response.headers[CSP] = f"{_SOURCES}; frame-src {' '.join(origins)}"


def _origin(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not host.isascii():
        return None
    if not all(char.isalnum() or char in ".-:" for char in host):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


class SecurityHeaders:
    """Puts them on every answer, whoever gives it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(raw=message["headers"]), scope["path"])
            await send(message)

        await self._app(scope, receive, send_secured if scope["type"] == "http" else send)
