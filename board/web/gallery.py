"""The gallery: what was photographed, newest first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.domain.capture import read_capture
from board.domain.captures import Found, is_capture
from board.domain.errors import CloudError, CloudUnavailable
from board.domain.item import Item
from board.domain.moods import MOODS, wears
from board.web.pages import fragment, page, services_of
from board.web.parameters import before_of, camera_in_path, camera_in_query, capture_id_in_path

TILES = 24
"""Whole rows of 2, 3, 4 and 6."""


@dataclass(frozen=True)
class Filter:
    """None: any."""

    camera: str | None
    mood: str | None

    def lets(self, record: Item) -> bool:
        """Whether the gallery shows it."""
        of_camera = self.camera in {None, record["camera"]}
        return is_capture(record) and of_camera and (self.mood is None or wears(record, self.mood))

    @property
    def query(self) -> Mapping[str, str]:
        return {name: value for name, value in vars(self).items() if value}


async def gallery(request: Request) -> Response:
    services, wished = services_of(request), _filter(request)
    before = before_of(request)
    cameras = (wished.camera,) if wished.camera else services.cameras
    trouble: CloudError | None = None
    try:
        found = await asyncio.to_thread(services.captures.search, cameras, TILES, before, is_capture, wished.mood)
    except CloudError as error:
        trouble, found = error, Found([], None)
    now = services.now()
    return page(
        request,
        "gallery.html",
        HTTPStatus.BAD_GATEWAY if trouble else HTTPStatus.OK,
        captures=[read_capture(record, now) for record in found.records],
        wished=wished,
        moods=MOODS,
        before=before,
        older=found.older and f"?{urlencode({**wished.query, 'before': found.older})}",
        newest=f"?{urlencode(wished.query)}" if wished.query else "",
        full=len(found.records) == TILES,
        trouble=trouble and str(trouble),
        passing=isinstance(trouble, CloudUnavailable),
    )


async def tile(request: Request) -> Response:
    """A tile as the gallery has it, for its script; nothing (204) of what the filter leaves out or is gone."""
    services, wished = services_of(request), _filter(request)
    camera, capture_id = camera_in_path(request), capture_id_in_path(request)
    record = services.feed.last_seen(camera, capture_id)
    if record is None:
        record = await asyncio.to_thread(services.captures.get, camera, capture_id)
    if record is None or not wished.lets(record):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    shown = read_capture(record, services.now())
    return fragment("tile.html", capture=shown, root="./", cameras=services.cameras)


def _filter(request: Request) -> Filter:
    """Raises HTTPException."""
    query = request.query_params
    mood = query.get("mood") or None
    if mood is not None and mood not in MOODS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no such mood; there are {', '.join(MOODS)}.")
    return Filter(camera_in_query(request), mood)


routes = [Route("/", gallery), Route("/tiles/{camera}/{capture_id}", tile)]
