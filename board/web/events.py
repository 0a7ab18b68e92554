"""Server-sent events: what is new, as it happens."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from board.domain.events import Event, Kind, Topic
from board.domain.viewers import Person, Screen, Viewer, trouble_for
from board.feed import Feed, TooManyViewers
from board.web.access import access_of
from board.web.pages import services_of
from board.web.parameters import known_camera

PATIENCE_SECONDS = 10.0
"""Proxies end a connection that is silent for a minute, and a page says after half of one that nothing comes."""
SCREEN_PATIENCE_SECONDS = 2.0
"""So long after a link was revoked its screen may still look."""
ALIVE = ": alive\n\nevent: alive\ndata: {}\n\n"
"""A comment does not reach the page's script."""

_TYPE = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def events(request: Request) -> Response:
    """`?camera=` (one; else all) and `?kinds=capture,watch` (else both); a screen hears of its own camera's watch."""
    services, query, viewer = services_of(request), request.query_params, request.scope["viewer"]
    kinds = _kinds(query.get("kinds"), viewer)
    asked = viewer.camera if isinstance(viewer, Screen) else query.get("camera")
    cameras = [known_camera(request, asked)] if asked else services.cameras
    if request.method == "HEAD":
        # Its body, which nobody would be sent, has no end.
        return Response(media_type=_TYPE, headers=_HEADERS)
    topics = [Topic(kind, camera) for kind in kinds for camera in cameras]
    following = Following(viewer, lambda: not isinstance(viewer, Screen) or access_of(request).holds(viewer))
    return StreamingResponse(_stream(services.feed, topics, following), media_type=_TYPE, headers=_HEADERS)


@dataclass(frozen=True)
class Following:
    """`may_look` is asked again and again: a link may be revoked while its screen looks."""

    viewer: Viewer
    may_look: Callable[[], bool]

    @property
    def patience(self) -> float:
        return PATIENCE_SECONDS if isinstance(self.viewer, Person) else SCREEN_PATIENCE_SECONDS

    def told(self, event: Event) -> Any:
        if event.topic.kind is not Kind.TROUBLE or event.data["error"] is None:
            return event.data
        return {**event.data, "error": trouble_for(self.viewer, event.data["error"])}


async def _stream(feed: Feed, topics: list[Topic], following: Following) -> AsyncIterator[str]:
    numbers = count(1)
    try:
        async with feed.following(topics) as viewer:
            yield "retry: 2000\n" + ALIVE
            async for event in viewer.events(following.patience):
                if not following.may_look():
                    return
                if event is None:
                    yield ALIVE
                else:
                    data = json.dumps(following.told(event), ensure_ascii=False)
                    yield f"id: {next(numbers)}\nevent: {event.name}\ndata: {data}\n\n"
    except TooManyViewers:
        yield 'retry: 30000\nevent: trouble\ndata: {"error": "too many screens are open"}\n\n'


def _kinds(text: str | None, viewer: Viewer) -> list[Kind]:
    allowed = [Kind.WATCH] if isinstance(viewer, Screen) else [Kind.CAPTURE, Kind.WATCH]
    wanted = text.split(",") if text else allowed
    if not set(wanted) <= {Kind.CAPTURE, Kind.WATCH}:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "kinds must be capture, watch, or both with a comma between")
    if not set(wanted) <= set(allowed):
        raise HTTPException(HTTPStatus.FORBIDDEN, "A screen's link shows no captures.")
    return [Kind(kind) for kind in wanted]


routes = [Route("/api/events", events)]
