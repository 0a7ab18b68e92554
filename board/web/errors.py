"""What a page says when there is nothing to show: JSON for programs, a page with what to do for people."""

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from board.domain.errors import CloudError
from board.domain.viewers import trouble_for
from board.web.pages import page
from board.web.policy import secure

_FOR_PROGRAMS = ("/api/", "/photos/", "/clips/")
_WORDS = {
    HTTPStatus.NOT_FOUND: "There is no such page. It may have been forgotten, or its time was over.",
    HTTPStatus.FORBIDDEN: "This is not allowed here.",
    HTTPStatus.TOO_MANY_REQUESTS: "That was too often. Wait a moment.",
}


def wants_json(request: Request) -> bool:
    """Whether a program asks, and no browser that shows a page."""
    return request.url.path.startswith(_FOR_PROGRAMS) or request.url.path.endswith(".json")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls it with nothing else
    words = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    return told(request, error.status_code, words or _WORDS.get(HTTPStatus(error.status_code)) or error.detail)


async def _cloud(request: Request, error: Exception) -> Response:
    words = trouble_for(request.scope.get("viewer"), f"AWS did not answer as it should: {error}")
    return told(request, HTTPStatus.BAD_GATEWAY, words)


async def _broken(request: Request, _error: Exception) -> Response:
    """Starlette gives this answer outside of everything else, and then lets the error go on into the log."""
    answer = told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "The board has a fault; its log says which.")
    secure(answer.headers, request.url.path)
    return answer


def told(request: Request, status: int, words: str) -> Response:
    """An answer that says what is wrong."""
    if wants_json(request):
        return JSONResponse({"error": words}, status)
    return page(request, "error.html", status, title=HTTPStatus(status).phrase, words=words)


HANDLERS: dict[Any, Any] = {HTTPException: _http, CloudError: _cloud, Exception: _broken}
