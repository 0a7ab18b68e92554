"""Records and watches as JSON, for programs."""

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from board.domain.captures import told
from board.web.pages import services_of
from board.web.parameters import before_of, camera_in_path, camera_in_query

DEFAULT_LIMIT, MAX_LIMIT = 20, 100


async def captures(request: Request) -> JSONResponse:
    services, camera = services_of(request), camera_in_query(request)
    limit = _limit(request.query_params.get("limit"))
    cameras = [camera] if camera else services.cameras
    found = await asyncio.to_thread(services.captures.newest, cameras, limit, before_of(request))
    return JSONResponse({"captures": [told(record) for record in found]})


async def watch(request: Request) -> JSONResponse:
    services, camera = services_of(request), camera_in_path(request)
    newest, buckets = await asyncio.gather(
        asyncio.to_thread(services.watches.newest, camera), asyncio.to_thread(services.watches.buckets, camera, 1)
    )
    return JSONResponse({"watch": newest, "bucket": next(iter(buckets), None)})


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if text not in map(str, range(1, MAX_LIMIT + 1)):
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"limit must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


routes = [Route("/api/captures", captures), Route("/api/watch/{camera}", watch)]
