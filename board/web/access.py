"""Who may look: every request passes here, and none reaches a page without a viewer."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from board.attempts import Attempts
from board.domain.viewers import Person, Screen, Viewer, can_have_link, is_login, is_public
from board.key import signing_key
from board.links import Link, Links
from board.services import Services
from board.sessions import Sessions
from board.settings.board import Auth
from board.web import refusals
from board.web.hosts import asked_of
from board.web.pages import root_of

ACCESS = "board.access"
KEY = "key"
"""The query parameter with a link's secret."""

_SCREEN_COOKIE = "board-screen-"
_MAX_SCREENS = 20


@dataclass(frozen=True)
class Access:
    """`sessions` is None where nobody logs in on the board itself."""

    services: Services
    links: Links
    attempts: Attempts
    sessions: Sessions | None

    @property
    def auth(self) -> Auth:
        return self.services.settings.auth

    def viewer(self, request: Request) -> Viewer | None:
        """Who asks, as far as they may have what they ask for; None: nobody who may."""
        return self._person(request) or self._screen(request)

    def holds(self, screen: Screen) -> bool:
        """Whether its link still does."""
        return self.links.holds(screen.link_id, self.now())

    def now(self) -> datetime:
        return self.services.now()

    def _person(self, request: Request) -> Person | None:
        if self.auth is Auth.NONE:
            return Person()
        if self.sessions is None:
            user = asked_of(request).user
            return Person(user) if user else None
        return Person() if self.sessions.holds(request.cookies.get(self.sessions.cookie)) else None

    def _screen(self, request: Request) -> Screen | None:
        path, camera = request.url.path, request.query_params.get("camera")
        secrets = [*islice(screen_cookies(request.cookies), _MAX_SCREENS), request.query_params.get(KEY)]
        found = (self.links.by_secret(secret, self.now()) for secret in secrets if secret)
        return next((link.screen for link in found if link and link.screen.opens(path, camera)), None)


def make_access(services: Services) -> Access:
    """Makes the signing key at the first start."""
    settings = services.settings
    asks = settings.auth is Auth.PASSWORD and settings.password
    sessions = Sessions(signing_key(settings.folder), asks, services.now) if asks else None
    return Access(services, Links(settings.folder), Attempts(services.monotonic), sessions)


class AccessCheck:
    """Puts the viewer into the scope, or answers what whoever asks can do to become one."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp = self._app
        if scope["type"] == "http":
            request = Request(scope)
            scope[ACCESS] = self._access
            scope["viewer"] = viewer = self._access.viewer(request)
            answer = _answer(self._access, request, viewer) or self._app
        await answer(scope, receive, send)


def _answer(access: Access, request: Request, viewer: Viewer | None) -> Response | None:
    """What is answered in a page's place; None: the page may answer."""
    path, secret = request.url.path, request.query_params.get(KEY)
    if secret and can_have_link(path):
        link = access.links.by_secret(secret, access.now())
        return _let_in(access, request, link) if link and link.screen.page == path else refusals.link_over(request)
    if isinstance(viewer, Person) or is_public(path):
        return None
    if isinstance(viewer, Screen) and request.method in {"GET", "HEAD"}:
        return None
    return _refusal(access, request)


def _refusal(access: Access, request: Request) -> Response | None:
    path = request.url.path
    if access.auth is Auth.PROXY:
        return refusals.not_by_the_proxy(request)
    if is_login(path):
        return None
    if can_have_link(path) and any(screen_cookies(request.cookies)):
        return refusals.link_over(request)
    return refusals.not_logged_in(request)


def _let_in(access: Access, request: Request, link: Link) -> Response:
    """To the same page without the secret: it is to be in no history, bookmark or picture of a screen."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != KEY]
    address = root_of(request) + link.screen.page.removeprefix("/") + (f"?{urlencode(kept)}" if kept else "")
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        f"{_SCREEN_COOKIE}{link.id}",
        request.query_params[KEY],
        # A screen's own clock may be wrong, and `expires` would go by it.
        max_age=math.ceil((link.expires_at - access.now()).total_seconds()),
        secure=asked_of(request).scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


def screen_cookies(cookies: Mapping[str, str]) -> Iterator[str]:
    """The secrets of all links that the browser has followed."""
    return (value for name, value in cookies.items() if name.startswith(_SCREEN_COOKIE))


def access_of(request: Request) -> Access:
    access: Access = request.scope[ACCESS]
    return access


def keep_key(request: Request, address: str) -> str:
    """`address`, one of the board's own, for a player that keeps no cookies and has just given its link's secret."""
    secret = request.query_params.get(KEY)
    if not secret:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({KEY: secret})}"
