"""The history: what was pressed, seen, watched and spent; and the course of one watch."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.domain.costs import COLLECTED, REGION, SCREEN_MONTH, Estimate, estimate, month_of
from board.domain.errors import CloudError, CloudUnavailable
from board.domain.history import DAYS, DEFAULT_DAYS, Window, date_words, rows_of, since, zone_of
from board.domain.history_chart import charts_of
from board.domain.moods import MOODS
from board.domain.tally import OTHER, Tally, slot, total
from board.domain.watch_chart import chart_of
from board.domain.watched import Watch, read_watch, share_words
from board.history import History
from board.rollup import Rollup
from board.services import Services
from board.web.pages import page, services_of
from board.web.parameters import camera_in_path, camera_in_query, capture_id_in_path

PATIENCE_SECONDS = 0.1
"""For what is new; after that the page shows what is there, and comes back. A long read is not waited for."""
MAX_ZONE_CHARACTERS = 60
MAX_WATCHES = 200
LOOKS = {**MOODS, OTHER: "not clear"}


@dataclass(frozen=True)
class Wish:
    """`camera` None: all. `zone_name` is as it was asked for, and empty where nothing was."""

    camera: str | None
    days: int
    zone: ZoneInfo
    zone_name: str

    @property
    def zone_unknown(self) -> bool:
        return bool(self.zone_name) and self.zone.key != self.zone_name

    def query(self, **more: str) -> str:
        known = {"camera": self.camera, "days": str(self.days), "tz": self.zone_name, **more}
        return urlencode({name: value for name, value in known.items() if value})


def wish_of(request: Request) -> Wish:
    """Raises HTTPException."""
    query = request.query_params
    days = query.get("days") or str(DEFAULT_DAYS)
    if days not in map(str, DAYS):
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"days must be one of {', '.join(map(str, DAYS))}")
    name = query.get("tz", "")[:MAX_ZONE_CHARACTERS]
    camera = camera_in_query(request)
    return Wish(camera, int(days), (zone_of(name) if name else None) or ZoneInfo("UTC"), name)


def history_of(request: Request) -> History:
    kept: History = request.state.history
    return kept


async def history(request: Request) -> Response:
    services, wish, past = services_of(request), wish_of(request), history_of(request)
    now = services.now()
    window, cameras = Window(wish.days, wish.zone, now), (wish.camera,) if wish.camera else services.cameras
    begin, month = slot(window.begin), slot(month_of(now))
    presses = [past.presses[camera] for camera in cameras]
    watches = [past.watches[camera] for camera in cameras]
    await _look(past, [*presses, *watches], min(begin, month))
    rows = rows_of(window, [rollup.kept for rollup in presses])
    whole = total(row.tally for row in rows)
    shown = watches_since(watches, window.begin)
    return page(
        request,
        "history.html",
        wish=wish,
        days=DAYS,
        looks=LOOKS,
        window=window,
        rows=rows,
        whole=whole,
        by_camera=_by_camera(zip(cameras, presses, strict=True), begin) if len(cameras) > 1 else [],
        watches=shown[:MAX_WATCHES],
        watch_count=len(shown),
        estimate=_estimate(presses, watches, now),
        prices={"region": REGION, "collected": COLLECTED, "screen": SCREEN_MONTH * len(cameras)},
        charts=charts_of(rows, LOOKS),
        told=lambda at: told(at, wish.zone),
        share_words=share_words,
        **_state([*presses, *watches], min(begin, month)),
    )


async def watch(request: Request) -> Response:
    services, wish, past = services_of(request), wish_of(request), history_of(request)
    camera, capture_id = camera_in_path(request), capture_id_in_path(request)
    found = past.ended(camera, capture_id) or await _watch(services, camera, capture_id)
    now = services.now()
    began = found.started or now - timedelta(days=1)
    rollup = past.minutes(found)
    await _look(past, [rollup], slot(began))
    chart = chart_of(found, rollup.kept, wish.zone)
    return page(
        request,
        "watch.html",
        wish=wish,
        watch=found,
        chart=chart,
        courses=[course.values for course in chart.courses],
        expired=now - (found.ended or now) > timedelta(days=7),
        told=lambda at: told(at, wish.zone),
        share_words=share_words,
        **_state([rollup], slot(began)),
    )


async def _look(past: History, rollups: list[Rollup[Any]], since: str) -> None:
    long = any(rollup.records and not rollup.covers(since) for rollup in rollups)
    await past.refresher.look(rollups, since, 0 if long else PATIENCE_SECONDS)


async def _watch(services: Services, camera: str, capture_id: str) -> Watch:
    """Raises CloudError, HTTPException."""
    item = await asyncio.to_thread(services.watches.get, camera, capture_id)
    if item is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such watch. Its time was over, or it never was.")
    return read_watch(item)


def told(at: datetime | None, zone: ZoneInfo) -> str:
    """Such as `Sun 22 Nov, 18:45`."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{date_words(local)}, {local:%H:%M}"


def _state(rollups: list[Rollup[Any]], since: str) -> Mapping[str, Any]:
    """What a page says of how it came by its figures."""
    trouble: CloudError | None = next(filter(None, (rollup.trouble for rollup in rollups)), None)
    blind = trouble is not None and not any(rollup.records for rollup in rollups)
    return {
        "blind": blind,
        "reading": None if all(rollup.covers(since) for rollup in rollups) else sum(one.records for one in rollups),
        "trouble": trouble and str(trouble),
        "passing": isinstance(trouble, CloudUnavailable),
        "status": HTTPStatus.BAD_GATEWAY if blind else HTTPStatus.OK,
    }


def _by_camera(rollups: Iterable[tuple[str, Rollup[Tally]]], begin: str) -> list[tuple[str, int]]:
    """Presses of each that had any, the most first."""
    counted = [(camera, since(begin, [rollup.kept]).presses) for camera, rollup in rollups]
    return sorted((found for found in counted if found[1]), key=lambda found: -found[1])


def watches_since(rollups: Iterable[Rollup[Watch]], begin: datetime) -> list[Watch]:
    """Those that ran after `begin`, the newest first."""
    first = slot(begin)
    found = [
        watch
        for rollup in rollups
        for key, watch in rollup.kept.items()
        if watch.running or key >= first or (watch.ended and watch.ended >= begin)
    ]
    return sorted(found, key=lambda watch: watch.capture_id, reverse=True)


def _estimate(presses: list[Rollup[Tally]], watches: list[Rollup[Watch]], now: datetime) -> Estimate:
    month = slot(month_of(now))
    costs = [watch.cost for rollup in watches for key, watch in rollup.kept.items() if key >= month]
    return estimate(since(month, [rollup.kept for rollup in presses]), costs, now.astimezone(UTC))


routes = [Route("/history", history), Route("/history/watch/{camera}/{capture_id}", watch)]
