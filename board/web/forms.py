"""What a form sent: what is pressed on a page goes over the queue, under an identity that the page was given."""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from board.aws.queue import Queue
from board.domain.moment import stamp
from board.web.pages import services_of

MAX_FIELDS = 20
BODY_SECONDS = 10.0
_PRESS_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def new_press_id() -> str:
    """For a form, which is rendered with it."""
    return str(uuid4())


async def read_form(request: Request, patience: float = BODY_SECONDS) -> Mapping[str, str]:
    """Its fields; one that comes twice counts as it came last. Raises HTTPException, also after `patience` seconds."""
    try:
        async with asyncio.timeout(patience):
            body = await request.body()
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except TimeoutError as error:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "The form did not come in time.") from error
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from error


def queue_of(request: Request) -> Queue:
    """Raises HTTPException where nothing may be changed."""
    queue = services_of(request).queue
    if queue is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            "Nothing can be pressed, said or forgotten here: the board runs with BOARD_ACTIONS=off.",
        )
    return queue


async def send(request: Request, command: str, camera: str, form: Mapping[str, str], **wished: Any) -> str:
    """Put it on the queue, and its capture_id; the same form sent twice is the same press.

    Raises HTTPException, CloudError.
    """
    services, queue = services_of(request), queue_of(request)
    press_id = form.get("press_id", "")
    if not _PRESS_ID.fullmatch(press_id):
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "The form is too old or broken. Go back, reload the page, try again."
        )
    pressed_at = stamp(services.debouncer.pressed_at(press_id, services.now()))
    await asyncio.to_thread(lambda: queue.send(command, camera, press_id, pressed_at, **wished))
    return f"{pressed_at}#{press_id}"


def see_other(address: str) -> Response:
    """`address` is relative to the page's own: a proxy may have put a prefix before both."""
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": address})
