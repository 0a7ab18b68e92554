"""What an address asks for: cameras that the board knows, and where a list begins."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from board.web.pages import services_of

MAX_KEY_BYTES = 1024
"""Of a sort key in DynamoDB, which refuses a longer one."""


def known_camera(request: Request, name: str) -> str:
    """Raises HTTPException."""
    cameras = services_of(request).cameras
    if name not in cameras:
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            f"The board knows no such camera; it knows {', '.join(cameras)} (CAMERA_NAME, CAMERAS_FILE).",
        )
    return name


def camera_in_path(request: Request) -> str:
    """Raises HTTPException."""
    return known_camera(request, request.path_params["camera"])


def capture_id_in_path(request: Request) -> str:
    """Raises HTTPException."""
    capture_id: str = request.path_params["capture_id"]
    if not may_be_capture_id(capture_id):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return capture_id


def may_be_capture_id(text: str) -> bool:
    """What cannot be one is no reason to ask AWS."""
    return len(text.encode()) <= MAX_KEY_BYTES


def camera_in_query(request: Request) -> str | None:
    """None: all of them. Raises HTTPException."""
    name = request.query_params.get("camera")
    return known_camera(request, name) if name else None


def before_of(request: Request) -> str | None:
    """The capture_id before which to begin. Raises HTTPException."""
    before = request.query_params.get("before") or None
    if before is not None and not may_be_capture_id(before):
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "before must be a capture_id, such as 2026-11-22T18:44:00.123Z#6f1c"
        )
    return before
