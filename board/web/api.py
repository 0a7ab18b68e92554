"""Records and watches as JSON, for programs."""

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from board.domain.captures import told
from board.web.pages import services_of

DEFAULT_LIMIT, MAX_LIMIT = 20, 100
MAX_CAPTURE_ID = 200


async def captures(request: Request) -> JSONResponse:
    services, query = services_of(request), request.query_params
    limit = _limit(query.get("limit"))
    cameras = [known_camera(request, query["camera"])] if query.get("camera") else services.cameras
    found = await asyncio.to_thread(services.captures.newest, cameras, limit, before_of(request))
    return JSONResponse({"captures": [told(record) for record in found]})


async def watch(request: Request) -> JSONResponse:
    services, camera = services_of(request), known_camera(request, request.path_params["camera"])
    newest, buckets = await asyncio.gather(
        asyncio.to_thread(services.watches.newest, camera), asyncio.to_thread(services.watches.buckets, camera, 1)
    )
    return JSONResponse({"watch": newest, "bucket": next(iter(buckets), None)})


def known_camera(request: Request, name: str) -> str:
    """Raises HTTPException."""
    cameras = services_of(request).cameras
    if name not in cameras:
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            f"The board knows no such camera; it knows {', '.join(cameras)} (CAMERA_NAME, CAMERAS_FILE).",
        )
    return name


def before_of(request: Request) -> str | None:
    """The capture_id before which to begin; what cannot be one is no reason to ask AWS."""
    before = request.query_params.get("before") or None
    if before is not None and len(before) > MAX_CAPTURE_ID:
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "before must be a capture_id, such as 2026-11-22T18:44:00.123Z#6f1c"
        )
    return before


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if text not in map(str, range(1, MAX_LIMIT + 1)):
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"limit must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


routes = [Route("/api/captures", captures), Route("/api/watch/{camera}", watch)]
