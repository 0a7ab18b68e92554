"""One capture: all that is known of it, and what can be done with it."""

import asyncio
import json
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.domain.attributes import text
from board.domain.capture import read_capture
from board.domain.captures import is_capture, is_shown, place
from board.domain.item import Item
from board.domain.steps import Progress, progress
from board.web.forms import new_press_id, queue_of, read_form, see_other, send
from board.web.pages import page, root_of, services_of
from board.web.parameters import camera_in_path, capture_id_in_path, may_be_capture_id

MAX_SAID = 500
"""Characters that `Say` takes."""


async def capture(request: Request) -> Response:
    services, (camera, capture_id) = services_of(request), _asked(request)
    record, forgetting = await asyncio.gather(
        asyncio.to_thread(services.captures.get, camera, capture_id), _forgetting(request, camera)
    )
    if record is None or not is_shown(record):
        if forgetting is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return page(request, "forgotten.html", camera=camera)
    older, newer = await asyncio.to_thread(services.captures.neighbours, camera, capture_id, is_capture)
    shown = read_capture(record, services.now())
    return page(
        request,
        "capture.html",
        capture=shown,
        older=older and place("captures", camera, older),
        newer=newer and place("captures", camera, newer),
        whole=json.dumps(record, indent=2, ensure_ascii=False, default=str),
        can_be_said=is_sayable(text(record.get("said"))),
        press_ids={name: new_press_id() for name in ("say", "forget")},
        forgetting=forgetting,
    )


async def say_again(request: Request) -> Response:
    services, (camera, capture_id) = services_of(request), _asked(request)
    queue_of(request)
    form, record = await read_form(request), await asyncio.to_thread(services.captures.get, camera, capture_id)
    said = text(record.get("said")) if record and is_shown(record) else ""
    if not is_sayable(said):
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no sentence to be said again.")
    identity = await send(request, "Say", camera, form, text=said)
    return see_other(root_of(request) + place("presses", camera, identity) + "?command=Say")


async def forget(request: Request) -> Response:
    camera, capture_id = _asked(request)
    queue_of(request)
    identity = await send(request, "Forget", camera, await read_form(request), capture_id=capture_id)
    return see_other(f"{root_of(request)}{place('captures', camera, capture_id)}?{urlencode({'forget': identity})}")


def is_sayable(said: str) -> bool:
    """As `Say` wants it: one line with a word in it, without control characters."""
    return 0 < len(said) <= MAX_SAID and said.isprintable() and any(map(str.isalnum, said))


async def _forgetting(request: Request, camera: str) -> Progress | None:
    """How far the `Forget` has come that this page was told of; None: of none."""
    asked = request.query_params.get("forget")
    if not asked or not may_be_capture_id(asked):
        return None
    services = services_of(request)
    record: Item | None = await asyncio.to_thread(services.captures.get, camera, asked)
    return progress("Forget", asked.partition("#")[0], record, services.now())


def _asked(request: Request) -> tuple[str, str]:
    """Raises HTTPException."""
    return camera_in_path(request), capture_id_in_path(request)


routes = [
    Route("/captures/{camera}/{capture_id}", capture),
    Route("/captures/{camera}/{capture_id}/say", say_again, methods=["POST"]),
    Route("/captures/{camera}/{capture_id}/forget", forget, methods=["POST"]),
]
