"""Server-sent events: what is new, as it happens."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from itertools import count

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from board.domain.events import Kind, Topic
from board.feed import Feed, TooManyViewers
from board.web.api import known_camera
from board.web.pages import services_of

PATIENCE_SECONDS = 10.0
"""Proxies end a connection that is silent for a minute, and a page says after half of one that nothing comes."""
ALIVE = ": alive\n\nevent: alive\ndata: {}\n\n"
"""A comment does not reach the page's script."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def events(request: Request) -> StreamingResponse:
    """`?camera=` (one; else all) and `?kinds=capture,watch` (else both)."""
    services, query = services_of(request), request.query_params
    cameras = [known_camera(request, query["camera"])] if query.get("camera") else services.cameras
    topics = [Topic(kind, camera) for kind in _kinds(query.get("kinds")) for camera in cameras]
    return StreamingResponse(_stream(services.feed, topics), media_type="text/event-stream", headers=_HEADERS)


async def _stream(feed: Feed, topics: list[Topic]) -> AsyncIterator[str]:
    numbers = count(1)
    try:
        async with feed.following(topics) as viewer:
            yield "retry: 2000\n" + ALIVE
            async for event in viewer.events(PATIENCE_SECONDS):
                if event is None:
                    yield ALIVE
                else:
                    data = json.dumps(event.data, ensure_ascii=False)
                    yield f"id: {next(numbers)}\nevent: {event.name}\ndata: {data}\n\n"
    except TooManyViewers:
        yield 'retry: 30000\nevent: trouble\ndata: {"error": "too many screens are open"}\n\n'


def _kinds(text: str | None) -> list[Kind]:
    wanted = text.split(",") if text else [Kind.CAPTURE, Kind.WATCH]
    if not set(wanted) <= {Kind.CAPTURE, Kind.WATCH}:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "kinds must be capture, watch, or both with a comma between")
    return [Kind(kind) for kind in wanted]


routes = [Route("/api/events", events)]
