"""Photos and clips, handed through: an address that AWS signs would show them to whoever sees it."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from board.aws.photos import FOLDER, Opened, RangeNotSatisfiable
from board.domain.attributes import text
from board.domain.captures import is_shown
from board.domain.errors import CloudError
from board.domain.item import Item
from board.web.pages import services_of
from board.web.parameters import camera_in_path, capture_id_in_path

log = structlog.get_logger(__name__)

MOST_WAITING = 40
"""Threads. They are none of those that other pages and files are read in: a bucket may be silent for ten seconds."""

_ONE_RANGE = re.compile(r"bytes=(\d{1,15}-\d{0,15}|-\d{1,15})")
_NOT_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Medium:
    """`name` is how the record's attributes begin; `type` is what a browser is told, whatever S3 says."""

    name: str
    type: str
    ending: str


PHOTO, CLIP = Medium("image", "image/jpeg", "jpg"), Medium("video", "video/mp4", "mp4")


class Pieces(StreamingResponse):
    """What comes from S3, a piece at a time, read in threads; whoever leaves before its end frees the connection."""

    def __init__(self, opened: Opened, status: int, headers: Mapping[str, str], threads: CapacityLimiter) -> None:
        pieces = _read(opened.pieces, threads)
        super().__init__(pieces, status, {**headers, "Content-Length": str(opened.length)})
        self._close, self._threads = opened.close, threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            self.body_iterator = _read(iter([]), self._threads)
        try:
            await super().__call__(scope, receive, send)
        except CloudError as error:
            # Its beginning has been sent: all that can be done is to leave it short of its Content-Length.
            log.warning("a photo or clip broke off", action="media_broken_off", error=str(error))
        finally:
            self._close()


async def _read(pieces: Iterator[bytes], threads: CapacityLimiter) -> AsyncIterator[bytes]:
    while (piece := await to_thread.run_sync(next, pieces, None, limiter=threads)) is not None:
        yield piece


async def photo(request: Request) -> Response:
    return await _medium(request, PHOTO)


async def clip(request: Request) -> Response:
    return await _medium(request, CLIP)


async def _medium(request: Request, medium: Medium) -> Response:
    services, camera, capture_id = services_of(request), camera_in_path(request), capture_id_in_path(request)
    threads: CapacityLimiter = request.state.media_threads
    record = await to_thread.run_sync(services.captures.get, camera, capture_id, limiter=threads)
    key = _key(record, medium, services.settings.bucket_name)
    wished = request.headers.get("range", "")
    try:
        part = wished if _ONE_RANGE.fullmatch(wished) else None
        opened = await to_thread.run_sync(services.photos.open, key, part, limiter=threads)
    except RangeNotSatisfiable as error:
        raise HTTPException(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "It is not that long.") from error
    if opened is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            "It is not in the bucket, or the board may not read it there (s3:GetObject on captures/*).",
        )
    headers = _headers(request, medium)
    if opened.content_range is None:
        return Pieces(opened, HTTPStatus.OK, headers, threads)
    headers["Content-Range"] = opened.content_range
    return Pieces(opened, HTTPStatus.PARTIAL_CONTENT, headers, threads)


def _key(record: Item | None, medium: Medium, bucket: str) -> str:
    """Raises HTTPException."""
    if record is None or not is_shown(record):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    key, lies_in = text(record.get(f"{medium.name}_key")), text(record.get(f"{medium.name}_bucket")) or bucket
    if not key:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is none, or it is not stored yet.")
    if lies_in != bucket:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"It lies in the bucket {lies_in}; the board reads {bucket} alone (BUCKET_NAME)."
        )
    if not key.startswith(FOLDER):
        raise HTTPException(HTTPStatus.NOT_FOUND, f"It does not lie under {FOLDER}, and the board reads nothing else.")
    return key


def _headers(request: Request, medium: Medium) -> dict[str, str]:
    params = request.path_params
    name = _NOT_IN_FILE_NAME.sub("-", f"{params['camera']}-{params['capture_id']}")[:120]
    kept: dict[str, Any] = {
        "Content-Type": medium.type,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }
    if request.query_params.get("download"):
        kept["Content-Disposition"] = f'attachment; filename="{name}.{medium.ending}"'
    return kept


routes = [Route("/photos/{camera}/{capture_id}", photo), Route("/clips/{camera}/{capture_id}", clip)]
