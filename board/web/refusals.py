"""What those are told who may not look: programs in JSON, people on a page, or by being led to the login."""

import re
from fnmatch import fnmatchcase
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from board.web.errors import told, wants_json
from board.web.hosts import asked_of
from board.web.pages import root_of
from board.web.proxies import USER_HEADERS

_FOR_PLAYERS = "/billboard/*/*"
_PAGE = re.compile(
    r"/|/captures/[^/]+/[^/]+|/(monitor|billboard)/[^/]+|/history(/watch/[^/]+/[^/]+)?|/presses(/[^/]+/[^/]+)?"
)
_MAX_NEXT = 1000
_LINK_OVER = (
    "This link opens nothing any more: it was revoked, its time is over, or it was not copied whole. Whoever runs the "
    "board makes another one with `python -m board link`."
)


def not_logged_in(request: Request) -> Response:
    """To the login, and from there back again; what is no page, and nothing that a browser opens, is told 401."""
    if not (_is_navigation(request) or _is_page(request)):
        return _refused(request, HTTPStatus.UNAUTHORIZED, "Log in, or use the link of a screen.")
    wished = _wished(request)
    query = f"?next={quote(wished, safe='')}" if wished else ""
    return RedirectResponse(f"{root_of(request)}login{query}", HTTPStatus.SEE_OTHER)


def link_over(request: Request) -> Response:
    return _refused(request, HTTPStatus.FORBIDDEN, _LINK_OVER)


def not_by_the_proxy(request: Request) -> Response:
    """Nobody logs in on the board: what is missing is for whoever has set up the proxy."""
    known = asked_of(request)
    if known.trusted:
        words = f"The reverse proxy named no user: it has to send one of the headers {', '.join(USER_HEADERS)}."
        return _refused(request, HTTPStatus.UNAUTHORIZED, words)
    words = (
        f"With BOARD_AUTH=proxy the board is looked at through its reverse proxy alone, and this came from "
        f"{known.peer or 'an unknown address'}. If that is the proxy, name it in BOARD_TRUSTED_PROXIES."
    )
    return _refused(request, HTTPStatus.FORBIDDEN, words)


def _refused(request: Request, status: int, words: str) -> Response:
    if _is_navigation(request):
        return told(request, status, words)
    return JSONResponse({"error": words}, status)


def _is_page(request: Request) -> bool:
    """Whoever asks for it, also curl."""
    # Not `request.url`: there a capture_id would end at its `#`.
    return request.method in {"GET", "HEAD"} and bool(_PAGE.fullmatch(request.scope["path"]))


def _is_navigation(request: Request) -> bool:
    """Whether a browser asks for a page to show it; its scripts and pictures do not say that they take HTML."""
    if request.method not in {"GET", "HEAD"} or wants_json(request):
        return False
    return "text/html" in request.headers.get("accept", "") and not fnmatchcase(request.url.path, _FOR_PLAYERS)


def _wished(request: Request) -> str:
    """The address that was asked for, below the board's root and without a link's secret."""
    path = request.scope["raw_path"].decode("ascii", "replace").removeprefix("/")
    query = urlencode([pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != "key"])
    wished = f"{path}?{query}" if query else path
    return wished if len(wished) <= _MAX_NEXT else ""
