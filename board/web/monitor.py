"""The comfort monitor: how far the faces of each section are turned to the stage, on a screen of its own."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from board.domain.errors import CloudError
from board.domain.monitor import Monitor, State
from board.domain.viewers import Screen, trouble_for
from board.web.clock import HEADER, board_time
from board.web.monitor_cache import MonitorCache
from board.web.pages import page
from board.web.parameters import camera_in_path

_NO_STORE = {"Cache-Control": "no-store"}


async def monitor(request: Request) -> HTMLResponse:
    camera, viewer = camera_in_path(request), request.scope["viewer"]
    try:
        shown, status, trouble = (await _cache(request).newest(camera)).monitor, HTTPStatus.OK, ""
    except CloudError as error:
        shown, status, trouble = Monitor(State.UNKNOWN), HTTPStatus.BAD_GATEWAY, trouble_for(viewer, str(error))
    answer = page(
        request,
        "monitor.html",
        status,
        camera=camera,
        monitor=shown,
        trouble=trouble,
        now=board_time(request),
        screen=isinstance(viewer, Screen),
    )
    answer.headers.update(_NO_STORE)
    return answer


async def tiles(request: Request) -> HTMLResponse:
    """The part that changes."""
    cached = await _cache(request).newest(camera_in_path(request))
    return HTMLResponse(cached.body, headers={HEADER: str(board_time(request)), **_NO_STORE})


def _cache(request: Request) -> MonitorCache:
    cache: MonitorCache = request.state.monitor_cache
    return cache


routes = [Route("/monitor/{camera}", monitor), Route("/monitor/{camera}/tiles", tiles)]
