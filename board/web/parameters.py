"""What an address asks for: cameras that the board knows, and where a list begins."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from board.web.pages import services_of

MAX_CAPTURE_ID = 200


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


def camera_in_query(request: Request) -> str | None:
    """None: all of them. Raises HTTPException."""
    name = request.query_params.get("camera")
    return known_camera(request, name) if name else None


def before_of(request: Request) -> str | None:
    """The capture_id before which to begin; what cannot be one is no reason to ask AWS. Raises HTTPException."""
    before = request.query_params.get("before") or None
    if before is not None and len(before) > MAX_CAPTURE_ID:
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "before must be a capture_id, such as 2026-11-22T18:44:00.123Z#6f1c"
        )
    return before
