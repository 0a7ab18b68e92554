"""The billboard: what the mood of those before a camera calls for, on a screen of its own, and for other players."""

import asyncio
import json
from collections.abc import Iterable
from hashlib import blake2s
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from board.billboards import Billboards
from board.domain.moment import stamp_of
from board.domain.playlist import Item, Kind, Playlist
from board.settings.billboard_content import TYPES
from board.web.access import keep_key
from board.web.clock import HEADER, board_time
from board.web.pages import page, root_of
from board.web.parameters import camera_in_path
from board.web.policy import allow_frames

KEPT = "private, max-age=604800, immutable"
"""Of a file whose version is in its address: a screen has it also while the network is cut."""
_MISSING = (
    "There is no billboard: BILLBOARD_FILE is not set. It names a TOML file with moods, and images, videos and "
    "addresses for each; docs/board.md has an example."
)


async def billboard(request: Request) -> Response:
    camera, billboards = camera_in_path(request), _billboards(request)
    if billboards is None:
        return page(request, "billboard_missing.html", camera=camera)
    current = await billboards.current(camera)
    addresses = [item.source for item in current.playlist.items if item.kind is Kind.URL]
    answer = page(
        request,
        "billboard.html",
        camera=camera,
        item=_told(current.turn.item, camera),
        playlist=_playlist(current.playlist, camera),
        version=current.playlist.version,
    )
    allow_frames(answer, addresses)
    return answer


async def current_json(request: Request) -> Response:
    camera = camera_in_path(request)
    current = await _configured(request).current(camera)
    body = json.dumps(
        {
            "mood": current.showing.mood,
            "item": _told(current.turn.item, camera),
            "since": stamp_of(current.showing.since),
            "next_change_at": stamp_of(current.turn.ends),
        },
        ensure_ascii=False,
    ).encode()
    tag = f'"{blake2s(body, digest_size=8).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        HEADER: str(board_time(request)),
        "Board-Playlist": current.playlist.version,
    }
    if _is_known(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def current(request: Request) -> Response:
    """To the file or the address that is on, for players that show an address."""
    camera = camera_in_path(request)
    item = (await _configured(request).current(camera)).turn.item
    address = item.source if item.kind is Kind.URL else keep_key(request, root_of(request) + _address(item, camera))
    return RedirectResponse(address, HTTPStatus.FOUND, headers={"Cache-Control": "no-store"})


async def file(request: Request) -> Response:
    camera_in_path(request)
    name, billboards = request.path_params["name"], _configured(request)
    item, path = billboards.file.playlist.file(name), await asyncio.to_thread(billboards.file.find, name)
    if item is None or path is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "BILLBOARD_FILE names no such file, or it is gone.")
    stat = await asyncio.to_thread(path.stat)
    answer = FileResponse(path, media_type=TYPES[item.kind][PurePosixPath(name).suffix.lower()], stat_result=stat)
    answer.headers["Cache-Control"] = KEPT if request.query_params.get("v") == item.version else "no-cache"
    if _is_known(request, answer.headers["ETag"]):
        kept = {name: answer.headers[name] for name in ("ETag", "Cache-Control")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
    return answer


def _billboards(request: Request) -> Billboards | None:
    billboards: Billboards | None = request.state.billboards
    return billboards


def _configured(request: Request) -> Billboards:
    """Raises HTTPException."""
    billboards = _billboards(request)
    if billboards is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, _MISSING)
    return billboards


def _playlist(playlist: Playlist, camera: str) -> dict[str, Any]:
    """All that a page needs to go on by itself."""
    return {
        "default": playlist.default,
        "moods": {
            name: {"items": [_told(item, camera) for item in mood.items], "order": mood.order}
            for name, mood in playlist.moods.items()
        },
        "frames": sorted({item.source for item in playlist.items if item.kind is Kind.URL}),
    }


def _told(item: Item, camera: str) -> dict[str, Any]:
    """`src` is relative to the board's root, but for an address."""
    src = item.source if item.kind is Kind.URL else _address(item, camera)
    return {"kind": item.kind.value, "src": src, "seconds": item.seconds}


def _address(item: Item, camera: str) -> str:
    return f"billboard/{camera}/files/{quote(item.source)}?v={item.version}"


def _is_known(request: Request, tag: str) -> bool:
    """A proxy that compresses makes a weak tag of it."""
    given: Iterable[str] = request.headers.get("if-none-match", "").split(",")
    return tag in {known.strip().removeprefix("W/") for known in given}


routes = [
    Route("/billboard/{camera}", billboard),
    Route("/billboard/{camera}/current.json", current_json),
    Route("/billboard/{camera}/current", current),
    Route("/billboard/{camera}/files/{name:path}", file),
]
