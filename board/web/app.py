"""The board as an ASGI application: which pages there are, and what every request passes first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypedDict

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute

from board.billboards import Billboards
from board.history import History
from board.playlist_file import PlaylistFile
from board.services import Services
from board.web import (
    api,
    billboard,
    capture,
    downloads,
    events,
    gallery,
    health,
    history,
    login,
    media,
    monitor,
    presses,
    static,
)
from board.web.access import AccessCheck, make_access
from board.web.errors import HANDLERS
from board.web.hosts import HostCheck
from board.web.monitor_cache import MonitorCache
from board.web.origins import OriginCheck
from board.web.policy import SecurityHeaders

ROUTES: Sequence[BaseRoute] = [
    *gallery.routes,
    *capture.routes,
    *media.routes,
    *monitor.routes,
    *billboard.routes,
    *history.routes,
    *downloads.routes,
    *presses.routes,
    *api.routes,
    *events.routes,
    *login.routes,
    *health.routes,
    *static.routes,
]


MAX_BODY_BYTES = 64_000
"""Of a request: a form with a sentence in it is far smaller."""


class State(TypedDict):
    """What handlers find in `request.state`."""

    services: Services
    monitor_cache: MonitorCache
    history: History
    billboards: Billboards | None
    media_threads: CapacityLimiter


def make_app(services: Services) -> Starlette:
    """Polls only between its start and its end, as ASGI's lifespan has them. Raises SettingsError."""
    file = services.settings.billboard_file
    billboards = Billboards(PlaylistFile(file), services) if file else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        past = History(services.captures.table, services.cameras, services.now, services.monotonic)
        readers = [
            asyncio.create_task(services.feed.run(), name="feed"),
            asyncio.create_task(past.refresher.run(), name="history"),
        ]
        try:
            yield {
                "services": services,
                "monitor_cache": MonitorCache(services),
                "history": past,
                "billboards": billboards,
                "media_threads": CapacityLimiter(media.MOST_WAITING),
            }
        finally:
            for reader in readers:
                reader.cancel()
            for reader in readers:
                with suppress(asyncio.CancelledError):
                    await reader

    app = Starlette(routes=ROUTES, middleware=_middleware(services), exception_handlers=HANDLERS, lifespan=lifespan)
    # It would redirect to an address with a host, and that may be the proxy's inner one.
    app.router.redirect_slashes = False
    return app


def _middleware(services: Services) -> list[Middleware]:
    """The first one sees a request first, and its answer last."""
    return [
        Middleware(SecurityHeaders),
        Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES),
        Middleware(HostCheck, services.settings),
        Middleware(OriginCheck),
        Middleware(AccessCheck, make_access(services)),
    ]
