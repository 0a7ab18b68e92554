"""The history for spreadsheets, a piece at a time: ten thousand rows are not held together."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from itertools import chain

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from board.domain.history import Window, rows_of
from board.domain.item import Item
from board.domain.partitions import of_buckets
from board.domain.spreadsheet import (
    HOURS,
    PRESS_ATTRIBUTES,
    PRESSES,
    SAMPLE_ATTRIBUTES,
    SAMPLES,
    WATCHES,
    Cells,
    hour_rows,
    lines,
    press_rows,
    sample_rows,
    watch_rows,
)
from board.domain.tally import slot
from board.services import Services
from board.web.history import history_of, watches_since, wish_of
from board.web.pages import services_of

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it Excel takes UTF-8 for the language's old code page."""


async def download(request: Request) -> Response:
    """`?what=presses|hours|watches|samples`, and what /history takes; `samples` also of one `watch`."""
    services, wish, query = services_of(request), wish_of(request), request.query_params
    cameras = (wish.camera,) if wish.camera else services.cameras
    window = Window(wish.days, wish.zone, services.now())
    match what := query.get("what", "presses"):
        case "presses":
            pages = _pages(services, cameras, str, slot(window.begin), PRESS_ATTRIBUTES)
            return await _streamed(what, PRESSES, pages, lambda _camera, page: press_rows(page))
        case "samples":
            pages = _pages(services, cameras, of_buckets, slot(window.begin), SAMPLE_ATTRIBUTES)
            return await _streamed(what, SAMPLES, pages, partial(sample_rows, watch=query.get("watch") or None))
        case "hours":
            return _written(what, HOURS, await _hours(request, cameras, window))
        case "watches":
            return _written(what, WATCHES, await _watches(request, cameras, window))
        case _:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "what must be presses, hours, watches or samples")


def _pages(
    services: Services, cameras: Sequence[str], partition: Callable[[str], str], since: str, attributes: tuple[str, ...]
) -> Iterator[tuple[str, list[Item]]]:
    table = services.captures.table
    for camera in cameras:
        for page in table.pages(partition(camera), since, attributes=attributes):
            yield camera, page


async def _streamed(
    what: str,
    header: Sequence[str],
    pages: Iterator[tuple[str, list[Item]]],
    rows: Callable[[str, list[Item]], Iterable[Cells]],
) -> Response:
    # The first page is read before the answer begins, so that trouble with AWS is told as what it is.
    first = await asyncio.to_thread(next, pages, None)
    told = chain([] if first is None else [first], pages)
    body = chain([BYTE_ORDER_MARK + lines([header])], (lines(rows(camera, page)) for camera, page in told))
    return StreamingResponse(body, headers=_headers(what))


def _written(what: str, header: Sequence[str], rows: Iterable[Cells]) -> Response:
    return Response(BYTE_ORDER_MARK + lines([header, *rows]), headers=_headers(what))


async def _hours(request: Request, cameras: Sequence[str], window: Window) -> list[Cells]:
    past, hours = history_of(request), replace(window, hourly=True)
    rollups = {camera: past.presses[camera] for camera in cameras}
    await past.refresher.look_until_whole(rollups.values(), slot(window.begin))
    return [row for camera, rollup in rollups.items() for row in hour_rows(camera, rows_of(hours, [rollup.kept]))]


async def _watches(request: Request, cameras: Sequence[str], window: Window) -> list[Cells]:
    past = history_of(request)
    rollups = [past.watches[camera] for camera in cameras]
    await past.refresher.look_until_whole(rollups, slot(window.begin))
    return list(watch_rows(watches_since(rollups, window.begin), window.zone))


def _headers(what: str) -> dict[str, str]:
    return {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="history-{what}.csv"',
        "Cache-Control": "no-store",
    }


routes = [Route("/history.csv", download)]
