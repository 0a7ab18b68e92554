"""Logging in with the board's password, and out again."""

import math
import re
from datetime import timedelta
from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from board.attempts import household
from board.domain.viewers import Person
from board.sessions import KNOWN_FOR, LIFETIME, Sessions
from board.settings.board import Auth
from board.web.access import access_of
from board.web.forms import read_form
from board.web.hosts import asked_of
from board.web.pages import page

log = structlog.get_logger(__name__)

_WRONG = "That is not the board's password. It is what whoever runs the board has set as BOARD_PASSWORD."
_OWN_PAGE = re.compile(r"[A-Za-z0-9_~%-][A-Za-z0-9._~%/?&=:+,@-]{0,1000}")


async def login(request: Request) -> Response:
    sessions = _sessions(request)
    wished = own_page(request.query_params.get("next", ""))
    if sessions is None or isinstance(request.scope["viewer"], Person):
        return RedirectResponse(f"./{wished}", HTTPStatus.SEE_OTHER)
    return page(request, "login.html", wished=wished, error=None)


async def log_in(request: Request) -> Response:
    sessions = _sessions(request)
    if sessions is None:
        return RedirectResponse("./", HTTPStatus.SEE_OTHER)
    form = await read_form(request)
    wished = own_page(form.get("next", ""))
    attempts = access_of(request).attempts
    known = sessions.known(request.cookies.get(sessions.known_cookie))
    who, stranger = known or household(asked_of(request).address), known is None
    wait = math.ceil(attempts.wait(who, stranger=stranger))
    if wait:
        return _too_often(request, wait, wished)
    if not sessions.accepts(form.get("password", "")):
        attempts.failed(who, stranger=stranger)
        log.warning("a wrong password was given", action="login_refused", address=asked_of(request).address)
        return page(request, "login.html", HTTPStatus.UNAUTHORIZED, wished=wished, error=_WRONG)
    return _begun(request, sessions, wished)


async def log_out(request: Request) -> Response:
    sessions = _sessions(request)
    answer = RedirectResponse("./login" if sessions else "./", HTTPStatus.SEE_OTHER)
    if sessions:
        answer.delete_cookie(sessions.cookie, httponly=True, samesite="lax")
    return answer


def _too_often(request: Request, wait: int, wished: str) -> Response:
    error = f"Too many wrong passwords. Wait {_spoken(wait)}, and try again."
    answer = page(request, "login.html", HTTPStatus.TOO_MANY_REQUESTS, wished=wished, error=error)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _begun(request: Request, sessions: Sessions, wished: str) -> Response:
    answer = RedirectResponse(f"./{wished}", HTTPStatus.SEE_OTHER)
    _set(request, answer, sessions.cookie, sessions.begin(), LIFETIME)
    remembered = sessions.remember(request.cookies.get(sessions.known_cookie))
    _set(request, answer, sessions.known_cookie, remembered, KNOWN_FOR)
    return answer


def own_page(wished: str) -> str:
    """`wished` if it is an address below the board's root, else the root's, which is empty.

    It is put behind `./`, so that a colon or a host in it is nothing but a part of a path.
    """
    path = wished.partition("?")[0]
    if not _OWN_PAGE.fullmatch(wished) or "//" in path or ".." in path or path == "login":
        return ""
    return wished


def _sessions(request: Request) -> Sessions | None:
    """None where everybody may look. Raises HTTPException where the proxy asks for the password."""
    access = access_of(request)
    if access.auth is Auth.PROXY:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Nobody logs in here: the reverse proxy says who looks.")
    return access.sessions


def _set(request: Request, answer: Response, name: str, value: str, lifetime: timedelta) -> None:
    # For the whole host: the board does not know under which prefix a proxy shows it.
    answer.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        secure=asked_of(request).scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _spoken(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{math.ceil(seconds / 60)} minutes"  # noqa: PLR2004


routes = [
    Route("/login", login, methods=["GET"]),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
]
