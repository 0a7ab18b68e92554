"""The billboard: content that follows the mood, on a screen of its own, or by way of a player that exists."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from board.billboards import Billboards, Current
from board.domain.playlist import Item, Kind, Playlist
from board.domain.viewers import Screen
from board.settings.billboard import content_type
from board.web.access import keep_key
from board.web.api import known_camera
from board.web.pages import page, root_of, services_of
from board.web.policy import allow_frames

NO_FILE = "There is no billboard: set BILLBOARD_FILE to a file that says what to show, as docs/board.md has it."

KEPT_SECONDS = 3600
"""Files are kept by browsers for so long, asked for or not: a billboard goes on without the network."""


async def billboard(request: Request) -> Response:
    camera = known_camera(request, request.path_params["camera"])
    boards = services_of(request).billboards
    if boards is None:
        return page(request, "billboard_missing.html", HTTPStatus.NOT_FOUND, words=NO_FILE)
    current = await boards.current(camera)
    answer = page(
        request,
        "billboard.html",
        camera=camera,
        item=item_json(camera, current.turn.item),
        framed=current.turn.item.kind is Kind.URL,
        screen=isinstance(request.scope["viewer"], Screen),
    )
    allow_frames(answer, {item.source for item in current.playlist.items if item.kind is Kind.URL})
    return answer


async def current_json(request: Request) -> Response:
    """What is on; the same answer until something changes, by its ETag."""
    camera, current = await _current(request)
    return _tagged(request, current_body(camera, current))


async def playlist_json(request: Request) -> Response:
    """All that may come, for a page that is to go on without the board; the same."""
    camera, current = await _current(request)
    return _tagged(request, playlist_body(camera, current.playlist))


async def redirect(request: Request) -> Response:
    """To the file or the address that is on."""
    camera, current = await _current(request)
    item = current.turn.item
    address = item.source if item.kind is Kind.URL else keep_key(request, root_of(request) + src(camera, item))
    return RedirectResponse(address, HTTPStatus.FOUND, headers={"Cache-Control": "no-store"})


async def file(request: Request) -> Response:
    """Of those that the playlist names."""
    known_camera(request, request.path_params["camera"])
    boards, name = _boards(request), request.path_params["name"]
    if not any(item.source == name and item.kind is not Kind.URL for item in boards.playlist.items):
        raise HTTPException(HTTPStatus.NOT_FOUND, "The billboard shows no such file.")
    path = boards.file.resolve().parent / name
    if not path.is_file():
        raise HTTPException(HTTPStatus.NOT_FOUND, f"The billboard's file {name} is gone.")
    kept = {"Cache-Control": f"private, max-age={KEPT_SECONDS}"}
    return FileResponse(path, media_type=content_type(name), headers=kept)


def src(camera: str, item: Item) -> str:
    """Its address, relative to the board's root where it is a file."""
    if item.kind is Kind.URL:
        return item.source
    return f"billboard/{quote(camera, safe='')}/files/{quote(item.source)}"


def item_json(camera: str, item: Item) -> Mapping[str, Any]:
    return {"kind": item.kind.value, "src": src(camera, item), "seconds": item.seconds}


def current_body(camera: str, current: Current) -> Mapping[str, Any]:
    return {
        "mood": current.showing.mood,
        "item": item_json(camera, current.turn.item),
        "since": _iso(current.showing.since),
        "next_change_at": _iso(current.turn.ends),
    }


def playlist_body(camera: str, playlist: Playlist) -> Mapping[str, Any]:
    moods = {name: [item_json(camera, item) for item in mood.turns] for name, mood in playlist.moods.items()}
    return {"default": playlist.default, "moods": moods}


async def _current(request: Request) -> tuple[str, Current]:
    """Raises HTTPException."""
    camera = known_camera(request, request.path_params["camera"])
    return camera, await _boards(request).current(camera)


def _boards(request: Request) -> Billboards:
    """Raises HTTPException."""
    boards = services_of(request).billboards
    if boards is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, NO_FILE)
    return boards


def _tagged(request: Request, body: Mapping[str, Any]) -> Response:
    tag = f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return JSONResponse(body, headers=headers)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


routes = [
    Route("/billboard/{camera}", billboard),
    Route("/billboard/{camera}/current.json", current_json),
    Route("/billboard/{camera}/playlist.json", playlist_json),
    Route("/billboard/{camera}/current", redirect),
    Route("/billboard/{camera}/files/{name:path}", file),
]
