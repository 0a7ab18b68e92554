"""Pressing on a screen, and what becomes of it, step by step."""

import asyncio
import re
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.domain.attributes import text
from board.domain.capture import Capture, read_capture
from board.domain.captures import TAKE_PICTURE, is_shown, place
from board.domain.steps import Progress, progress
from board.web.forms import new_press_id, queue_of, read_form, see_other, send
from board.web.pages import fragment, page, root_of, services_of
from board.web.parameters import camera_in_path, known_camera

NEWEST = 15

_CAPTURE_ID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[A-Za-z0-9-]{1,64}")
_COMMANDS = {"TakePicture", "RecordVideo", "Say", "StartWatching", "StopWatching", "Forget"}


async def presses(request: Request) -> Response:
    queue_of(request)
    return page(request, "presses.html", press_ids=_press_ids(request), newest=await _newest(request), chosen=None)


async def press(request: Request) -> Response:
    queue_of(request)
    form = await read_form(request)
    camera = known_camera(request, form.get("camera", ""))
    identity = await send(request, TAKE_PICTURE, camera, form)
    return see_other(root_of(request) + place("presses", camera, identity))


async def one(request: Request) -> Response:
    """A page that reloads itself until the press is over, where no script does it better."""
    queue_of(request)
    camera, capture_id = _asked(request)
    made, newest = await asyncio.gather(_progress(request, camera, capture_id), _newest(request))
    return page(
        request,
        "presses.html",
        press_ids=_press_ids(request),
        newest=newest,
        chosen=camera,
        capture_id=capture_id,
        progress=made,
        command=_command(request),
        address=place("captures", camera, capture_id),
    )


async def steps(request: Request) -> Response:
    queue_of(request)
    camera, capture_id = _asked(request)
    made = await _progress(request, camera, capture_id)
    return fragment("steps.html", progress=made, chosen=camera, capture_id=capture_id, root="../../")


async def newest(request: Request) -> Response:
    queue_of(request)
    depth = request.query_params.get("root", "")
    root = depth if depth in {"./", "../../"} else "./"
    return fragment("newest.html", newest=await _newest(request), cameras=services_of(request).cameras, root=root)


async def _progress(request: Request, camera: str, capture_id: str) -> Progress:
    services = services_of(request)
    record = services.feed.last_seen(camera, capture_id)
    if record is None:
        record = await asyncio.to_thread(services.captures.get, camera, capture_id)
    command = text(record.get("command"), 40) or TAKE_PICTURE if record else _command(request)
    return progress(command, capture_id.partition("#")[0], record, services.now())


async def _newest(request: Request) -> list[Capture]:
    services = services_of(request)
    found = await asyncio.to_thread(services.captures.search, services.cameras, NEWEST, None, is_shown)
    return [read_capture(record, services.now()) for record in found.records]


def _press_ids(request: Request) -> dict[str, str]:
    return {camera: new_press_id() for camera in services_of(request).cameras}


def _command(request: Request) -> str:
    """What was sent, as long as no record says it."""
    asked = request.query_params.get("command", TAKE_PICTURE)
    return asked if asked in _COMMANDS else TAKE_PICTURE


def _asked(request: Request) -> tuple[str, str]:
    """Raises HTTPException."""
    capture_id: str = request.path_params["capture_id"]
    if not _CAPTURE_ID.fullmatch(capture_id):
        raise HTTPException(HTTPStatus.NOT_FOUND, "That is no press.")
    return camera_in_path(request), capture_id


routes = [
    Route("/presses", presses, methods=["GET"]),
    Route("/presses", press, methods=["POST"]),
    Route("/presses/newest", newest),
    Route("/presses/{camera}/{capture_id}", one),
    Route("/presses/{camera}/{capture_id}/steps", steps),
]
