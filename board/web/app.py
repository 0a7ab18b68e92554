"""The board as an ASGI application: which pages there are, and what every request passes first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypedDict

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from board.services import Services
from board.web import api, billboard, capture, events, gallery, health, history, media, monitor, presses, static
from board.web.errors import HANDLERS
from board.web.monitors import Monitors

ROUTES: Sequence[BaseRoute] = [
    *gallery.routes,
    *capture.routes,
    *media.routes,
    *monitor.routes,
    *billboard.routes,
    *history.routes,
    *presses.routes,
    *api.routes,
    *events.routes,
    *health.routes,
    *static.routes,
]


class State(TypedDict):
    """What handlers find in `request.state`."""

    services: Services
    monitors: Monitors


def make_app(services: Services) -> Starlette:
    """Polls only between its start and its end, as ASGI's lifespan has them."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        poller = asyncio.create_task(services.feed.run(), name="feed")
        try:
            yield {"services": services, "monitors": Monitors(services)}
        finally:
            poller.cancel()
            with suppress(asyncio.CancelledError):
                await poller

    return Starlette(routes=ROUTES, middleware=_middleware(services), exception_handlers=HANDLERS, lifespan=lifespan)


def _middleware(_services: Services) -> list[Middleware]:
    return []
